import { parseJson } from "../json/parse-json.ts";
import type { Oddity } from "../report/oddity.ts";
import { type FilePlan, planFile } from "./plan-file.ts";
import type { TaskRow } from "./task-row.ts";

/** A plan, in words for tests. */
export interface PlanView extends FilePlan {
  /** All rows of the first tag by their keys. */
  readonly rows: ReadonlyMap<string, TaskRow>;
  /** Dependencies of the first tag: "1 > 2" is "1 waits for 2". */
  readonly edges: readonly string[];
  /** Codes of the oddities, each once, in their order. */
  readonly codes: readonly string[];
  readonly oddity: (code: string) => Oddity | undefined;
}

/**
 * Plans a file that is written down in a test.
 *
 * @param content - JSON as text, or a value
 * @returns the plan
 */
export function planOf(content: unknown): PlanView {
  const root = parseJson(typeof content === "string" ? content : JSON.stringify(content));
  const file = { path: "tasks.json", bytes: 0, sha256: "", encoding: "utf-8", root } as const;
  const plan = planFile(file, "/nowhere/tasks.json", "shop");
  const rows = plan.tags[0]?.rows ?? [];
  return {
    ...plan,
    rows: new Map(rows.map((row) => [row.source_key, row])),
    edges: rows.flatMap((row) => row.depends_on.map((on) => `${row.source_key} > ${on}`)),
    codes: [...new Set(plan.oddities.map(({ code }) => code))],
    oddity: (code) => plan.oddities.find((each) => each.code === code),
  };
}

/**
 * A task as Task Master writes it.
 *
 * @param id - its id
 * @param more - what else it has, or has instead
 * @returns the task
 */
export function task(id: unknown, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    title: `Task ${String(id)}`,
    status: "pending",
    priority: "medium",
    dependencies: [],
    subtasks: [],
    ...more,
  };
}
