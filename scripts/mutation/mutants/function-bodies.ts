import type postgres from "postgres";
import { z } from "zod";
import { bypassGuards, disableGuards, isArgumentOf, removeLocks, removeStatements, spoilConditions } from "../sql/body-edits.ts";
import type { Source } from "../sql/condition-edits.ts";
import { applyEdit, distinctEdits, type Edit } from "../sql/edits.ts";
import { lowerRoles, ROLES } from "../sql/roles.ts";
import { tokenize } from "../sql/tokens.ts";
import type { Mutant, MutantKind } from "./mutant.ts";
import { isOurs, readRows } from "./names.ts";

const functionShape = z.object({
  name: z.string(),
  inputs: z.string(),
  input_names: z.array(z.string()),
  returns: z.string(),
  returned_columns: z.array(z.string()),
  relations: z.array(z.string()),
  is_operations: z.boolean(),
  is_overloaded: z.boolean(),
  definition: z.string(),
  body: z.string(),
});

type HouseFunction = z.infer<typeof functionShape>;

const QUERY = `
  select
    format('%I.%I', n.nspname, p.proname) as name,
    pg_get_function_identity_arguments(p.oid) as inputs,
    coalesce(p.proargnames, '{}') as input_names,
    coalesce(nullif(t.typrelid, 0)::regclass::text, format_type(p.prorettype, null)) as returns,
    array(select a.attname::text from pg_attribute as a
      where a.attrelid = t.typrelid and t.typrelid <> 0 and a.attnum > 0 and not a.attisdropped) as returned_columns,
    array(select distinct format('%I.%I', m.nspname, c.relname) from pg_trigger as g
      join pg_class as c on c.oid = g.tgrelid join pg_namespace as m on m.oid = c.relnamespace
      where g.tgfoid = p.oid and not g.tgisinternal and not c.relispartition) as relations,
    n.nspname = 'ops' as is_operations,
    count(*) over (partition by p.pronamespace, p.proname) > 1 as is_overloaded,
    pg_get_functiondef(p.oid) as definition,
    p.prosrc as body
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  join pg_type as t on t.oid = p.prorettype
  join pg_language as l on l.oid = p.prolang
  where n.nspname = any ($1) and p.prokind in ('f', 'p') and l.lanname in ('plpgsql', 'sql')
    and ${isOurs("pg_proc", "p.oid")}
  order by 1, 2`;

/**
 * Mutants of functions and procedures: conditions spoiled, steps and locks left out, guards bypassed,
 * asked roles lowered.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutateFunctionBodies(sql: postgres.Sql): Promise<Mutant[]> {
  const functions = await readRows(sql, functionShape, QUERY);
  const byName = new Map(functions.map((found) => [found.name, found]));
  const asksRole = new Set(
    functions.filter(({ input_names }) => input_names.includes("lowest_role")).map(({ name }) => name),
  );
  const answer = (name: string, inputs: readonly string[]): string | undefined => {
    const guard = byName.get(name);
    return guard === undefined || !/\.require_/.test(name) ? undefined : answerOf(guard, inputs);
  };
  return functions.flatMap((found) => {
    const source = { text: found.body, tokens: tokenize(found.body) };
    // Whoever gets into a function of ops sees the whole database: what it counts and lists is no wall, what refuses is.
    const isWall = ({ label }: Edit): boolean => !found.is_operations || /\.require_/.test(label);
    const groups: [MutantKind, Edit[]][] = [
      ["function: condition", found.is_operations ? disableGuards(source) : spoilConditions(source)],
      ["function: step", [...removeStatements(source).filter(isWall), ...bypassGuards(source, answer)]],
      ["function: role", lowerRoles(source, (at) => isArgumentOf(source.tokens, at, asksRole))],
      ["function: lock", removeLocks(source)],
    ];
    const nothing = { start: 0, end: 0, text: "", label: "unchanged" };
    const control = { ...toMutant(found, source, "function: condition", nothing), isControl: true };
    return [control, ...groups.flatMap(([kind, edits]) => distinctEdits(edits).map((edit) => toMutant(found, source, kind, edit)))];
  });
}

function toMutant(found: HouseFunction, source: Source, kind: MutantKind, edit: Edit): Mutant {
  const name = found.is_overloaded ? `${found.name}(${found.inputs})` : found.name;
  // A dollar sign in the body must not be read as a pattern of the replacement.
  return {
    id: `function ${name}: ${edit.label}`,
    kind,
    subjects: [found.name, ...found.relations],
    sql: found.definition.replace(source.text, () => applyEdit(source.text, edit)),
    replaces: `function ${found.name}(${found.inputs})`,
  };
}

// What a guard answers to somebody it lets through.
function answerOf(guard: HouseFunction, inputs: readonly string[]): string | undefined {
  if (guard.returns === "uuid") return "auth.uid()";
  if (guard.returns === "smallint") return `${ROLES.length}::smallint`;
  if (guard.returned_columns.length === 0) return undefined;
  const terms = inputs.flatMap((input, place) => {
    const name = guard.input_names[place] ?? "";
    return guard.returned_columns.includes(name) ? [`t.${name} = (${input})`] : [];
  });
  return `(select t from ${guard.returns} as t where ${terms.join(" and ")})`;
}
