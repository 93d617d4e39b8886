import type postgres from "postgres";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { readRows } from "./names.ts";

const shape = z.object({ relation: z.string(), name: z.string(), definition: z.string() });

const QUERY = `
  select c.conrelid::regclass::text as relation, quote_ident(c.conname) as name,
    pg_get_constraintdef(c.oid) as definition
  from pg_constraint as c
  join pg_class as r on r.oid = c.conrelid
  join pg_namespace as n on n.oid = r.relnamespace
  where c.contype = 'c' and not r.relispartition and n.nspname = any ($1)
  order by 1, 2`;

/**
 * Mutants of every check: dropped.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function dropChecks(sql: postgres.Sql): Promise<Mutant[]> {
  const checks = await readRows(sql, shape, QUERY);
  return checks.flatMap(({ relation, name, definition }) => {
    const drop = `alter table ${relation} drop constraint ${name}`;
    const make = (what: string, sql: string): Mutant => ({
      id: `check ${name} of ${relation}: ${what}`,
      kind: "check",
      subjects: [relation],
      sql,
      replaces: `constraint ${relation} ${name}`,
    });
    const again = `${drop}; alter table ${relation} add constraint ${name} ${definition}`;
    return [make("dropped", drop), { ...make("unchanged", again), isControl: true }];
  });
}
