import path from "node:path";
import { messageOf, StackError } from "../lib/stack-error.ts";
import { banner } from "./banner.ts";
import { readDemoUsers } from "./demo-users.ts";
import { parseStartArguments, ROOT_DIR, type StartArguments } from "./options.ts";
import { readStackFile } from "./stack-file.ts";
import { startStack, type Stack } from "./supervisor.ts";

const HELP = `Usage: npm start -- [options]

Starts the local stack: PostgreSQL, migrations, API, edge functions, scheduler. Ctrl-C stops it.

  --api-port N   port of the API (default 54321, or ROWHOUSE_API_PORT); 0 takes a free one
  --db-port N    port of the database (default 54322, or ROWHOUSE_DB_PORT); 0 takes a free one
  --data-dir D   folder of its data (default .rowhouse, or ROWHOUSE_DATA_DIR)
  --no-seed      a new database stays without demo data
  --help         this text`;

/** npm passes on a Ctrl-C that the terminal has already sent: not a second wish. */
const SAME_SIGNAL_MS = 500;

process.exitCode = await main();

async function main(): Promise<number> {
  let options: StartArguments;
  try {
    options = parseStartArguments(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${messageOf(error)} (npm start -- --help lists the options)`);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  return run(options);
}

async function run(options: StartArguments): Promise<number> {
  const stopping = new AbortController();
  const stopAsked = onStopSignal(() => {
    console.log("\nStopping ... (Ctrl-C again ends it by force)");
    stopping.abort();
  });
  let stack: Stack;
  try {
    stack = await startStack({
      rootDir: ROOT_DIR,
      dataDir: options.dataDir,
      ports: options.ports,
      durable: true,
      seed: options.seed,
      log: (line) => console.log(line),
      signal: stopping.signal,
    });
  } catch (error) {
    if (error instanceof StackError && error.code === "aborted") {
      console.log("Stopped.");
      return 0;
    }
    printFailure(error, options);
    return 1;
  }
  const file = path.relative(process.cwd(), path.join(options.dataDir, "stack.json"));
  const users = await readDemoUsers(stack.info().db_url).catch(() => []);
  if (!stopping.signal.aborted) console.log(banner(stack.info(), stack.functions(), users, file));
  const lost = await Promise.race([stopAsked.then(() => null), stack.lost]);
  if (lost !== null) printFailure(lost, options);
  await stack.stop();
  console.log("Stopped.");
  return lost === null ? 0 : 1;
}

function printFailure(error: unknown, options: StartArguments): void {
  if (!(error instanceof StackError)) {
    console.error(error);
    return;
  }
  const where = error.code === "already_running" ? addressOf(options.dataDir) : "";
  console.error(`${error.message}${where}`);
  if (error.detail !== undefined && error.detail !== "") console.error(`\n${error.detail}\n`);
}

function addressOf(dataDir: string): string {
  const url = readStackFile(dataDir)?.api_url;
  return url === undefined
    ? " It is still starting."
    : ` Its API is ${url}; "npm run stack status" says more.`;
}

function onStopSignal(onFirst: () => void): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const handle = (signal: NodeJS.Signals): void => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        onFirst();
        resolve();
      } else if (signal === "SIGINT" && Date.now() - firstAt > SAME_SIGNAL_MS) {
        // The kernel and the closed pipes end the children; the next start recovers the rest.
        process.exit(130);
      }
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, handle);
  });
}
