import { isStatementStart } from "./blocks.ts";
import { spoilDecision, type Source, weakenFilter } from "./condition-edits.ts";
import { type Edit, excerpt } from "./edits.ts";
import { findRegions } from "./regions.ts";
import { closingBracket, nesting, type Token } from "./tokens.ts";

/**
 * The ways to spoil the conditions of a query or a PL/pgSQL body.
 *
 * @param source - the text
 * @returns one replacement for each
 */
export function spoilConditions(source: Source): Edit[] {
  return findRegions(source.tokens).flatMap((region) =>
    region.role === "filter" ? weakenFilter(source, region) : spoilDecision(source, region)
  );
}

/**
 * The ways to disable what refuses: only the conditions of an `if` that raises.
 *
 * @param source - the text
 * @returns one replacement for each
 */
export function disableGuards(source: Source): Edit[] {
  return findRegions(source.tokens).filter(({ role }) => role === "guard").flatMap((region) => spoilDecision(source, region));
}

/**
 * The ways to leave out a step: each statement that calls something for its effect, writes rows, or
 * only takes a lock (that one is a lock's removal, see removeLocks) becomes `null`.
 *
 * @param source - a PL/pgSQL body
 * @returns one replacement for each
 */
export function removeStatements(source: Source): Edit[] {
  return statements(source.tokens).flatMap(([from, to]) => {
    const isStep = ["perform", "insert", "update", "delete", "call"].includes(source.tokens[from]?.text ?? "");
    const isLock = source.tokens[from]?.text === "perform" && findLocks(source.tokens, from, to).length > 0;
    return isStep && !isLock ? [replace(source, from, to, "null", "left out")] : [];
  });
}

/**
 * The ways to leave out a row lock: `for update`, `for no key update`, `for share`, `for key share`.
 *
 * @param source - a query or a PL/pgSQL body
 * @returns one replacement for each
 */
export function removeLocks(source: Source): Edit[] {
  return findLocks(source.tokens, 0, source.tokens.length).map(([from, to]) => {
    const label = `lock "${textOf(source, from, to)}" on ${tableBefore(source.tokens, from)} left out`;
    return { ...replace(source, from, to, "", "left out"), label };
  });
}

/**
 * The ways to leave out a guard whose answer is used: its call becomes what it would answer to whoever
 * passes it.
 *
 * @param source - a PL/pgSQL body
 * @param answer - the expression for a call: gets the guard's name and the texts of its arguments; nothing
 *   when the name is no guard's
 * @returns one replacement for each
 */
export function bypassGuards(
  source: Source, answer: (name: string, inputs: readonly string[]) => string | undefined,
): Edit[] {
  return calls(source.tokens).flatMap(({ name, from, open, close }) => {
    if (source.tokens[from - 1]?.text === "perform") return [];
    const instead = answer(name, inputsOf(source, open, close));
    if (instead === undefined) return [];
    return [{ ...replace(source, from, close + 1, instead, "bypassed"), label: `${name}(...) bypassed` }];
  });
}

/**
 * Whether a token stands among the arguments of a call, outside of any call within.
 *
 * @param tokens - tokens of the body
 * @param at - index of the token
 * @param names - qualified names of functions
 * @returns true for an argument of one of them
 */
export function isArgumentOf(tokens: readonly Token[], at: number, names: ReadonlySet<string>): boolean {
  const around = calls(tokens).filter(({ open, close }) => open < at && at < close);
  return names.has(around.at(-1)?.name ?? "");
}

interface Call {
  readonly name: string;
  readonly from: number;
  readonly open: number;
  readonly close: number;
}

function calls(tokens: readonly Token[]): Call[] {
  return tokens.flatMap((token, at) => {
    if (token.kind !== "word" || tokens[at + 1]?.text !== "." || tokens[at + 3]?.text !== "(") return [];
    const name = `${token.text}.${tokens[at + 2]?.text ?? ""}`;
    return [{ name, from: at, open: at + 3, close: closingBracket(tokens, at + 3) }];
  });
}

function inputsOf(source: Source, open: number, close: number): string[] {
  const inputs: string[] = [];
  let from = open + 1;
  for (let at = from; at <= close; at += 1) {
    const text = source.tokens[at]?.text;
    if (text === "(" || text === "[") at = closingBracket(source.tokens, at);
    else if (text === "," || at === close) {
      if (at > from) inputs.push(textOf(source, from, at));
      from = at + 1;
    }
  }
  return inputs;
}

function statements(tokens: readonly Token[]): [number, number][] {
  return tokens.flatMap((token, at) => {
    if (token.kind !== "word" || !isStatementStart(tokens, at)) return [];
    const end = tokens.findIndex(({ text }, place) => place > at && text === ";");
    return end === -1 ? [] : [[at, end]];
  });
}

function findLocks(tokens: readonly Token[], from: number, to: number): [number, number][] {
  const locks: [number, number][] = [];
  for (let at = from; at < to; at += 1) {
    const words = tokens.slice(at, at + 4).map(({ text }) => text);
    const length = words[0] !== "for" ? 0
      : words[1] === "update" || words[1] === "share" ? 2
      : words[1] === "key" && words[2] === "share" ? 3
      : words[1] === "no" && words[2] === "key" && words[3] === "update" ? 4
      : 0;
    if (length === 0) continue;
    let end = at + length;
    if (tokens[end]?.text === "of") end += 2;
    if (tokens[end]?.text === "nowait") end += 1;
    if (tokens[end]?.text === "skip") end += 2;
    locks.push([at, end]);
    at = end;
  }
  return locks;
}

// The first table of the query that a lock closes.
function tableBefore(tokens: readonly Token[], lock: number): string {
  let depth = 0;
  for (let at = lock - 1; at >= 0; at -= 1) {
    depth += nesting(tokens[at]);
    if (depth === 0 && tokens[at]?.text === "from") {
      const words = tokens.slice(at + 1, at + 4).map(({ text }) => text);
      return words[1] === "." ? words.join("") : words[0] ?? "";
    }
  }
  return "";
}

function replace(source: Source, from: number, to: number, text: string, what: string): Edit {
  const start = source.tokens[from]?.start ?? source.text.length;
  const end = source.tokens[to - 1]?.end ?? source.text.length;
  return { start, end, text, label: `"${excerpt(source.text.slice(start, end))}" ${what}` };
}

function textOf({ text, tokens }: Source, from: number, to: number): string {
  return text.slice(tokens[from]?.start ?? text.length, tokens[to - 1]?.end ?? text.length);
}
