import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readStackFile } from "../stack/stack-file.ts";
import { listPgtapFiles, runPgtap, type PgtapResult } from "./pgtap.ts";

const USAGE = `Runs the pgTAP tests.

  pgtap-cli [--db-url <url>] [--concurrency <n>] [pattern]

  --db-url       database with the migrations, as role postgres (default: SUPABASE_DB_URL, else the running stack)
  --concurrency  files at a time (default 2)
  pattern        only files whose path contains it, such as core/ or invitation`;

const root = path.resolve(import.meta.dirname, "../..");

function print(result: PgtapResult): void {
  const counts = `${result.passed} passed${result.failed > 0 ? `, ${result.failed} failed` : ""}`;
  process.stdout.write(`${result.ok ? "ok    " : "FAILED"} ${result.file} (${counts}, ${result.ms} ms)\n`);
  for (const line of result.failures) process.stdout.write(`         ${line}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { "db-url": { type: "string" }, concurrency: { type: "string", default: "2" }, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
  });
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const dataDir = path.join(root, ".rowhouse");
  const url = values["db-url"] ?? process.env["SUPABASE_DB_URL"]
    ?? (existsSync(dataDir) ? readStackFile(dataDir)?.db_url : undefined);
  const concurrency = Number(values.concurrency);
  if (url === undefined || !Number.isInteger(concurrency) || concurrency < 1 || positionals.length > 1) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const pattern = positionals[0] ?? "";
  const files = listPgtapFiles(root).filter((file) => file.includes(pattern));
  if (files.length === 0) {
    process.stderr.write(`No test file has ${pattern} in its path.\n`);
    return 2;
  }
  const started = performance.now();
  const results = await runPgtap({ url, root, files, concurrency, onFile: print });
  const failed = results.filter((result) => !result.ok).length;
  const assertions = results.reduce((sum, result) => sum + result.passed + result.failed, 0);
  process.stdout.write(
    `${results.length} files, ${assertions} assertions, ${failed === 0 ? "all passed" : `${failed} files failed`}, `
      + `${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  );
  return failed === 0 ? 0 : 1;
}

// What goes wrong here is the database's address or its rights: a sentence, not a stack trace.
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
