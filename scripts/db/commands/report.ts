import { writeFileSync } from "node:fs";
import { messageOf } from "../../lib/stack-error.ts";
import type { DbContext, DbResult } from "../command.ts";
import { DbError } from "../db-error.ts";
import { collectReport } from "../report/collect.ts";
import { renderHtml } from "../report/html.ts";
import { renderMarkdown } from "../report/markdown.ts";

/**
 * `report`: writes everything worth knowing about a database on one page.
 *
 * @param context - connection and options
 * @returns exit code 0; the data for `--json`
 * @throws DbError `other_schema` when the database has not the migrations for it, `failed` when the
 *   file cannot be written
 */
export async function report(context: DbContext): Promise<DbResult> {
  const data = await collectReport(context);
  const page = context.format === "html" ? renderHtml(data) : renderMarkdown(data);
  if (context.out !== undefined) {
    try {
      // Query texts may hold what tenants wrote.
      writeFileSync(context.out, page, { mode: 0o600 });
    } catch (error) {
      throw new DbError("failed", `The report cannot be written: ${messageOf(error)}.`, error);
    }
    context.terminal.tell(`Wrote ${context.out}.`);
  } else if (!context.json) context.terminal.print(page);
  return {
    exitCode: 0,
    report: {
      ...data,
      sections: data.sections.map(({ section, rows, total, unavailable }) => ({
        title: section.title,
        function: section.function,
        total,
        unavailable,
        rows,
      })),
    },
  };
}
