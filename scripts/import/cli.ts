import { terminal } from "../migrate/terminal.ts";
import { runImport } from "./run-import.ts";

const stopping = new AbortController();
// Only the first: a second Ctrl-C ends the process at once, as everywhere.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

process.exitCode = await runImport(process.argv.slice(2), { terminal, signal: stopping.signal });
