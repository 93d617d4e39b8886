import { realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { explainError } from "../db/explain-error.ts";
import { createProgress } from "../db/progress.ts";
import { codeOf, withDatabase } from "../db/with-database.ts";
import { messageOf } from "../lib/stack-error.ts";
import { confirmTarget } from "../migrate/confirm.ts";
import { projectDir } from "../migrate/migration-files.ts";
import { findTarget } from "../migrate/target.ts";
import type { ImportEnvironment } from "./command.ts";
import { tasks } from "./commands/tasks.ts";
import { verify } from "./commands/verify.ts";
import { EXIT_CODES, ImportError, type ImportErrorCode } from "./import-error.ts";
import { findTenant } from "./load/tenant.ts";
import { findSources, type FoundSources, isSourceName } from "./source/find-sources.ts";

const HELP = `npm run import -- <command> <file or folder> [...] --tenant SLUG [options]

  tasks             import tasks.json files of Task Master, each whole or not at all
  verify            read back what was imported and compare it with the files

  --tenant SLUG     the tenant that it is for
  --source NAME     what a single file is known by from now on (default: by where it is; docs/importing.md)
  --dry-run         tasks: do all of it, report it, and undo it
  --remove          tasks: delete what was imported before and is no longer in the file
  --reopen          tasks: take up workflows again that are completed or cancelled
  --force           tasks: even if the tasks imported before under this source are other ones
  --report FILE     write the report as JSON
  --json            the report as one line of JSON on standard output
  --db-url URL      another database than the local stack's; tasks asks before one that is not on this machine
  --yes             answer for a script that cannot be asked

  Exit code 0 done, 1 a file was refused or something differs. No result: 3 the database cannot be reached, 4 wrong
  usage, no such tenant or not confirmed, 5 failed, 130 stopped by Ctrl-C.`;

const argumentsShape = z.tuple([z.enum(["tasks", "verify"])]).rest(z.string());

/**
 * The command line of `npm run import`.
 *
 * @param argv - arguments after the program's name
 * @param environment - where it speaks and what stops it
 * @returns the exit code, as the help says
 */
export async function runImport(argv: readonly string[], environment: ImportEnvironment): Promise<number> {
  const { terminal, signal } = environment;
  const json = argv.includes("--json");
  const progress = createProgress(terminal.tell);
  try {
    const options = parse(argv);
    if (options.help) {
      terminal.print(HELP);
      return 0;
    }
    const found = named(findSources(options.paths), options.source);
    const reportFile = options.report === undefined ? undefined : reportPath(options.report, found);
    const target = findTarget(options.dbUrl, projectDir);
    const isImport = options.command === "tasks";
    if (isImport && !options.isDry) await confirmTarget(target, "Import tasks", { yes: options.yes, terminal });
    const result = await withDatabase(target, signal, async (query) => {
      const tenant = await findTenant(query, options.tenant);
      const context = { ...options, query, progress, found, tenant, slug: options.tenant, database: target.label };
      return isImport ? tasks(context) : verify(context);
    }, "rowhouse import");
    if (reportFile !== undefined) writeFileSync(reportFile, `${JSON.stringify(result.report, null, 2)}\n`);
    if (json) terminal.print(JSON.stringify(result.report));
    else for (const line of result.lines) terminal.print(line);
    return result.exitCode;
  } catch (error) {
    const { code, message } = explain(error);
    if (json) terminal.print(JSON.stringify({ error: { code, message } }));
    else terminal.tell(message);
    return EXIT_CODES[code];
  } finally {
    progress.end();
  }
}

function parse(argv: readonly string[]) {
  const { values, positionals } = parseOptions(argv);
  if (values.help === true) return { help: true } as const;
  const parsed = argumentsShape.safeParse(positionals);
  if (!parsed.success) {
    const given = positionals.length === 0
      ? "No command was given"
      : `There is no command ${JSON.stringify(positionals[0])}`;
    throw new ImportError("usage", `${given}: tasks or verify; --help says more.`);
  }
  const [command, ...paths] = parsed.data;
  if (paths.length === 0) throw new ImportError("usage", `${command} takes a file or a folder.`);
  if (values.tenant === undefined) {
    throw new ImportError("usage", "--tenant is missing: the slug of the tenant it is for.");
  }
  const ofTasks = (["dry-run", "remove", "reopen", "force"] as const).find((name) => values[name] === true);
  if (command === "verify" && ofTasks !== undefined) throw new ImportError("usage", `--${ofTasks} is for tasks.`);
  return {
    help: false,
    command,
    paths,
    tenant: values.tenant,
    source: values.source,
    report: values.report,
    dbUrl: values["db-url"],
    yes: values.yes ?? false,
    isDry: values["dry-run"] ?? false,
    isRemoving: values.remove ?? false,
    isReopening: values.reopen ?? false,
    isForced: values.force ?? false,
  } as const;
}

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        tenant: { type: "string" },
        source: { type: "string" },
        "dry-run": { type: "boolean" },
        remove: { type: "boolean" },
        reopen: { type: "boolean" },
        force: { type: "boolean" },
        report: { type: "string" },
        json: { type: "boolean" },
        "db-url": { type: "string" },
        yes: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new ImportError("usage", `${messageOf(error).split(". ")[0]}; --help shows the options.`);
  }
}

function named(found: FoundSources, source: string | undefined): FoundSources {
  if (source === undefined) return found;
  const [first] = found.sources;
  if (first === undefined || found.sources.length > 1) {
    throw new ImportError("usage", `--source is for a single file; there are ${found.sources.length}.`);
  }
  if (!isSourceName(source)) {
    throw new ImportError("usage", "--source takes 1 to 200 characters, without # and control characters.");
  }
  return { ...found, sources: [{ ...first, source }] };
}

/** An import never writes to what it reads. */
function reportPath(given: string, { sources }: FoundSources): string {
  let file: string;
  try {
    file = path.join(realpathSync(path.dirname(given)), path.basename(given));
  } catch (error) {
    throw new ImportError("usage", `--report: ${messageOf(error)}.`, error);
  }
  const isSource = sources.some(({ absolute }) => absolute === file) || path.basename(file) === "tasks.json";
  if (isSource) throw new ImportError("usage", "--report would overwrite a file of tasks. Name another file.");
  return file;
}

function explain(error: unknown): { code: ImportErrorCode; message: string } {
  if (error instanceof ImportError) return { code: error.code, message: error.message };
  // No such schema, function, column or table.
  if (["3F000", "42883", "42703", "42P01"].includes(codeOf(error))) {
    const advice = 'Apply its migrations ("npm run migrate -- up"), or use the command of its version.';
    return { code: "other_schema", message: `The database has another schema: ${messageOf(error)}. ${advice}` };
  }
  return explainError(error);
}
