import { readFileSync } from "node:fs";
import path from "node:path";
import type postgres from "postgres";
import { z } from "zod";
import { projectDir } from "../../scripts/migrate/migration-files.ts";

const rowShape = z.strictObject({
  section: z.string(),
  subject: z.string(),
  fact: z.string(),
  value: z.string(),
  judgement: z.enum(["critical", "warn", "ok", "info"]),
  advice: z.string().nullable(),
});

/** A row of the script's answer. */
export type Diagnosis = z.infer<typeof rowShape>;

const script = readFileSync(path.join(projectDir, "supabase", "diagnostics.sql"), "utf8");

/**
 * Runs supabase/diagnostics.sql as an editor would, in a transaction that may not write and in which
 * no statement waits for a lock.
 *
 * @param sql - the database
 * @param role - as whom; else as the one who is connected
 * @returns its one result
 */
export async function diagnose(sql: postgres.Sql, role?: string): Promise<Diagnosis[]> {
  const rows = await sql.begin("read only", async (transaction) => {
    await transaction`set local lock_timeout = '1ms'`;
    if (role !== undefined) await transaction`set local role ${transaction(role)}`;
    return [...await transaction.unsafe(script).simple()];
  });
  return z.array(rowShape).parse(rows);
}

/**
 * What a section says, in short.
 *
 * @param rows - the answer
 * @param section - which section
 * @returns `judgement subject fact` of each row
 */
export function inSection(rows: readonly Diagnosis[], section: string): string[] {
  return rows.filter((row) => row.section === section).map(({ judgement, subject, fact }) =>
    `${judgement} ${subject} ${fact}`
  );
}
