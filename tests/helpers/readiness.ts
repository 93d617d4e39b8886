import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { projectDir } from "../../scripts/migrate/migration-files.ts";
import type { TestDatabase } from "./database.ts";

const countRow = z.object({ count: z.coerce.number() });
const idRow = z.object({ id: z.string() });

/**
 * Adds the reference that private.task_readiness is compared with: a plain recursive query over tasks and
 * dependencies, the same one that the tests in SQL use.
 *
 * @param database - where
 */
export async function addReference(database: TestDatabase): Promise<void> {
  const file = path.join(projectDir, "supabase/tests/helpers/readiness.psql");
  await database.sql.unsafe(`create schema tests; ${readFileSync(file, "utf8")}`);
}

/**
 * How many tasks private.task_readiness is wrong about.
 *
 * @param database - one with the reference
 * @returns the number of rows that differ, are missing or are too many
 */
export async function untrueRows(database: TestDatabase): Promise<number> {
  const [row] = await database.sql`select tests.untrue() as count`;
  return countRow.parse(row).count;
}

/**
 * What can be begun in a workflow, told by the function and by the reference.
 *
 * @param database - one with the reference
 * @param tenant - whose
 * @param workflow - which
 * @param pageSize - how many tasks at most
 * @returns the ids in their order, of both
 */
export async function nextTasks(
  database: TestDatabase,
  tenant: string,
  workflow: string,
  pageSize: number,
): Promise<{ readonly told: readonly string[]; readonly expected: readonly string[] }> {
  const told = await database.sql`select id from public.next_tasks(${tenant}, ${workflow}, ${pageSize})`;
  const expected = await database.sql`
    select t.task_id as id from tests.task_truth as t
    where t.tenant_id = ${tenant} and t.workflow_id = ${workflow} and t.is_ready
    order by t.priority_rank, t.position, t.task_id limit ${pageSize}
  `;
  const idsOf = (rows: readonly unknown[]): string[] => rows.map((row) => idRow.parse(row).id);
  return { told: idsOf(told), expected: idsOf(expected) };
}
