import type postgres from "postgres";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { isOurs, readRows } from "./names.ts";

const relationShape = z.object({ relation: z.string(), privilege: z.string(), role: z.string(), is_held: z.boolean() });
const columnShape = z.object({
  relation: z.string(),
  column: z.string(),
  verb: z.string(),
  role: z.string(),
  is_held: z.boolean(),
});

// The rights that exist are those of an owner. Everybody (public) stands for a grant without a name.
const RELATIONS = `
  select format('%I.%I', n.nspname, c.relname) as relation, lower(g.privilege_type) as privilege, r.role,
    has_table_privilege(r.role, c.oid, g.privilege_type) as is_held
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  cross join lateral aclexplode(acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) as g
  cross join unnest($2::text[]) as r (role)
  where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${isOurs("pg_class", "c.oid")}
  order by 1, 3, 2`;

// A column of a table on which the role holds nothing is less than the right on that table, which is tried.
const COLUMNS = `
  select format('%I.%I', n.nspname, c.relname) as relation, quote_ident(a.attname) as column, v.verb, r.role,
    has_column_privilege(r.role, c.oid, a.attnum, v.verb) as is_held
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  cross join unnest(array['select', 'insert', 'update']) as v (verb)
  cross join unnest($2::text[]) as r (role)
  where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'f') and ${isOurs("pg_class", "c.oid")}
    and (v.verb = 'select' or pg_relation_is_updatable(c.oid, true) <> 0)
    and has_any_column_privilege(r.role, c.oid, 'select, insert, update')
    -- Held for the whole table, it is no right on the column.
    and not has_table_privilege(r.role, c.oid, v.verb)
  order by 1, 4, 3, a.attnum`;

/**
 * Mutants of the rights on tables and views: each right that a role of the API lacks is granted.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function grantOnRelations(sql: postgres.Sql): Promise<Mutant[]> {
  const rights = await readRows(sql, relationShape, RELATIONS);
  return rights.map(({ relation, privilege, role, is_held }) =>
    make("grant on a relation", relation, `grant ${privilege} on ${relation} to ${role}`, role, privilege, is_held)
  );
}

/**
 * Mutants of the rights on columns: each column that a role of the API, holding other rights on the table,
 * may not read, insert or update is granted to it.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function grantOnColumns(sql: postgres.Sql): Promise<Mutant[]> {
  const rights = await readRows(sql, columnShape, COLUMNS);
  return rights.map(({ relation, column, verb, role, is_held }) =>
    make("grant on columns", relation, `grant ${verb} (${column}) on ${relation} to ${role}`, role, `${verb} columns`, is_held)
  );
}

// A right granted to whoever holds it changes nothing.
function make(kind: Mutant["kind"], relation: string, grant: string, role: string, right: string, isControl: boolean): Mutant {
  return { id: grant, kind, family: `${right} ${role}`, role, subjects: [relation], sql: grant, replaces: null, isControl };
}
