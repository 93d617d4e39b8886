import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

const change = z.object({ data: z.instanceof(Buffer) });

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  // A line that must come out at the end of each stream: without it, a stream that was not read would look empty.
  await database.sql`create table public.canary (note text)`;
  await database.sql`create publication canary for table public.canary`;
});

/** What a subscriber of a publication is sent of a tenant's rows being written, changed and deleted. */
async function streamOf(publication: string, slug: string): Promise<{ tenant: string; sent: string }> {
  const { sql } = database;
  const slot = `attack_${process.pid}_${publication}`;
  // Temporary: gone with the connection, whatever happens to the test.
  await sql`select pg_create_logical_replication_slot(${slot}, 'pgoutput', true)`;
  const [row] = await sql<{ id: string }[]>`
    with person as (
      insert into auth.users (id, aud, role, email, created_at, updated_at)
      values (gen_random_uuid(), 'authenticated', 'authenticated', ${`${slug}@example.test`}, now(), now()) returning id
    )
    select id from person
  `;
  const [made] = await sql<{ id: string }[]>`
    with made as (insert into public.tenants (name, slug) values ('Streamed', ${slug}) returning id), owners as (
      insert into public.memberships (tenant_id, user_id, role) select made.id, ${
    row?.id ?? ""
  }::uuid, 'owner' from made
    )
    select id from made
  `;
  const tenant = made?.id ?? "";
  await sql`insert into public.conversations (tenant_id, title) values (${tenant}, 'Said')`;
  await sql`update public.conversations set title = 'Changed' where tenant_id = ${tenant}`;
  await sql`delete from public.conversations where tenant_id = ${tenant}`;
  await sql`update public.tenants set name = 'Renamed' where id = ${tenant}`;
  // Only what has been written to disk is in the stream.
  await sql`set synchronous_commit = on`;
  await sql`insert into public.canary (note) values ('The end.')`;
  const changes = await sql`
    select data from pg_logical_slot_get_binary_changes(
      ${slot}, null, null, 'proto_version', '1', 'publication_names', ${`${publication},canary`}
    )
  `;
  const sent = changes.map((item) => change.parse(item).data.toString("latin1")).join("\n");
  expect(sent).toContain("The end.");
  return { tenant, sent };
}

describe("S4 the stream of changes that Realtime reads", () => {
  it("S4 holds nothing of what happens to a tenant's rows", async () => {
    const { tenant, sent } = await streamOf("supabase_realtime", "unpublished");
    expect(sent).not.toContain(tenant);
    expect(sent).not.toMatch(/Said|Changed|Renamed|unpublished/);
  });

  it("S4 would hold the tenant's id even of deleted rows, were a table published", async () => {
    await database.sql`create publication planted for table public.conversations with (publish = 'delete')`;
    const { tenant, sent } = await streamOf("planted", "published");
    expect(sent).toContain(tenant);
    expect(sent).not.toContain("Said");
  });
});
