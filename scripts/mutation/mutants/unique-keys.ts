import type postgres from "postgres";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { readRows } from "./names.ts";

const shape = z.object({
  relation: z.string(),
  name: z.string(),
  constraint: z.string().nullable(),
  is_primary: z.boolean(),
  is_needed: z.boolean(),
  definition: z.string().nullable(),
  columns: z.array(z.string()),
  condition: z.string().nullable(),
});

type UniqueKey = z.infer<typeof shape>;

// is_needed: a foreign key points at it, or inserts name it (on conflict): dropping it breaks those at once.
const QUERY = `
  select
    i.indrelid::regclass::text as relation,
    i.indexrelid::regclass::text as name,
    quote_ident(c.conname) as constraint,
    i.indisprimary as is_primary,
    exists (select from pg_constraint as f where f.conindid = i.indexrelid and f.contype = 'f') as is_needed,
    pg_get_constraintdef(c.oid) as definition,
    array(select coalesce(quote_ident(a.attname), pg_get_indexdef(i.indexrelid, k.place::integer, true))
      from unnest(i.indkey) with ordinality as k (attnum, place)
      left join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum <> 0
      where k.place <= i.indnkeyatts order by k.place) as columns,
    pg_get_expr(i.indpred, i.indrelid) as condition
  from pg_index as i
  join pg_class as r on r.oid = i.indrelid
  join pg_namespace as n on n.oid = r.relnamespace
  left join pg_constraint as c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
  where i.indisunique and not r.relispartition and n.nspname = any ($1)
  order by 1, 2`;

/**
 * Mutants of every unique key: without its first column, the tenant; dropped, unless a foreign key needs
 * it.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutateUniqueKeys(sql: postgres.Sql): Promise<Mutant[]> {
  const keys = await readRows(sql, shape, QUERY);
  return keys.flatMap((key) => [...withoutTenant(key), ...dropped(key), ...unchanged(key)]);
}

function make(key: UniqueKey, what: string, sql: string): Mutant {
  return {
    id: `unique key ${key.name}: ${what}`,
    kind: "unique key",
    subjects: [key.relation],
    sql,
    replaces: `index ${key.name}`,
  };
}

function withoutTenant(key: UniqueKey): Mutant[] {
  if (!(key.columns[0] ?? "").endsWith("tenant_id") || key.columns.length < 2) return [];
  // Beside the key and not instead of it: the narrower one implies it, and what points at it stays valid.
  const condition = key.condition === null ? "" : ` where ${key.condition}`;
  return [make(key, "without the tenant",
    `create unique index mutant_key on ${key.relation} (${key.columns.slice(1).join(", ")})${condition}`)];
}

function dropped(key: UniqueKey): Mutant[] {
  if (key.is_primary || key.is_needed) return [];
  const sql = key.constraint === null
    ? `drop index ${key.name}`
    : `alter table ${key.relation} drop constraint ${key.constraint}`;
  return [make(key, "dropped", sql)];
}

// Only a primary key can be made again: its index is the youngest of the table, and stays it.
function unchanged(key: UniqueKey): Mutant[] {
  if (!key.is_primary || key.is_needed) return [];
  const table = `alter table ${key.relation}`;
  const again = `${table} drop constraint ${key.constraint}; ${table} add constraint ${key.constraint} ${key.definition}`;
  return [{ ...make(key, "unchanged", again), isControl: true }];
}
