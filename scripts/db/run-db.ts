import { parseArgs } from "node:util";
import { z } from "zod";
import { messageOf } from "../lib/stack-error.ts";
import { confirmTarget } from "../migrate/confirm.ts";
import { projectDir } from "../migrate/migration-files.ts";
import { findTarget } from "../migrate/target.ts";
import type { DbContext, DbEnvironment, DbResult } from "./command.ts";
import { health } from "./commands/health.ts";
import { optimize } from "./commands/optimize.ts";
import { report } from "./commands/report.ts";
import { DbError, EXIT_CODES } from "./db-error.ts";
import { explainError } from "./explain-error.ts";
import { createProgress } from "./progress.ts";
import { withDatabase } from "./with-database.ts";

const HELP = `npm run db -- <command> [options]

  health            run all checks; exit code 0 ok, 1 warn or unknown, 2 critical
  optimize quick    clean up, add partitions, refresh views, analyze, vacuum what needs it; exit code 1 when a step failed
  optimize full     the same, and rebuild bloated or invalid indexes
  report            one page: state, recommendations, tables, indexes, slow queries, locks, schedules

  --db-url URL      another database than the local stack's; optimize asks before one that is not on this machine
  --yes             answer for a script that cannot be asked
  --json            the result as one line of JSON
  --format FORMAT   report: html (default) or markdown
  --out FILE        report: where to write it (default: standard output)

  No result: exit code 3 the database cannot be reached, 4 wrong usage or not confirmed, 5 failed, 130 stopped by Ctrl-C.`;

const commandShape = z.union([
  z.tuple([z.literal("health")]),
  z.tuple([z.literal("optimize"), z.enum(["quick", "full"])]),
  z.tuple([z.literal("report")]),
]);
const formatShape = z.enum(["html", "markdown"]);

/**
 * The command line of `npm run db`.
 *
 * @param argv - arguments after the program's name
 * @param environment - where it speaks and what stops it
 * @returns the exit code, as the help says
 */
export async function runDb(argv: readonly string[], environment: DbEnvironment): Promise<number> {
  const { terminal } = environment;
  const json = argv.includes("--json");
  const progress = createProgress(terminal.tell);
  try {
    const options = parse(argv);
    if (options.help) {
      terminal.print(HELP);
      return 0;
    }
    const target = findTarget(options.dbUrl, projectDir);
    const [name, mode] = options.command;
    if (name === "optimize") await confirmTarget(target, `Run the ${mode} maintenance`, { yes: options.yes, terminal });
    const result = await withDatabase(
      target,
      environment.signal,
      (query) => dispatch(options.command, { ...environment, ...options, json, target, query, progress }),
    );
    if (json) terminal.print(JSON.stringify(result.report));
    return result.exitCode;
  } catch (error) {
    const { code, message } = explainError(error);
    if (json) terminal.print(JSON.stringify({ error: { code, message } }));
    else terminal.tell(message);
    return EXIT_CODES[code];
  } finally {
    progress.end();
  }
}

type Command = z.infer<typeof commandShape>;

function dispatch(command: Command, context: DbContext): Promise<DbResult> {
  switch (command[0]) {
    case "health":
      return health(context);
    case "optimize":
      return optimize(context, command[1]);
    case "report":
      return report(context);
  }
}

function parse(argv: readonly string[]) {
  const { values, positionals } = parseOptions(argv);
  if (values.help === true) return { help: true } as const;
  const command = commandShape.safeParse(positionals);
  if (!command.success) {
    const given = positionals.length === 0 ? "No command was given" : `There is no command "${positionals.join(" ")}"`;
    throw new DbError("usage", `${given}: health, optimize quick, optimize full or report; --help says more.`);
  }
  const isReport = command.data[0] === "report";
  if (!isReport && (values.format !== undefined || values.out !== undefined)) {
    throw new DbError("usage", "--format and --out are for report.");
  }
  const format = formatShape.safeParse(values.format ?? (values.out?.endsWith(".md") === true ? "markdown" : "html"));
  if (!format.success) throw new DbError("usage", "--format is html or markdown.");
  return {
    help: false,
    command: command.data,
    dbUrl: values["db-url"],
    yes: values.yes ?? false,
    format: format.data,
    out: values.out,
  } as const;
}

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        "db-url": { type: "string" },
        yes: { type: "boolean" },
        json: { type: "boolean" },
        format: { type: "string" },
        out: { type: "string" },
      },
    });
  } catch (error) {
    throw new DbError("usage", `${messageOf(error).split(". ")[0]}; --help shows the options.`);
  }
}
