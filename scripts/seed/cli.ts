import { terminal } from "../migrate/terminal.ts";
import { runSeed } from "./run-seed.ts";

process.exitCode = await runSeed(process.argv.slice(2), terminal);
