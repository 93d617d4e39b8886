import { type Block, blocksAt, isStatementStart } from "./blocks.ts";
import { outerTokens } from "./conditions.ts";
import { closingBracket, type Token } from "./tokens.ts";

/**
 * What a condition decides: which rows (filter), which way (branch), whether to refuse (guard: what
 * follows is a raise), or a value.
 */
export type RegionRole = "filter" | "branch" | "guard" | "value";

/** A condition in a text. Places are indexes of tokens, the end excluded. */
export interface Region {
  readonly role: RegionRole;
  readonly from: number;
  readonly to: number;
}

const CLAUSES = new Set([
  "cross", "do", "except", "fetch", "for", "full", "group", "having", "inner", "intersect", "into", "join", "left",
  "limit", "loop", "natural", "offset", "on", "order", "returning", "right", "then", "union", "when", "where", "window",
]);
const VALUE_ENDS = new Set([...CLAUSES, "as", "else", "end", "filter", "from", "over", "using"]);
const CONDITION_WORDS = new Set(["and", "or", "not", "exists", "is", "in", "between", "like", "ilike"]);
const COMPARISONS = new Set(["=", "<>", "!=", "<", ">", "<=", ">=", "~", "~*", "!~", "!~*", "@>", "<@", "&&"]);

/**
 * Finds every condition of a query or a PL/pgSQL body.
 *
 * @param tokens - tokens of the text
 * @returns the conditions in the order they begin; those inside a condition's subquery come on their own
 */
export function findRegions(tokens: readonly Token[]): Region[] {
  const blocks = blocksAt(tokens);
  const assignments = findAssignments(tokens);
  const regions: Region[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    // Their equals signs name options and take diagnostics.
    if ((isWord(tokens, at, "raise") || isWord(tokens, at, "get")) && isStatementStart(tokens, at)) {
      at = endOfStatement(tokens, at);
      continue;
    }
    const role = roleAfter(tokens, at, blocks);
    if (role === undefined) {
      const region = valueAfter(tokens, at, assignments, blocks);
      if (region !== undefined) regions.push(region);
      continue;
    }
    const to = regionEnd(tokens, at + 1, CLAUSES);
    const refuses = role === "branch" && isWord(tokens, to, "then") && isWord(tokens, to + 1, "raise");
    if (to > at + 1) regions.push({ role: refuses ? "guard" : role, from: at + 1, to });
  }
  return regions;
}

function roleAfter(tokens: readonly Token[], at: number, blocks: readonly Block[]): "filter" | "branch" | undefined {
  const token = tokens[at];
  if (token?.kind !== "word") return undefined;
  switch (token.text) {
    case "where":
    case "having":
      return "filter";
    case "on":
      return isWord(tokens, at + 1, "conflict") || isWord(tokens, at + 1, "constraint") ? undefined : "filter";
    case "if":
      return isStatementStart(tokens, at) ? "branch" : undefined;
    case "elsif":
    case "while":
      return "branch";
    case "when":
      if (isWord(tokens, at - 1, "continue") || isWord(tokens, at - 1, "exit")) return "branch";
      return blocks[at] === "searched case" ? "branch" : undefined;
    default:
      return undefined;
  }
}

// An expression that is no condition by its place can be one by its look: an argument, a value to store, a result.
function valueAfter(
  tokens: readonly Token[], at: number, assignments: ReadonlySet<number>, blocks: readonly Block[],
): Region | undefined {
  const text = tokens[at]?.text ?? "";
  const isResult = (text === "then" || text === "else") && blocks[at]?.endsWith("case") === true;
  const begins = ["(", ",", ":=", "=>", "select", "return"].includes(text) || isResult || assignments.has(at);
  if (!begins || ["select", "with", "values"].includes(tokens[at + 1]?.text ?? "")) return undefined;
  const to = regionEnd(tokens, at + 1, VALUE_ENDS);
  // "set a = b" and "f(a => b)": the value begins further on.
  const outer = outerTokens(tokens, at + 1, to);
  const isNamed = outer.some((place) => assignments.has(place) || tokens[place]?.text === "=>");
  const isCondition = outer.some((place) => isConditionToken(tokens[place]));
  return isCondition && !isNamed ? { role: "value", from: at + 1, to } : undefined;
}

function isConditionToken(token: Token | undefined): boolean {
  if (token?.kind === "word") return CONDITION_WORDS.has(token.text);
  return token?.kind === "operator" && COMPARISONS.has(token.text);
}

function regionEnd(tokens: readonly Token[], from: number, enders: ReadonlySet<string>): number {
  let at = from;
  while (at < tokens.length) {
    const token = tokens[at];
    const text = token?.text ?? "";
    if (token?.kind === "operator") {
      if (text === ";" || text === ")" || text === "]") return at;
      if (text === "," && enders === VALUE_ENDS) return at;
      if (text === "(" || text === "[") {
        at = closingBracket(tokens, at) + 1;
        continue;
      }
    } else if (token?.kind === "word") {
      if (text === "case") {
        at = endOfCase(tokens, at) + 1;
        continue;
      }
      // left(...) is a function, and the "from" of "distinct from" belongs to the operator.
      const isCall = tokens[at + 1]?.text === "(" && (text === "left" || text === "right");
      const isOperator = text === "from" && isWord(tokens, at - 1, "distinct");
      if (enders.has(text) && !isCall && !isOperator) return at;
    }
    at += 1;
  }
  return at;
}

function endOfCase(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (isWord(tokens, at, "case")) depth += 1;
    if (isWord(tokens, at, "end")) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

function findAssignments(tokens: readonly Token[]): Set<number> {
  const places = new Set<number>();
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isWord(tokens, at, "set")) continue;
    for (let item = at + 1; item < tokens.length;) {
      const end = regionEnd(tokens, item, VALUE_ENDS);
      const equals = outerTokens(tokens, item, end).find((place) => tokens[place]?.text === "=");
      if (equals !== undefined) places.add(equals);
      if (tokens[end]?.text !== ",") break;
      item = end + 1;
    }
  }
  return places;
}

function endOfStatement(tokens: readonly Token[], from: number): number {
  const end = tokens.findIndex((token, at) => at > from && token.kind === "operator" && token.text === ";");
  return end === -1 ? tokens.length : end;
}

function isWord(tokens: readonly Token[], at: number, text: string): boolean {
  const token = tokens[at];
  return token?.kind === "word" && token.text === text;
}
