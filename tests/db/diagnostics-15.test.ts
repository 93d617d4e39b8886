import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { expect, it } from "vitest";
import { startPostgres } from "../../scripts/stack/postgres/server.ts";
import { diagnose, inSection } from "./diagnose.ts";

const bin = process.env["ROWHOUSE_PG15_BIN"] ?? "/usr/lib/postgresql/15/bin";
const binaries = { initdb: path.join(bin, "initdb"), postgres: path.join(bin, "postgres") };

it.skipIf(!existsSync(binaries.postgres))("X7 diagnostics.sql says the same on PostgreSQL 15", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-pg15-"));
  try {
    const server = await startPostgres({ binaries, dataDir: path.join(folder, "data"), port: 0 });
    const sql = postgres(server.url, { max: 1, onnotice: () => undefined });
    try {
      await sql.unsafe(readFileSync(path.join(import.meta.dirname, "diagnostics-fixture.sql"), "utf8")).simple();
      await sql`vacuum analyze shop.hollow`;
      const rows = await diagnose(sql);
      expect(rows.find(({ fact }) => fact === "version")?.value).toMatch(/^15\./);
      expect(inSection(rows, "table bloat")).toEqual(["warn shop.hollow estimated_waste"]);
      expect(inSection(rows, "sequences")).toEqual(["critical shop.nearly_over used_up"]);
      expect(inSection(rows, "duplicate indexes")).toEqual([
        "warn shop.customers_note covered_by_another_index",
        "warn shop.customers_region covered_by_another_index",
      ]);
      expect(rows.find(({ section }) => section === "slow queries")?.subject).toMatch(/^queryid/);
    } finally {
      await sql.end({ timeout: 5 });
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
