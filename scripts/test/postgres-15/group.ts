import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { StackError } from "../../lib/stack-error.ts";
import { MigrateError } from "../../migrate/migrate-error.ts";
import { databaseUrl } from "../database-url.ts";
import type { GroupResult, TestContext } from "../groups.ts";
import { listPgtapFiles } from "../pgtap.ts";
import { createEmptyTemplate, createMigratedDatabase, emptyTemplate } from "../test-databases.ts";
import { provePgCron } from "./pg-cron.ts";
import { checkPlpgsql } from "./plpgsql-check.ts";
import { findPostgres15, INSTALL_COMMAND, type Postgres15 } from "./programs.ts";
import { prove, type ProveResult } from "./prove.ts";
import { roundTrip } from "./round-trip.ts";
import { startPostgres15, startWatching } from "./server.ts";

/**
 * What the other groups prove on PostgreSQL 17, on Debian's 15 with its own pgTAP, pg_prove and
 * pg_cron, under Supabase's old default privileges; the catalogue under the new ones too. Besides,
 * plpgsql_check over every function, and schedules run by the real pg_cron. Without those programs the group says so and counts nothing;
 * where ROWHOUSE_PG15_BIN promises them, that is a failure.
 *
 * @param context - folder, filter and signal; the stack under test is not used
 * @returns counts
 */
export async function runPostgres15(context: TestContext): Promise<GroupResult> {
  const programs = findPostgres15();
  if (Array.isArray(programs)) {
    const isPromised = process.env["ROWHOUSE_PG15_BIN"] !== undefined;
    const fate = isPromised ? "Missing" : "Skipped, for want of";
    console.log(`${fate}: ${programs.join(", ")}. On Debian 12: ${INSTALL_COMMAND}`);
    return { passed: 0, failed: isPromised ? 1 : 0 };
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-test-15-"));
  const results: ProveResult[] = [];
  try {
    for await (const result of runOn(programs, path.join(folder, "data"), context)) {
      results.push(result);
      if (result.failed > 0) console.log(result.output);
    }
  } catch (error) {
    const isOurs = error instanceof MigrateError || error instanceof StackError;
    console.log(isOurs ? [error.message, error.detail].join("\n") : error);
    results.push({ passed: 0, failed: 1, output: "" });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function* runOn(programs: Postgres15, dataDir: string, context: TestContext): AsyncGenerator<ProveResult> {
  const { rootDir, signal, filter } = context;
  const files = listPgtapFiles(rootDir).filter((file) => file.includes(filter));
  const catalogue = files.filter((file) => file.startsWith("supabase/tests/catalog/"));
  const server = await startPostgres15(programs, dataDir);
  try {
    await createEmptyTemplate(server.adminUrl);
    const granted = await createMigratedDatabase(server, "granted");
    yield await roundTrip(databaseUrl(server.url, emptyTemplate), granted);
    yield await checkPlpgsql(databaseUrl(server.adminUrl, new URL(granted).pathname.slice(1)));
    if (files.length > 0) yield await prove({ programs, url: granted, rootDir, files, signal });
    if (catalogue.length > 0) {
      const url = await createMigratedDatabase(server, "revoked");
      yield await prove({ programs, url, rootDir, files: catalogue, signal });
    }
  } finally {
    await server.stop();
  }
  if (!"pg-cron".includes(filter)) return;
  const watching = await startWatching(programs, dataDir, "postgres");
  try {
    yield await provePgCron(watching.url);
  } finally {
    await watching.stop();
  }
}
