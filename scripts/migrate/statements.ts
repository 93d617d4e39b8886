// Where a statement ends, as PostgreSQL's lexer sees it. Comments, all kinds of quotes and the body
// of `begin atomic ... end` hide semicolons.

const LINE_COMMENT = /--[^\n]*/y;
const STRING = /'(?:[^']|'')*'/y;
const ESCAPE_STRING = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y;
const QUOTED_NAME = /"(?:[^"]|"")*"/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
// Digits and dollars belong to a word, so that `a$b$` opens no dollar quote.
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;

/** A statement and where it begins. */
export interface Statement {
  /** Without the semicolon and surrounding white space; with the comments before it. */
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly start: number;
}

/**
 * Splits a file into statements the way the Supabase CLI records them in its history: trimmed,
 * without the semicolon, comments kept with the statement they stand before, empty ones left out.
 *
 * @param sql - text of a file
 * @returns its statements
 */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  const finish = (end: number): void => {
    const piece = sql.slice(start, end);
    const text = piece.trim();
    if (text !== "") statements.push({ text, start: start + piece.indexOf(text) });
  };
  let depth = 0;
  let lastWord = "";
  for (let at = 0; at < sql.length;) {
    const next = endOfHidden(sql, at);
    if (next > at) {
      at = next;
      continue;
    }
    const word = match(WORD, sql, at)?.toLowerCase();
    if (word !== undefined) {
      if (word === "atomic" && lastWord === "begin") depth = 1;
      else if (depth > 0 && word === "case") depth += 1;
      else if (depth > 0 && word === "end") depth -= 1;
      lastWord = word;
      at += word.length;
      continue;
    }
    if (sql[at] === ";" && depth === 0) {
      finish(at);
      start = at + 1;
      lastWord = "";
    }
    at += 1;
  }
  finish(sql.length);
  return statements;
}

/**
 * Whether a statement is only comments (which the CLI records as a statement of its own when they
 * close a file).
 *
 * @param text - a statement
 * @returns true when nothing in it would be executed
 */
export function isComment(text: string): boolean {
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? "")) at += 1;
    else if (text.startsWith("--", at) || text.startsWith("/*", at)) at = endOfHidden(text, at);
    else return false;
  }
  return true;
}

/**
 * Whether a file still says what was recorded when it was applied. The recorded statements must
 * follow one another in the file with nothing but semicolons and white space between them, so the
 * answer does not depend on splitting exactly as the CLI does, and no character of a statement may
 * differ. Line endings and a byte order mark, which git or an editor may change, do not count.
 *
 * @param sql - text of the file
 * @param recorded - statements in the history
 * @returns true when it is unchanged
 */
export function matchesStatements(sql: string, recorded: readonly string[]): boolean {
  const plain = (text: string): string => text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const file = plain(sql);
  let at = 0;
  for (const [index, statement] of recorded.entries()) {
    const gap = /[\s;]*/y;
    gap.lastIndex = at;
    const between = gap.exec(file)?.[0] ?? "";
    // Two statements with only a line break between them would have been one.
    if (index > 0 && !between.includes(";")) return false;
    at += between.length;
    const text = plain(statement).replace(/^[\s;]+|[\s;]+$/g, "");
    if (!file.startsWith(text, at)) return false;
    at += text.length;
  }
  return /^[\s;]*$/.test(file.slice(at));
}

function endOfHidden(sql: string, at: number): number {
  if (sql.startsWith("/*", at)) return endOfBlockComment(sql, at);
  const found = match(LINE_COMMENT, sql, at) ?? match(STRING, sql, at) ?? match(ESCAPE_STRING, sql, at) ??
    match(QUOTED_NAME, sql, at);
  if (found !== undefined) return at + found.length;
  // Not closed: the database will say so.
  if (sql[at] === "'" || sql[at] === '"') return sql.length;
  const tag = match(DOLLAR_TAG, sql, at);
  if (tag === undefined) return at;
  const end = sql.indexOf(tag, at + tag.length);
  return end === -1 ? sql.length : end + tag.length;
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

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}
