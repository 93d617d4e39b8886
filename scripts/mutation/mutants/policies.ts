import type postgres from "postgres";
import { z } from "zod";
import { weakenFilter } from "../sql/condition-edits.ts";
import { applyEdit, distinctEdits } from "../sql/edits.ts";
import { lowerRoles } from "../sql/roles.ts";
import { tokenize } from "../sql/tokens.ts";
import type { Mutant } from "./mutant.ts";
import { readRows } from "./names.ts";

const shape = z.object({
  relation: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  using: z.string().nullable(),
  check: z.string().nullable(),
});

type Policy = z.infer<typeof shape>;

const QUERY = `
  select
    format('%I.%I', n.nspname, c.relname) as relation,
    quote_ident(p.polname) as name,
    array(select r.rolname::text from pg_roles as r where r.oid = any (p.polroles)) as roles,
    pg_get_expr(p.polqual, p.polrelid) as using,
    pg_get_expr(p.polwithcheck, p.polrelid) as check
  from pg_policy as p
  join pg_class as c on c.oid = p.polrelid
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any ($1)
  order by 1, 2`;

/**
 * Mutants of every policy: dropped, either condition true as a whole or in one of its parts, its roles
 * lowered, given to everybody.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutatePolicies(sql: postgres.Sql): Promise<Mutant[]> {
  const policies = await readRows(sql, shape, QUERY);
  return policies.flatMap((policy) => [
    { ...make(policy, "unchanged", unchanged(policy)), isControl: true },
    make(policy, "dropped", `drop policy ${policy.name} on ${policy.relation}`),
    ...(policy.roles.includes("public") || policy.roles.length === 0
      ? []
      : [make(policy, `to public`, `alter policy ${policy.name} on ${policy.relation} to public`)]),
    ...mutateCondition(policy, "using", policy.using),
    ...mutateCondition(policy, "with check", policy.check),
  ]);
}

function unchanged({ relation, name, using, check }: Policy): string {
  const clauses = [using === null ? "" : `using (${using})`, check === null ? "" : `with check (${check})`];
  return `alter policy ${name} on ${relation} ${clauses.join(" ")}`;
}

function mutateCondition(policy: Policy, clause: "using" | "with check", condition: string | null): Mutant[] {
  if (condition === null) return [];
  const alter = (text: string): string => `alter policy ${policy.name} on ${policy.relation} ${clause} (${text})`;
  const source = { text: condition, tokens: tokenize(condition) };
  const parts = distinctEdits([
    ...weakenFilter(source, { role: "filter", from: 0, to: source.tokens.length }),
    ...lowerRoles(source, () => false),
  ]).filter((edit) => applyEdit(condition, edit).replace(/[()\s]/g, "") !== "true");
  return [
    make(policy, `${clause} -> true`, alter("true")),
    ...parts.map((edit) => make(policy, `${clause} ${edit.label}`, alter(applyEdit(condition, edit)))),
  ];
}

function make(policy: Policy, what: string, sql: string): Mutant {
  return {
    id: `policy ${policy.relation} ${policy.name}: ${what}`,
    kind: "policy",
    subjects: [policy.relation],
    sql,
    replaces: `policy ${policy.relation} ${policy.name}`,
  };
}
