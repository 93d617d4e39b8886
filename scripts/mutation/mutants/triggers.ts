import type postgres from "postgres";
import { z } from "zod";
import { spoilDecision } from "../sql/condition-edits.ts";
import { applyEdit, distinctEdits, type Edit } from "../sql/edits.ts";
import { closingBracket, tokenize } from "../sql/tokens.ts";
import type { Mutant } from "./mutant.ts";
import { readRows } from "./names.ts";

const shape = z.object({
  relation: z.string(),
  name: z.string(),
  runs: z.string(),
  definition: z.string(),
  is_on_ours: z.boolean(),
});

type Trigger = z.infer<typeof shape>;

// Triggers of a partition that come from its table go with that one.
const QUERY = `
  select
    format('%I.%I', n.nspname, c.relname) as relation,
    quote_ident(t.tgname) as name,
    format('%I.%I', m.nspname, p.proname) as runs,
    pg_get_triggerdef(t.oid) as definition,
    n.nspname = any ($1) as is_on_ours
  from pg_trigger as t
  join pg_class as c on c.oid = t.tgrelid
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_proc as p on p.oid = t.tgfoid
  join pg_namespace as m on m.oid = p.pronamespace
  where not t.tgisinternal and t.tgparentid = 0 and (n.nspname = any ($1) or m.nspname = any ($1))
  order by 1, 2`;

/**
 * Mutants of every trigger, on tables of others too: dropped, one event left out, its condition left out
 * or spoiled.
 *
 * @param sql - connection to the migrated database
 * @returns the mutants
 */
export async function mutateTriggers(sql: postgres.Sql): Promise<Mutant[]> {
  const triggers = await readRows(sql, shape, QUERY);
  return triggers.flatMap((trigger) => {
    const drop = `drop trigger ${trigger.name} on ${trigger.relation}`;
    return [
      { ...make(trigger, "unchanged", `${drop}; ${trigger.definition}`), isControl: true },
      make(trigger, "dropped", drop),
      ...[...withoutEvent(trigger.definition), ...withoutCondition(trigger.definition)].map(([what, definition]) =>
        make(trigger, what, `${drop}; ${definition}`)
      ),
    ];
  });
}

function make({ relation, name, runs, is_on_ours }: Trigger, what: string, sql: string): Mutant {
  return {
    id: `trigger ${name} on ${relation}: ${what}`,
    kind: "trigger",
    subjects: [relation, runs],
    sql,
    replaces: `trigger ${name} on ${relation}`,
    needsSuperuser: !is_on_ours,
  };
}

function withoutEvent(definition: string): [string, string][] {
  const [, head, events, rest] = /^([\s\S]*? (?:BEFORE|AFTER|INSTEAD OF)) ([\s\S]*?)( ON [\s\S]*)$/.exec(definition) ?? [];
  const list = events?.split(" OR ") ?? [];
  if (list.length < 2) return [];
  return list.map((left) => [
    `not on ${left.toLowerCase()}`,
    `${head} ${list.filter((event) => event !== left).join(" OR ")}${rest}`,
  ]);
}

function withoutCondition(definition: string): [string, string][] {
  const tokens = tokenize(definition);
  const when = tokens.findIndex(({ kind, text }) => kind === "word" && text === "when");
  const first = tokens[when];
  const to = closingBracket(tokens, when + 1);
  const last = tokens[to];
  if (first === undefined || last === undefined) return [];
  const source = { text: definition, tokens };
  const edits = distinctEdits(spoilDecision(source, { role: "branch", from: when + 1, to: to + 1 }));
  return [
    ["condition left out", definition.slice(0, first.start) + definition.slice(last.end)],
    ...edits.filter(isPart).map((edit): [string, string] => [edit.label, applyEdit(definition, edit)]),
  ];
}

// All of it false is the trigger dropped, all of it true the condition left out.
function isPart(edit: Edit, _: number, edits: readonly Edit[]): boolean {
  return edits.some(({ start, end }) => start < edit.start || end > edit.end);
}
