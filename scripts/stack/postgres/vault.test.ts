import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, expect, it } from "vitest";
import { startPostgres } from "./server.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the cluster, says what was noticed, and runs something as a role. */
async function startAnd(role: "url" | "adminUrl", statement: string): Promise<{ notices: string[]; rows: unknown[] }> {
  const notices: string[] = [];
  const server = await startPostgres({
    dataDir: path.join(folder, "data"),
    port: 0,
    notice: (line) => notices.push(line),
  });
  const sql = postgres(server[role], { max: 1, onnotice: () => undefined });
  try {
    return { notices, rows: [...(await sql.unsafe(statement))] };
  } finally {
    await sql.end({ timeout: 5 });
    await server.stop();
  }
}

it("S9 a cluster that was made before there was Vault gets it at its next start, once", async () => {
  const made = await startAnd("adminUrl", "drop schema vault cascade");
  expect(made.notices).toEqual([]);

  const later = await startAnd("url", "select vault.create_secret('s', 'of a test') is not null as is_kept");
  expect(later).toEqual({
    notices: ["Added Vault, which databases made earlier did not have."],
    rows: [{ is_kept: true }],
  });

  const again = await startAnd("url", "select decrypted_secret from vault.decrypted_secrets where name = 'of a test'");
  expect(again).toEqual({ notices: [], rows: [{ decrypted_secret: "s" }] });
});
