import path from "node:path";
import type postgres from "postgres";
import { z } from "zod";
import { projectDir } from "../migrate/migration-files.ts";
import { expandIncludes } from "../test/pgtap/expand-includes.ts";

const cellShape = z.object({
  object: z.string(),
  actor: z.string(),
  verb: z.string(),
  position: z.string(),
  expected: z.string(),
  got: z.string(),
});

/** One actor tried one verb in one position: what was declared, and what happened (rows, or an SQLSTATE). */
export type Cell = z.infer<typeof cellShape>;

// What the tests under supabase/tests/matrix include.
const helpers = ["cast", "catalog", "functions", "chat", "matrix", "matrix/functions"];

/**
 * Executes the isolation matrix, all of it, in a transaction that is rolled back.
 *
 * @param sql - a database with all migrations and no rows, one connection, as `postgres`
 * @returns the cells, in the order they ran
 */
export async function runMatrix(sql: postgres.Sql): Promise<Cell[]> {
  await sql.unsafe("begin");
  try {
    for (const helper of helpers) {
      await sql.unsafe(expandIncludes(path.join(projectDir, "supabase/tests/helpers", `${helper}.psql`)));
    }
    await sql`select tests.refresh_views()`;
    await sql`select tests.table_cells(object) from tests.table_targets order by object`;
    await sql`select tests.closed_cells(object) from tests.closed_targets order by object`;
    await sql`select tests.view_cells(object) from tests.view_targets order by object`;
    await sql`select tests.function_cells(object) from tests.function_targets order by object`;
    const rows = await sql`select object, actor, verb, position, expected, got from tests.cells order by id`;
    return rows.map((row) => cellShape.parse(row));
  } finally {
    await sql.unsafe("rollback");
  }
}
