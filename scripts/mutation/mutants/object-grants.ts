import type postgres from "postgres";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { isOurs, readRows } from "./names.ts";

const functionShape = z.object({ name: z.string(), target: z.string(), role: z.string(), is_held: z.boolean() });
const schemaShape = z.object({ name: z.string(), privilege: z.string(), role: z.string(), is_held: z.boolean() });
const defaultShape = z.object({ owner: z.string(), schema: z.string().nullable() });

// Everybody is a role called public here.
const FUNCTIONS = `
  select format('%I.%I', n.nspname, p.proname) as name,
    format('%s %I.%I(%s)', case p.prokind when 'p' then 'procedure' else 'function' end, n.nspname, p.proname,
      pg_get_function_identity_arguments(p.oid)) as target,
    r.role, has_function_privilege(r.role, p.oid, 'execute') as is_held
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  cross join unnest($2::text[] || 'public'::text) as r (role)
  where n.nspname = any ($1) and ${isOurs("pg_proc", "p.oid")}
  order by 2, 3`;

const SCHEMAS = `
  select quote_ident(n.nspname) as name, v.privilege, r.role, has_schema_privilege(r.role, n.oid, v.privilege) as is_held
  from pg_namespace as n
  cross join unnest(array['usage', 'create']) as v (privilege)
  cross join unnest($2::text[] || 'public'::text) as r (role)
  where n.nspname = any ($1)
  order by 1, 3, 2`;

const DEFAULTS = `
  select d.defaclrole::regrole::text as owner, d.defaclnamespace::regnamespace::text as schema
  from pg_default_acl as d
  where d.defaclobjtype = 'f' and d.defaclnamespace = 0
    and not exists (select from aclexplode(d.defaclacl) as g where g.grantee = 0)`;

/**
 * Mutants of the rights on functions: each that a role of the API may not execute is granted to it, and
 * to everybody.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function grantOnFunctions(sql: postgres.Sql): Promise<Mutant[]> {
  const functions = await readRows(sql, functionShape, FUNCTIONS);
  return functions.map(({ name, target, role, is_held }) =>
    ({ ...make("grant on a function", name, `grant execute on ${target} to ${role}`, is_held), family: `execute ${role}` })
  );
}

/**
 * Mutants of the rights on schemas, and of what functions made later are given.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function grantOnSchemas(sql: postgres.Sql): Promise<Mutant[]> {
  const schemas = await readRows(sql, schemaShape, SCHEMAS);
  const defaults = await readRows(sql, defaultShape, DEFAULTS);
  return [
    ...schemas.map(({ name, privilege, role, is_held }) =>
      make("grant on a schema", name, `grant ${privilege} on schema ${name} to ${role}`, is_held)
    ),
    ...defaults.map(({ owner }) =>
      make("grant on a schema", owner, `alter default privileges for role ${owner} grant execute on functions to public`, false)
    ),
  ];
}

// A right granted to whoever holds it changes nothing.
function make(kind: Mutant["kind"], subject: string, grant: string, isControl: boolean): Mutant {
  return { id: grant, kind, subjects: [subject], sql: grant, replaces: null, isControl };
}
