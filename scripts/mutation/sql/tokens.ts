// SQL and PL/pgSQL as PostgreSQL's lexer sees them. Comments are no tokens; a quote of any kind is one.

const WHITE_SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n]*/y;
const ESCAPE_STRING = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y;
const STRING = /(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'/y;
const QUOTED_NAME = /"(?:[^"]|"")*"/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\d_]*(?:\.(?!\.)\d*)?(?:[eE][+-]?\d+)?/y;
const OPERATOR = /:=|::|=>|\.\.|[-+*/<>=~!@#%^&|`?]+|[\s\S]/y;

/** A piece of SQL that means something. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "number" | "operator";
  /** As it stands; words in lower case. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Splits SQL into tokens.
 *
 * @param sql - any text
 * @returns its tokens with their places; comments and white space are left out
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const hidden = endOfHidden(sql, at);
    if (hidden > at) {
      at = hidden;
      continue;
    }
    const [kind, end] = next(sql, at);
    const text = sql.slice(at, end);
    tokens.push({ kind, text: kind === "word" ? text.toLowerCase() : text, start: at, end });
    at = end;
  }
  return tokens;
}

/**
 * The place of the bracket that closes the one at a place.
 *
 * @param tokens - tokens of a text
 * @param open - index of "(" or "["
 * @returns index of its partner; the number of tokens when there is none
 */
export function closingBracket(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    depth += nesting(tokens[at]);
    if (depth === 0) return at;
  }
  return tokens.length;
}

/**
 * How a token changes the depth of brackets.
 *
 * @param token - a token, or nothing
 * @returns 1 for an opening bracket, -1 for a closing one, else 0
 */
export function nesting(token: Token | undefined): -1 | 0 | 1 {
  if (token?.kind !== "operator") return 0;
  if (token.text === "(" || token.text === "[") return 1;
  return token.text === ")" || token.text === "]" ? -1 : 0;
}

function endOfHidden(sql: string, at: number): number {
  if (sql.startsWith("/*", at)) return endOfBlockComment(sql, at);
  return ends(WHITE_SPACE, sql, at) ?? ends(LINE_COMMENT, sql, at) ?? at;
}

function next(sql: string, at: number): [Token["kind"], number] {
  const string = ends(ESCAPE_STRING, sql, at) ?? ends(STRING, sql, at) ?? endOfDollarQuote(sql, at);
  if (string !== undefined) return ["string", string];
  const name = ends(QUOTED_NAME, sql, at);
  if (name !== undefined) return ["name", name];
  const word = ends(WORD, sql, at);
  if (word !== undefined) return ["word", word];
  const number = ends(NUMBER, sql, at);
  if (number !== undefined) return ["number", number];
  return ["operator", ends(OPERATOR, sql, at) ?? at + 1];
}

function endOfDollarQuote(sql: string, at: number): number | undefined {
  const open = ends(DOLLAR_TAG, sql, at);
  if (open === undefined) return undefined;
  const tag = sql.slice(at, open);
  const close = sql.indexOf(tag, open);
  return close === -1 ? sql.length : close + tag.length;
}

function endOfBlockComment(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

function ends(pattern: RegExp, sql: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : undefined;
}
