import type postgres from "postgres";
import { z } from "zod";

const relationRow = z.object({
  name: z.string(),
  kind: z.enum(["table", "view"]),
  columns: z.array(z.string()),
  generatedColumns: z.array(z.string()),
  uuidColumns: z.array(z.string()),
  insertable: z.array(z.string()),
  updatable: z.array(z.string()),
  isReadable: z.boolean(),
  isDeletable: z.boolean(),
});

/** A table or view of the API's schema, with what `authenticated` may do with it. */
export type Relation = z.infer<typeof relationRow>;

const functionRow = z.object({
  name: z.string(),
  args: z.array(z.object({ name: z.string(), type: z.string(), hasDefault: z.boolean() })),
  isForUsers: z.boolean(),
  isForVisitors: z.boolean(),
});

/** A function of the API's schema with its arguments. */
export type ApiFunction = z.infer<typeof functionRow>;

const linkRow = z.object({ name: z.string(), from: z.string(), to: z.string() });

/** A foreign key between two tables of the API's schema. */
export type Link = z.infer<typeof linkRow>;

/**
 * Every table and view the API serves. A new one is in the tests without being named there.
 *
 * @param sql - the database as postgres
 * @returns the relations by name
 */
export async function listRelations(sql: postgres.Sql): Promise<Relation[]> {
  const rows = await sql`
    select
      c.relname as name,
      case c.relkind when 'v' then 'view' else 'table' end as kind,
      array_agg(a.attname::text order by a.attnum) as columns,
      coalesce(array_agg(a.attname::text) filter (where a.attgenerated <> ''), '{}') as "generatedColumns",
      coalesce(array_agg(a.attname::text order by a.attnum) filter (where a.atttypid = 'uuid'::regtype), '{}') as "uuidColumns",
      coalesce(array_agg(a.attname::text order by a.attnum)
        filter (where has_column_privilege('authenticated', c.oid, a.attnum, 'insert')), '{}') as insertable,
      coalesce(array_agg(a.attname::text order by a.attnum)
        filter (where has_column_privilege('authenticated', c.oid, a.attnum, 'update')), '{}') as updatable,
      has_table_privilege('authenticated', c.oid, 'select') as "isReadable",
      has_table_privilege('authenticated', c.oid, 'delete') as "isDeletable"
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
    group by c.oid
    order by c.relname
  `;
  return rows.map((row) => relationRow.parse(row));
}

/**
 * Every function the API serves.
 *
 * @param sql - the database as postgres
 * @returns the functions by name
 */
export async function listFunctions(sql: postgres.Sql): Promise<ApiFunction[]> {
  const rows = await sql`
    select
      p.proname as name,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'name', p.proargnames[i],
          'type', format_type(p.proargtypes[i - 1], null),
          'hasDefault', i > p.pronargs - p.pronargdefaults
        ) order by i)
        from generate_series(1, p.pronargs) as i
      ), '[]') as args,
      has_function_privilege('authenticated', p.oid, 'execute') as "isForUsers",
      has_function_privilege('anon', p.oid, 'execute') as "isForVisitors"
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
    order by p.proname
  `;
  return rows.map((row) => functionRow.parse(row));
}

/**
 * Every foreign key along which the API embeds.
 *
 * @param sql - the database as postgres
 * @returns the keys by name
 */
export async function listLinks(sql: postgres.Sql): Promise<Link[]> {
  const rows = await sql`
    select k.conname as name, c.relname as from, t.relname as to
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid and c.relnamespace = 'public'::regnamespace
    join pg_class t on t.oid = k.confrelid and t.relnamespace = 'public'::regnamespace
    where k.contype = 'f' and k.conparentid = 0
    order by k.conname
  `;
  return rows.map((row) => linkRow.parse(row));
}

/**
 * The column of a relation that says which tenant a row belongs to.
 *
 * @param relation - a relation
 * @returns its name, null for a relation without tenants
 */
export function tenantColumnOf(relation: Relation): string | null {
  if (relation.name === "tenants") return "id";
  return relation.columns.includes("tenant_id") ? "tenant_id" : null;
}
