import type postgres from "postgres";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { isOurs, readRows } from "./names.ts";

const shape = z.object({
  name: z.string(),
  target: z.string(),
  is_definer: z.boolean(),
  has_search_path: z.boolean(),
});

const QUERY = `
  select
    format('%I.%I', n.nspname, p.proname) as name,
    format('%s %I.%I(%s)', case p.prokind when 'p' then 'procedure' else 'function' end, n.nspname, p.proname,
      pg_get_function_identity_arguments(p.oid)) as target,
    p.prosecdef as is_definer,
    exists (select from unnest(p.proconfig) as s where s like 'search_path=%') as has_search_path
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  where n.nspname = any ($1) and p.prokind in ('f', 'p') and ${isOurs("pg_proc", "p.oid")}
  order by 2`;

/**
 * Mutants of what a function runs with: its owner's rights become the caller's and the other way round;
 * its search path becomes the caller's.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutateFunctionSettings(sql: postgres.Sql): Promise<Mutant[]> {
  const functions = await readRows(sql, shape, QUERY);
  return functions.flatMap(({ name, target, is_definer, has_search_path }) => {
    const rights = is_definer ? "invoker" : "definer";
    const make = (what: string, change: string): Mutant => ({
      id: `${target}: ${what}`,
      kind: "function: rights",
      family: `function ${what}`,
      subjects: [name],
      sql: `alter ${target} ${change}`,
      replaces: `${target} ${what}`,
    });
    return [
      { ...make("unchanged", `security ${is_definer ? "definer" : "invoker"}`), isControl: true },
      make(`security ${rights}`, `security ${rights}`),
      ...(has_search_path ? [make("search path of the caller", "reset search_path")] : []),
    ];
  });
}
