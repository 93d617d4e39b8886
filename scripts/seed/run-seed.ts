import { parseArgs } from "node:util";
import { z } from "zod";
import { messageOf } from "../lib/stack-error.ts";
import { confirmLoss, confirmTarget } from "../migrate/confirm.ts";
import { MigrateError } from "../migrate/migrate-error.ts";
import { projectDir } from "../migrate/migration-files.ts";
import { connect, findTarget } from "../migrate/target.ts";
import type { Terminal } from "../migrate/terminal.ts";
import { generate } from "./generate.ts";
import { scaleShape } from "./scale.ts";
import { SeedError, type SeedErrorCode } from "./seed-error.ts";

const HELP = `npm run seed -- --scale [options]

Makes tenants with many rows, in one transaction: all of them, verified, or none.

  --tenants 1000     how many; most are small, few are large
  --workflows N      in all (default: 100 a tenant)
  --tasks N          in all (default: 10 a workflow); one workflow has 10,000 of a million
  --messages N       in all (default: 1000 a tenant)
  --events N, --metrics N, --articles N
                     in all (default: half as many as tasks, as many, 5 a tenant)
  --seed 1           another number makes other rows
  --until DATE       the day before which all of it happened (default: today)

  --db-url URL       another database than the local stack's; one that is not on this machine asks for its name
  --yes              answer for a script that cannot: that name, and that there are rows already
  --json             the result as one line of JSON

The small data of a fresh database are "npm run migrate -- seed".`;

const rowsShape = z.object({ has_rows: z.boolean() });

/**
 * The command line of `npm run seed`.
 *
 * @param argv - arguments after the program's name
 * @param terminal - where it speaks
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function runSeed(argv: readonly string[], terminal: Terminal): Promise<number> {
  const json = argv.includes("--json");
  try {
    await dispatch(argv, terminal, json);
    return 0;
  } catch (error) {
    const { code, message, detail } = explain(error);
    if (json) terminal.print(JSON.stringify({ error: { code, message, detail } }));
    else terminal.tell(detail === undefined ? message : `${message}\n${detail.replaceAll(/^/gm, "  ")}`);
    return code === "usage" ? 2 : 1;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal, json: boolean): Promise<void> {
  const { help, scale: isAsked, yes, "db-url": dbUrl, ...numbers } = parse(argv);
  if (help === true || isAsked !== true) {
    terminal.print(HELP);
    if (help !== true) throw new SeedError("usage", "Say --scale.");
    return;
  }
  const scale = scaleShape.safeParse(numbers);
  if (!scale.success) {
    const issue = scale.error.issues[0];
    const what = issue === undefined ? "" : `--${issue.path.join(".")}: ${issue.message}`;
    throw new SeedError("usage", `${what}; --help shows the options.`);
  }
  const target = findTarget(dbUrl, projectDir);
  const answers = { yes: yes ?? false, terminal };
  await confirmTarget(target, "Make many rows", answers);
  const sql = connect(target, { application_name: "rowhouse seed" });
  const started = performance.now();
  try {
    const [row] = await sql`select exists (select from auth.users) as has_rows`;
    if (rowsShape.parse(row).has_rows) {
      await confirmLoss(`${target.label} has rows already; these are added to them.`, answers);
    }
    const step = (label: string): void => {
      terminal.tell(`  ${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${label}`);
    };
    const verified = await generate(sql, scale.data, json ? () => undefined : step);
    const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
    const total = Object.values(verified.rows).reduce((sum, count) => sum + count, 0);
    if (json) terminal.print(JSON.stringify({ database: target.label, seconds, scale: scale.data, ...verified }));
    else {
      const { length } = verified.checks;
      terminal.print(`Made ${total} rows on ${target.label} in ${seconds} s; ${length} checks found nothing wrong.`);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: "boolean", short: "h" },
        scale: { type: "boolean" },
        tenants: { type: "string" },
        workflows: { type: "string" },
        tasks: { type: "string" },
        messages: { type: "string" },
        events: { type: "string" },
        metrics: { type: "string" },
        articles: { type: "string" },
        seed: { type: "string" },
        until: { type: "string" },
        "db-url": { type: "string" },
        yes: { type: "boolean" },
        json: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new SeedError("usage", `${messageOf(error).split(". ")[0]}; --help shows the options.`);
  }
}

function explain(error: unknown): { code: SeedErrorCode; message: string; detail: string | undefined } {
  if (error instanceof SeedError) return { code: error.code, message: error.message, detail: error.detail };
  if (error instanceof MigrateError) {
    const { code, message, detail } = error;
    if (code === "usage" || code === "no_target" || code === "not_confirmed") return { code, message, detail };
  }
  return { code: "failed", message: messageOf(error), detail: undefined };
}
