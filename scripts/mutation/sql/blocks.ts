import type { Token } from "./tokens.ts";

/** What a token of PL/pgSQL stands in: the innermost of what `end` closes. */
export type Block = "begin" | "if" | "loop" | "searched case" | "simple case" | "none";

/**
 * Tells for each token which block it stands in.
 *
 * @param tokens - tokens of a query or a PL/pgSQL body
 * @returns the innermost block of each token
 */
export function blocksAt(tokens: readonly Token[]): Block[] {
  const open: Block[] = [];
  return tokens.map((token, at) => {
    const inside = open.at(-1) ?? "none";
    if (token.kind !== "word" || isAfterEnd(tokens, at)) return inside;
    if (token.text === "case") open.push(tokens[at + 1]?.text === "when" ? "searched case" : "simple case");
    else if (token.text === "begin") open.push("begin");
    else if (token.text === "loop") open.push("loop");
    else if (token.text === "if" && isStatementStart(tokens, at)) open.push("if");
    else if (token.text === "end") open.pop();
    return inside;
  });
}

/**
 * Whether a statement of PL/pgSQL may begin at a token.
 *
 * @param tokens - tokens of the body
 * @param at - index of the token
 * @returns true after a semicolon, begin, then, else, loop, declare or a label, and at the very start
 */
export function isStatementStart(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return true;
  if (before.kind === "operator") return before.text === ";" || before.text === ">>";
  return before.kind === "word" && ["begin", "then", "else", "loop", "declare"].includes(before.text);
}

// "end if", "end loop" and "end case" name what they close.
function isAfterEnd(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before?.kind === "word" && before.text === "end" && ["if", "loop", "case"].includes(tokens[at]?.text ?? "");
}
