import { z } from "zod";
import type { HealthResult } from "../../../client/monitor/health-result.ts";
import { messageOf } from "../../lib/stack-error.ts";
import type { DbContext } from "../command.ts";
import { readHealth } from "../commands/health.ts";
import { queryOps } from "../query-ops.ts";
import { codeOf } from "../with-database.ts";
import { recommend, type Recommendation } from "./recommendations.ts";
import type { Section } from "./section.ts";
import { sections } from "./sections.ts";

/** A section with its rows. */
export interface FilledSection {
  readonly section: Section;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows there are; `rows` holds the first of them. */
  readonly total: number;
  /** Why there is nothing to show, such as an extension that is missing. */
  readonly unavailable: string | null;
}

/** Everything on the page. */
export interface ReportData {
  readonly database: string;
  readonly health: HealthResult;
  readonly recommendations: readonly Recommendation[];
  readonly sections: readonly FilledSection[];
}

// What a function says that lacks an extension or a privilege.
const UNAVAILABLE = ["0A000", "42501"];
const ROWS_SHOWN = 50;

const rowShape = z.object({ total: z.coerce.number(), row: z.record(z.string(), z.unknown()) });

/**
 * Reads everything the page shows, one statement after the other.
 *
 * @param context - connection and progress
 * @returns the data
 * @throws DbError `other_schema` when a function or column is missing
 */
export async function collectReport(
  context: Pick<DbContext, "query" | "progress" | "target" | "signal">,
): Promise<ReportData> {
  const health = await readHealth(context);
  const filled: FilledSection[] = [];
  for (const section of sections) {
    context.signal.throwIfAborted();
    context.progress.step(`Reading ${section.title.toLowerCase()}`);
    filled.push(await fill(section, context));
  }
  return { database: context.target.label, health, recommendations: recommend(health), sections: filled };
}

async function fill(section: Section, context: Pick<DbContext, "query">): Promise<FilledSection> {
  // Names are the list's own, none comes from outside.
  const pairs = section.columns.map(({ name }) => `'${name}', t.${name}`).join(", ");
  const where = section.where === undefined ? "" : ` where ${section.where}`;
  const text = `select count(*) over () as total, jsonb_build_object(${pairs}) as row ` +
    `from ops.${section.function}() as t${where} order by ${section.order} limit ${ROWS_SHOWN}`;
  try {
    const rows = await queryOps(context.query, text, rowShape);
    return { section, rows: rows.map(({ row }) => row), total: rows[0]?.total ?? 0, unavailable: null };
  } catch (error) {
    if (!UNAVAILABLE.includes(codeOf(error))) throw error;
    return { section, rows: [], total: 0, unavailable: messageOf(error) };
  }
}
