import type postgres from "postgres";
import { z } from "zod";

/**
 * Makes tenants, all with one owner.
 *
 * @param sql - the database
 * @param count - how many
 * @returns their ids, in their order
 */
export async function makeTenants(sql: postgres.Sql, count: number): Promise<readonly string[]> {
  const rows = await sql.begin(async (all) => {
    const [owner] = await all`
      insert into auth.users (id, email, aud, role)
      values (gen_random_uuid(), gen_random_uuid() || '@example.test', 'authenticated', 'authenticated')
      returning id
    `;
    return await all`
      with made as (
        insert into public.tenants (name, slug)
        select 'Tenant ' || n, 'tenant-' || replace(gen_random_uuid()::text, '-', '') from generate_series(1, ${count}) as n
        returning id
      ), members as (
        insert into public.memberships (tenant_id, user_id, role) select m.id, ${owner?.["id"]}, 'owner' from made as m
      )
      select m.id from made as m order by m.id
    `;
  });
  return z.array(z.object({ id: z.string() })).parse([...rows]).map(({ id }) => id);
}
