import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT_DIR } from "../stack/options.ts";
import { startStack } from "../stack/supervisor.ts";
import { messageOf, StackError } from "../lib/stack-error.ts";
import { groups, type GroupName, type GroupResult } from "./groups.ts";
import { createEmptyTemplate, createMigratedDatabase } from "./test-databases.ts";

const usage = `Usage: npm test -- [group ...] [--filter text]

Starts a throw-away stack on free ports, runs the tests against it and takes it down.

  group          ${Object.keys(groups).join(", ")} (default: all)
  --filter text  only test files whose path contains it (pgtap, vitest)`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { filter: { type: "string" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  const chosen = positionals.length === 0 ? Object.keys(groups) : positionals;
  if (values.help === true || !chosen.every(isGroup)) {
    console.log(usage);
    return values.help === true ? 0 : 2;
  }
  const started = performance.now();
  const results = await runOnStack(chosen, values.filter ?? "");
  for (const { name, passed, failed, seconds } of results) {
    console.log(`${name.padEnd(11)} ${passed} passed, ${failed} failed in ${seconds.toFixed(1)} s`);
  }
  const total = (key: "passed" | "failed") => results.reduce((sum, result) => sum + result[key], 0);
  console.log(`\nAll of it took ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
  return total("failed") === 0 && total("passed") > 0 ? 0 : 1;
}

function isGroup(name: string): name is GroupName {
  return name in groups;
}

interface NamedResult extends GroupResult {
  readonly name: string;
  readonly seconds: number;
}

async function runOnStack(chosen: readonly GroupName[], filter: string): Promise<NamedResult[]> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "rowhouse-test-"));
  const stopping = new AbortController();
  const onSignal = (): void => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  const results: NamedResult[] = [];
  try {
    const stack = await startStack({
      rootDir: ROOT_DIR,
      dataDir,
      ports: { api: 0, db: 0 },
      durable: false,
      seed: true,
      log: (line) => console.log(`stack: ${line}`),
      signal: stopping.signal,
      beforeMigrations: createEmptyTemplate,
    });
    try {
      const { db_url, admin_db_url } = stack.info();
      const server = { url: db_url, adminUrl: admin_db_url };
      const context = {
        rootDir: ROOT_DIR,
        stackFile: path.join(dataDir, "stack.json"),
        server,
        migratedUrl: await createMigratedDatabase(server, "revoked"),
        filter,
        signal: stopping.signal,
      };
      for (const name of chosen) {
        if (stopping.signal.aborted) throw new StackError("aborted", "Stopped while testing.");
        console.log(`\n${groups[name].title}`);
        const start = performance.now();
        const result = await groups[name].run(context);
        results.push({ name, ...result, seconds: (performance.now() - start) / 1000 });
      }
    } finally {
      await stack.stop();
    }
  } catch (error) {
    console.error(messageOf(error), error instanceof StackError ? (error.detail ?? "") : "");
    results.push({ name: "stack", passed: 0, failed: 1, seconds: 0 });
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    console.log("");
  }
  return results;
}
