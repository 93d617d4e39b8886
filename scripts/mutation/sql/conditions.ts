import { nesting, type Token } from "./tokens.ts";

/** A condition taken apart at its ands and ors. Places are indexes of tokens, the end excluded. */
export interface Condition {
  readonly operator: "and" | "or" | "none";
  readonly from: number;
  readonly to: number;
  /** What the operator joins; empty for "none". */
  readonly parts: readonly Condition[];
}

/**
 * Takes a condition apart. Brackets around a whole are looked through; what stands inside `not (...)`,
 * a function call, a subquery or a `case` stays whole.
 *
 * @param tokens - tokens of the text
 * @param from - index of its first token
 * @param to - index after its last token
 * @returns the condition as a tree
 */
export function parseCondition(tokens: readonly Token[], from: number, to: number): Condition {
  if (isBracketed(tokens, from, to) && !isQuery(tokens[from + 1])) return parseCondition(tokens, from + 1, to - 1);
  for (const operator of ["or", "and"] as const) {
    const pieces = split(tokens, from, to, operator);
    if (pieces.length > 1) {
      const parts = pieces.map(([start, end]) => parseCondition(tokens, start, end));
      return { operator, from, to, parts };
    }
  }
  return { operator: "none", from, to, parts: [] };
}

/**
 * Walks over tokens that lie in no bracket and no `case ... end`.
 *
 * @param tokens - tokens of the text
 * @param from - where to begin
 * @param to - where to end (excluded)
 * @returns indexes of the tokens at the outer level
 */
export function outerTokens(tokens: readonly Token[], from: number, to: number): number[] {
  const places: number[] = [];
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const token = tokens[at];
    const step = nesting(token) || caseNesting(token);
    if (step < 0) depth += step;
    if (depth === 0) places.push(at);
    if (step > 0) depth += step;
  }
  return places;
}

/**
 * How a token changes the depth of `case ... end`, inside an expression.
 *
 * @param token - a token, or nothing
 * @returns 1 for case, -1 for end, else 0
 */
export function caseNesting(token: Token | undefined): -1 | 0 | 1 {
  if (token?.kind !== "word") return 0;
  if (token.text === "case") return 1;
  return token.text === "end" ? -1 : 0;
}

function isBracketed(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens[from]?.text === "(" && outerTokens(tokens, from, to).filter((at) => tokens[at]?.text !== ")").length === 1
    && tokens[to - 1]?.text === ")";
}

function isQuery(token: Token | undefined): boolean {
  return token?.kind === "word" && ["select", "values", "with"].includes(token.text);
}

function split(tokens: readonly Token[], from: number, to: number, operator: "and" | "or"): [number, number][] {
  const pieces: [number, number][] = [];
  let start = from;
  // The "and" of "between a and b" joins nothing.
  let isBetween = false;
  for (const at of outerTokens(tokens, from, to)) {
    const token = tokens[at];
    if (token?.kind !== "word") continue;
    if (token.text === "between") isBetween = true;
    else if (token.text === "and" && isBetween) isBetween = false;
    else if (token.text === operator) {
      pieces.push([start, at]);
      start = at + 1;
    }
  }
  pieces.push([start, to]);
  return pieces;
}
