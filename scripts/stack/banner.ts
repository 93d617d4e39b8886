import { DEMO_PASSWORD, type DemoUser } from "./demo-users.ts";
import type { StackFile } from "./stack-file.ts";

/**
 * What `npm start` prints when everything runs.
 *
 * @param info - addresses and keys
 * @param functions - names of the edge functions
 * @param users - demo users, if any
 * @param file - where the same can be read by programs
 * @returns the text
 */
export function banner(
  info: StackFile,
  functions: readonly string[],
  users: readonly DemoUser[],
  file: string,
): string {
  const rows: [string, string][] = [
    ["API", info.api_url],
    [
      "Functions",
      `${info.functions_url}/<name>${functions.length === 0 ? "" : `  (${functions.join(", ")})`}`,
    ],
    ["Database", info.db_url],
    ["Publishable key", info.publishable_key],
    ["Secret key", `${info.secret_key}  (bypasses every policy)`],
    ["For programs", file],
  ];
  const lines = ["", "Rowhouse is running.", "", ...table(rows)];
  if (users.length > 0) {
    const password = `password of all: ${DEMO_PASSWORD}`;
    lines.push(
      "",
      `Demo sign-ins (${password})`,
      "",
      ...table(users.map((user) => [user.email, user.roles])),
    );
  }
  return [...lines, "", "Ctrl-C stops it; its data stays. `npm run stack reset` makes it new.", ""].join(
    "\n",
  );
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`.trimEnd());
}
