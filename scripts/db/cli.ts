import { terminal } from "../migrate/terminal.ts";
import { runDb } from "./run-db.ts";

const stopping = new AbortController();
// Only the first: a second Ctrl-C ends the process at once, as everywhere.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

process.exitCode = await runDb(process.argv.slice(2), {
  terminal,
  isColoured: process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "",
  signal: stopping.signal,
});
