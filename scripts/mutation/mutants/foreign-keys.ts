import type postgres from "postgres";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { readRows } from "./names.ts";

const shape = z.object({
  relation: z.string(),
  name: z.string(),
  target: z.string(),
  columns: z.array(z.string()),
  target_columns: z.array(z.string()),
  definition: z.string(),
  target_keys: z.array(z.string()),
});

type ForeignKey = z.infer<typeof shape>;

// target_keys: columns of the target that are unique by themselves.
const QUERY = `
  select
    c.conrelid::regclass::text as relation,
    quote_ident(c.conname) as name,
    c.confrelid::regclass::text as target,
    array(select quote_ident(a.attname) from unnest(c.conkey) with ordinality as k (attnum, place)
      join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.attnum order by k.place) as columns,
    array(select quote_ident(a.attname) from unnest(c.confkey) with ordinality as k (attnum, place)
      join pg_attribute as a on a.attrelid = c.confrelid and a.attnum = k.attnum order by k.place) as target_columns,
    pg_get_constraintdef(c.oid) as definition,
    array(select quote_ident(a.attname) from pg_index as i
      join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = c.confrelid and i.indisunique and i.indnkeyatts = 1 and i.indpred is null) as target_keys
  from pg_constraint as c
  join pg_class as r on r.oid = c.conrelid
  join pg_namespace as n on n.oid = r.relnamespace
  where c.contype = 'f' and c.conparentid = 0 and n.nspname = any ($1)
  order by 1, 2`;

/**
 * Mutants of every foreign key: dropped; its last columns alone, without the tenant before them; keeping
 * the rows that point at a deleted one from going.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutateForeignKeys(sql: postgres.Sql): Promise<Mutant[]> {
  const keys = await readRows(sql, shape, QUERY);
  return keys.flatMap((key) => [
    { ...make(key, "unchanged", `${drop(key)}; ${add(key, key.definition)}`), isControl: true },
    make(key, "dropped", drop(key)),
    ...withoutTenant(key),
    ...withoutAction(key),
  ]);
}

function make(key: ForeignKey, what: string, sql: string): Mutant {
  return {
    id: `foreign key ${key.name} of ${key.relation}: ${what}`,
    kind: "foreign key",
    subjects: [key.relation, key.target],
    sql,
    replaces: `constraint ${key.relation} ${key.name}`,
  };
}

function drop({ relation, name }: ForeignKey): string {
  return `alter table ${relation} drop constraint ${name}`;
}

function add({ relation, name }: ForeignKey, definition: string): string {
  return `alter table ${relation} add constraint ${name} ${definition}`;
}

function withoutTenant(key: ForeignKey): Mutant[] {
  if (key.columns.length < 2) return [];
  const [own, theirs] = [key.columns.slice(1).join(", "), key.target_columns.slice(1).join(", ")];
  const definition = key.definition
    .replace(/^FOREIGN KEY \([^)]*\)/, `FOREIGN KEY (${own})`)
    .replace(/ REFERENCES (\S+)\([^)]*\)/, ` REFERENCES $1(${theirs})`);
  // Row ids are unique over all tenants, so the key it needs can be made; a user's id is not.
  const unique = key.target_keys.includes(theirs) ? "" : `create unique index mutant_key on ${key.target} (${theirs}); `;
  return theirs === "id" ? [make(key, "without the tenant", `${unique}${drop(key)}; ${add(key, definition)}`)] : [];
}

function withoutAction(key: ForeignKey): Mutant[] {
  const action = / ON DELETE [A-Z]+(?: NULL| DEFAULT)?(?: \([^)]*\))?/.exec(key.definition)?.[0];
  if (action === undefined || action === " ON DELETE RESTRICT") return [];
  return [make(key, "no action on delete", `${drop(key)}; ${add(key, key.definition.replace(action, ""))}`)];
}
