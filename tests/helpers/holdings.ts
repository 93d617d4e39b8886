import type postgres from "postgres";
import { z } from "zod";

const tableRow = z.object({ name: z.string(), column: z.string() });
const textRow = z.object({ text: z.string() });
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** All that the database holds of one tenant, whatever the table. */
export interface Holdings {
  /** Rows as text, by table. Equal texts: not a bit was changed. */
  readonly rows: Readonly<Record<string, string>>;
  /** Every uuid in those rows. */
  readonly ids: ReadonlySet<string>;
}

/**
 * Reads all that the database holds of a tenant, in every table that has tenants, public or private.
 *
 * @param sql - the database as postgres
 * @param tenant - the tenant
 * @returns its rows
 */
export async function readHoldings(sql: postgres.Sql, tenant: string): Promise<Holdings> {
  const tables = await sql`
    select c.oid::regclass::text as name, a.attname as column
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and a.attname = case when c.oid = 'public.tenants'::regclass then 'id' else 'tenant_id' end
    where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
      and c.relkind in ('r', 'p')
      and not c.relispartition
    order by 1
  `;
  const rows: Record<string, string> = {};
  for (const table of tables.map((row) => tableRow.parse(row))) {
    const [row] = await sql`
      select coalesce(string_agg(t::text, e'\n' order by t::text), '') as text
      from ${sql(table.name)} as t
      where ${sql(table.column)} = ${tenant}
    `;
    rows[table.name] = textRow.parse(row).text;
  }
  return { rows, ids: uuidsIn(Object.values(rows).join("\n")) };
}

/**
 * Every uuid in a text.
 *
 * @param text - any text, such as the body of an answer
 * @returns the uuids
 */
export function uuidsIn(text: string): Set<string> {
  return new Set(text.match(UUID) ?? []);
}
