import { createInterface } from "node:readline/promises";
import { stopProcess } from "../lib/processes.ts";
import { messageOf, StackError } from "../lib/stack-error.ts";
import { deleteData, stopOrphans } from "./data-folder.ts";
import { stackPid, takeLock } from "./lock.ts";
import { parseStackArguments, type StackArguments } from "./options.ts";
import { removeStackFile } from "./stack-file.ts";
import { readStatus } from "./status.ts";

const HELP = `Usage: npm run stack -- <command> [options]

  status [--json]   what runs, and where (exit code 0 when everything is up, 3 when not)
  stop              stops the running stack, and what a killed one left behind
  reset [--yes]     stops it and deletes its data; keys stay, "npm start" makes a new database

  --data-dir D      folder of its data (default .rowhouse, or ROWHOUSE_DATA_DIR)
  --help            this text`;

const EXIT_NOT_RUNNING = 3;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseStackArguments(process.argv.slice(2), process.env);
    if (options.command === "status") return await status(options);
    if (options.command === "stop") return await stop(options);
    if (options.command === "reset") return await reset(options);
    console.log(HELP);
    return 0;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    console.error(error.message);
    return error.code === "usage" ? 2 : 1;
  }
}

async function status({ dataDir, json }: StackArguments): Promise<number> {
  const state = await readStatus(dataDir);
  if (json) {
    const parts = state.parts.map(({ name, isUp, address }) => [name, { up: isUp, address }]);
    console.log(
      JSON.stringify(
        { up: state.isUp, started_at: state.startedAt, parts: Object.fromEntries(parts) },
        null,
        2,
      ),
    );
  } else {
    for (const { name, isUp, address } of state.parts) {
      console.log(`${name.padEnd(10)} ${isUp ? "up  " : "down"} ${isUp ? address : ""}`.trimEnd());
    }
    if (!state.isUp) console.log('\n"npm start" starts it.');
  }
  return state.isUp ? 0 : EXIT_NOT_RUNNING;
}

async function stop({ dataDir }: StackArguments): Promise<number> {
  const wasRunning = await stopRunning(dataDir);
  const release = takeLock(dataDir);
  try {
    const done = await stopOrphans(dataDir);
    for (const line of done) console.log(`Recovering: ${line}.`);
    removeStackFile(dataDir);
    console.log(wasRunning || done.length > 0 ? "Stopped." : "The stack was not running.");
  } finally {
    release();
  }
  return 0;
}

async function reset({ dataDir, yes }: StackArguments): Promise<number> {
  if (!yes && !(await confirm(`Delete the local database in ${dataDir}?`))) {
    console.error("Nothing was deleted.");
    return 1;
  }
  await stopRunning(dataDir);
  const release = takeLock(dataDir);
  try {
    await stopOrphans(dataDir);
    deleteData(dataDir);
  } finally {
    release();
  }
  console.log('The data is deleted; "npm start" makes a new database.');
  return 0;
}

async function stopRunning(dataDir: string): Promise<boolean> {
  const pid = stackPid(dataDir);
  if (pid === null) return false;
  console.log(`Stopping the stack (pid ${pid}) ...`);
  if (
    !(await stopProcess(pid, [
      ["SIGTERM", 20_000],
      ["SIGKILL", 3_000],
    ]))
  ) {
    throw new StackError("already_running", `The stack (pid ${pid}) does not stop.`);
  }
  return true;
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new StackError("usage", "Without a terminal to ask on, reset needs --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } catch (error) {
    throw new StackError("usage", `No answer: ${messageOf(error)}.`);
  } finally {
    terminal.close();
  }
}
