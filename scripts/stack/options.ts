import path from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { z } from "zod";
import { messageOf, StackError } from "../lib/stack-error.ts";
import { DEFAULT_PORTS } from "./ports.ts";

/** The folder that holds supabase/ and package.json. */
export const ROOT_DIR = path.resolve(import.meta.dirname, "..", "..");

const port = (name: string): z.ZodType<number, string> => {
  const error = `${name} must be a whole number from 0 to 65535.`;
  return z
    .string()
    .regex(/^\d{1,5}$/, error)
    .transform(Number)
    .refine((value) => value <= 65535, error);
};

const startShape = z.object({ api: port("--api-port"), db: port("--db-port") });

/** Options of `npm start`. */
export interface StartArguments {
  readonly help: boolean;
  readonly ports: { readonly api: number; readonly db: number };
  readonly dataDir: string;
  readonly seed: boolean;
}

/**
 * Reads the options of `npm start` from the command line, then the environment, then defaults.
 *
 * @param argv - arguments
 * @param env - environment variables
 * @returns the options
 * @throws StackError `usage` with one sentence for the user
 */
export function parseStartArguments(argv: string[], env: NodeJS.ProcessEnv): StartArguments {
  const { values, positionals } = parse(argv, {
    "api-port": { type: "string" },
    "db-port": { type: "string" },
    "data-dir": { type: "string" },
    "no-seed": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  refuseExtra(positionals);
  const ports = startShape.safeParse({
    api: values["api-port"] ?? env.ROWHOUSE_API_PORT ?? String(DEFAULT_PORTS.api),
    db: values["db-port"] ?? env.ROWHOUSE_DB_PORT ?? String(DEFAULT_PORTS.db),
  });
  if (!ports.success) throw new StackError("usage", ports.error.issues[0]?.message ?? "The ports are wrong.");
  return {
    help: values.help === true,
    ports: ports.data,
    dataDir: dataDirOf(values["data-dir"], env),
    seed: values["no-seed"] !== true,
  };
}

const COMMANDS = ["status", "stop", "reset"] as const;

/** Options of `npm run stack`. */
export interface StackArguments {
  readonly command: (typeof COMMANDS)[number] | "help";
  readonly dataDir: string;
  readonly json: boolean;
  readonly yes: boolean;
}

/**
 * Reads the command and options of `npm run stack`.
 *
 * @param argv - arguments
 * @param env - environment variables
 * @returns command and options
 * @throws StackError `usage` with one sentence for the user
 */
export function parseStackArguments(argv: string[], env: NodeJS.ProcessEnv): StackArguments {
  const { values, positionals } = parse(argv, {
    "data-dir": { type: "string" },
    json: { type: "boolean" },
    yes: { type: "boolean", short: "y" },
    help: { type: "boolean", short: "h" },
  });
  const [name, ...rest] = positionals;
  const command = COMMANDS.find((known) => known === name);
  const asksHelp = values.help === true;
  if (!asksHelp && command === undefined) {
    const what = name === undefined ? "Name a command" : `Unknown command "${name}"`;
    throw new StackError("usage", `${what}: status, stop or reset.`);
  }
  refuseExtra(rest);
  return {
    command: asksHelp || command === undefined ? "help" : command,
    dataDir: dataDirOf(values["data-dir"], env),
    json: values.json === true,
    yes: values.yes === true,
  };
}

function refuseExtra(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new StackError("usage", `Unexpected argument "${positionals[0] ?? ""}".`);
}

function parse<T extends NonNullable<ParseArgsConfig["options"]>>(argv: string[], options: T) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node adds advice about "--" that does not apply to any option here.
    throw new StackError("usage", `${messageOf(error).split(". ")[0] ?? ""}.`);
  }
}

function dataDirOf(value: string | undefined, env: NodeJS.ProcessEnv): string {
  const given = value ?? env.ROWHOUSE_DATA_DIR;
  if (given === "") throw new StackError("usage", "--data-dir needs a folder.");
  // Relative to where the user is; the default belongs to the project.
  return given === undefined ? path.join(ROOT_DIR, ".rowhouse") : path.resolve(given);
}
