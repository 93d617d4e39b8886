import type postgres from "postgres";
import { z } from "zod";
import type { Mutant } from "./mutant.ts";
import { isOurs, readRows } from "./names.ts";

const shape = z.object({ name: z.string(), has_row_security: z.boolean() });

const QUERY = `
  select format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity as has_row_security
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any ($1) and c.relkind in ('r', 'p') and ${isOurs("pg_class", "c.oid")}
  order by 1`;

/**
 * Mutants of row level security: switched off for each table, and opened by a policy more, verb by verb.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutateRowSecurity(sql: postgres.Sql): Promise<Mutant[]> {
  const tables = await readRows(sql, shape, QUERY);
  return tables.flatMap(({ name, has_row_security }) => [
    ...(has_row_security ? [switched(name, "disable"), { ...switched(name, "enable"), isControl: true }] : []),
    ...["select", "insert", "update", "delete"].map((verb) => {
      const clauses = [...(verb === "insert" ? [] : ["using (true)"]), ...(/sert|update/.test(verb) ? ["with check (true)"] : [])];
      const open = `create policy mutant_${verb} on ${name} for ${verb} to authenticated ${clauses.join(" ")}`;
      return make(name, `open policy for ${verb}`, open, null);
    }),
  ]);
}

function switched(name: string, to: "enable" | "disable"): Mutant {
  return make(name, `row security ${to}d`, `alter table ${name} ${to} row level security`, `row security ${name}`);
}

function make(name: string, what: string, sql: string, replaces: string | null): Mutant {
  return { id: `table ${name}: ${what}`, kind: "row security", subjects: [name], sql, replaces };
}
