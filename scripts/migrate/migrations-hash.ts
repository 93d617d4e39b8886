import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { listMigrations, projectDir } from "./migration-files.ts";

/**
 * The text that tells one state of the migrations from another.
 *
 * @returns SHA-256 over the names and texts of all migrations
 */
export function migrationsHash(): string {
  const hash = createHash("sha256");
  for (const migration of listMigrations(projectDir)) hash.update(migration.file).update(readFileSync(migration.path));
  return hash.digest("hex");
}
