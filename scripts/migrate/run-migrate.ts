import { parseArgs } from "node:util";
import { z } from "zod";
import { hasCode, messageOf, StackError } from "../lib/stack-error.ts";
import type { CommandContext, CommandResult } from "./command.ts";
import { create } from "./commands/create.ts";
import { down } from "./commands/down.ts";
import { reset } from "./commands/reset.ts";
import { seed } from "./commands/seed.ts";
import { status } from "./commands/status.ts";
import { up } from "./commands/up.ts";
import { MigrateError } from "./migrate-error.ts";
import { projectDir } from "./migration-files.ts";
import type { Terminal } from "./terminal.ts";

const HELP = `npm run migrate -- <command> [options]

  up              apply the pending migrations
  down [n]        take the newest n back (default 1), in one transaction
  status          what is applied, pending, edited, missing, out of order; exit code 1 for the last three
  create <name>   make an empty migration and its rollback, such as core_tenants
  reset           delete all rows and accounts, apply everything anew, run the seeds
  seed            run supabase/seeds/*.sql

  --db-url URL    another database than the local stack's; one that is not on this machine asks for its name
  --yes           answer for a script that cannot: the question of reset, and another machine's name
  --force         up: in spite of edited or older files; down: in spite of "irreversible"; reset: on another machine
  --wait          wait while another run holds the lock, instead of failing
  --json          the result as one line of JSON
  --workdir DIR   folder that holds supabase/ (default: this project)`;

const commandShape = z.enum(["up", "down", "status", "create", "reset", "seed"]);
const countShape = z.string().regex(/^[1-9]\d{0,5}$/).transform(Number);

/**
 * The command line of `npm run migrate`.
 *
 * @param argv - arguments after the program's name
 * @param terminal - where it speaks
 * @returns the exit code: 0 done, 1 refused, failed or not in order, 2 wrong usage
 */
export async function runMigrate(argv: readonly string[], terminal: Terminal): Promise<number> {
  const json = argv.includes("--json");
  try {
    const result = await dispatch(argv, terminal);
    if (json) terminal.print(JSON.stringify(result.report));
    return result.exitCode;
  } catch (error) {
    const { code, message, detail } = explain(error);
    if (json) terminal.print(JSON.stringify({ error: { code, message, detail } }));
    else {terminal.tell([
        message,
        ...(detail ?? "").split("\n").filter((line) => line !== "").map((line) => `  ${line.trimEnd()}`),
      ].join("\n"));}
    return code === "usage" ? 2 : 1;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<CommandResult> {
  const { values, positionals } = parse(argv);
  if (values.help === true || positionals.length === 0) {
    terminal.print(HELP);
    return { exitCode: values.help === true ? 0 : 1, report: {} };
  }
  const command = commandShape.safeParse(positionals[0]);
  const argument = positionals[1];
  if (!command.success) {
    throw new MigrateError("usage", `There is no command "${positionals[0]}"; --help lists them.`);
  }
  const takesArgument = command.data === "down" || command.data === "create";
  if (positionals.length > (takesArgument ? 2 : 1)) {
    throw new MigrateError(
      "usage",
      `"${positionals.at(-1)}" is one argument too many; --help shows the form.`,
    );
  }
  const context: CommandContext = {
    rootDir: values.workdir ?? projectDir,
    dbUrl: values["db-url"],
    yes: values.yes ?? false,
    force: values.force ?? false,
    json: values.json ?? false,
    wait: values.wait ?? false,
    terminal,
  };
  switch (command.data) {
    case "up":
      return up(context);
    case "down": {
      const count = countShape.safeParse(argument ?? "1");
      if (!count.success) {
        throw new MigrateError("usage", `down takes a number of migrations from 1 up, not "${argument}".`);
      }
      return down(context, count.data);
    }
    case "status":
      return status(context);
    case "create":
      if (argument === undefined) {
        throw new MigrateError("usage", "create takes a name, such as core_tenants.");
      }
      return create(context, argument);
    case "reset":
      return reset(context);
    case "seed":
      return seed(context);
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h" },
        "db-url": { type: "string" },
        workdir: { type: "string" },
        yes: { type: "boolean" },
        force: { type: "boolean" },
        json: { type: "boolean" },
        wait: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new MigrateError("usage", `${messageOf(error).split(". ")[0]}; --help shows the options.`);
  }
}

function explain(error: unknown): { code: string; message: string; detail: string | undefined } {
  if (error instanceof MigrateError || error instanceof StackError) {
    return { code: error.code, message: error.message, detail: error.detail };
  }
  if (hasCode(error, "ECONNREFUSED") || hasCode(error, "CONNECT_TIMEOUT") || hasCode(error, "ENOTFOUND")) {
    return {
      code: "no_target",
      message: `The database does not answer (${
        messageOf(error)
      }). Is the stack running? "npm start" starts it.`,
      detail: undefined,
    };
  }
  return { code: "failed", message: messageOf(error), detail: undefined };
}
