import { z } from "zod";
import type { Query } from "../../db/command.ts";
import { codeOf } from "../../db/with-database.ts";
import { messageOf } from "../../lib/stack-error.ts";
import { Refusal } from "../report/refusal.ts";
import type { FilePlan } from "../transform/plan-file.ts";
import { type LoadedTag, type LoadOptions, loadTag } from "./load-tag.ts";
import { SOURCE } from "./source.ts";
import { MAKE_STAGE } from "./stage-statements.ts";
import { inTransaction } from "./transaction.ts";
import { LOCK_SOURCE } from "./workflow-statements.ts";

/** What became of a file in the database. */
export interface LoadedFile {
  /** In the order of the plan's tags. */
  readonly tags: readonly LoadedTag[];
  /** Keys of workflows of earlier imports whose tag the file no longer has. They stay as they are. */
  readonly gone_workflows: readonly string[];
}

const keyShape = z.object({ key: z.string() });

const OTHER_WORKFLOWS = `
  select w.source_key as key
  from public.workflows as w
  where w.tenant_id = $1::text::uuid and w.source = '${SOURCE}' and starts_with(w.source_key, $2)
  order by w.source_key`;

/**
 * Loads a file in one transaction: all of it, or nothing.
 *
 * @param query - runs a statement on the one connection
 * @param plan - the file
 * @param source - what its workflows are known by
 * @param options - how; dry: everything is undone at the end
 * @returns what became of it
 * @throws Refusal when the database does not take it; nothing is kept then
 */
export async function loadFile(
  query: Query,
  plan: FilePlan,
  source: string,
  options: LoadOptions & { readonly isDry: boolean; readonly onTag: (tag: string) => void },
): Promise<LoadedFile> {
  try {
    return await inTransaction(query, !options.isDry, async () => {
      await query(LOCK_SOURCE, [options.tenant, source]);
      await query(MAKE_STAGE);
      const tags: LoadedTag[] = [];
      for (const tag of plan.tags) {
        options.onTag(tag.tag);
        tags.push(await loadTag(query, tag, options));
      }
      const keys = new Set(plan.tags.map(({ workflow }) => workflow.source_key));
      const others = z.array(keyShape).parse(await query(OTHER_WORKFLOWS, [options.tenant, `${source}#`]));
      return { tags, gone_workflows: others.map(({ key }) => key).filter((key) => !keys.has(key)) };
    });
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** A rule of the database that the file breaks: class 22 or 23, or the house's own. Else it is not the file's fault. */
function refusalOf(error: unknown): Refusal | undefined {
  const code = codeOf(error);
  if (!/^(23|22|PT4)/.test(code)) return undefined;
  const detail = typeof error === "object" && error !== null && "detail" in error ? String(error.detail) : "";
  const isCircle = code === "PT409" && messageOf(error).includes("circle");
  const told = `${messageOf(error)}${detail === "" ? "" : ` (${detail})`}`;
  return isCircle
    ? new Refusal("circle", `${told} A dependency made here closes it with those of the file: delete one of them.`)
    : new Refusal("refused_by_database", `${told} (SQLSTATE ${code})`);
}
