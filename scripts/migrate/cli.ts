import { runMigrate } from "./run-migrate.ts";
import { terminal } from "./terminal.ts";

process.exitCode = await runMigrate(process.argv.slice(2), terminal);
