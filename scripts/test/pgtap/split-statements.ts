// Each alternative is one token that may hold a semicolon which ends nothing.
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|\bbegin\s+atomic\b[\s\S]*?;\s*end\b|;/gi;

/**
 * Cuts a script into its statements, to name the one that failed: the server says how many were
 * completed, not which one was next.
 *
 * @param script - SQL without psql commands
 * @returns the statements in order, without comments before them and without the semicolon
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let start = 0;
  const take = (end: number): void => {
    const statement = script.slice(start, end).replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, "").trimEnd();
    if (statement !== "") statements.push(statement);
    start = end + 1;
  };
  for (const match of script.matchAll(TOKEN)) {
    if (match[0] === ";") take(match.index);
  }
  take(script.length);
  return statements;
}
