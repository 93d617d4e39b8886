import { z } from "zod";
import type { Query } from "../../db/command.ts";
import { type Account, accountOf, missingIn } from "../report/account.ts";
import { Refusal } from "../report/refusal.ts";
import type { TagPlan } from "../transform/plan-file.ts";
import {
  INSERT_DEPENDENCIES,
  NESTED_LOOPS,
  NO_NESTED_LOOPS,
  TAKE_BACK_DEPENDENCIES,
  TAKE_BACK_OF_GONE,
} from "./dependency-statements.ts";
import { ANALYZE_STAGE, COMPARE_TITLES, COUNT_LOADED, FILL_STAGE, FIND_GONE } from "./stage-statements.ts";
import { DELETE_GONE, FORGET_GONE, INSERT_TASKS, STEP_STATUS, UPDATE_TASKS } from "./task-statements.ts";
import { FIND_WORKFLOW, PUT_WORKFLOW } from "./workflow-statements.ts";

/** How to import. */
export interface LoadOptions {
  /** The tenant's id. */
  readonly tenant: string;
  /** Whether tasks that the file no longer has are deleted. */
  readonly isRemoving: boolean;
  /** Whether a workflow that is over is taken up again when it has to change. */
  readonly isReopening: boolean;
  /** Whether other tasks under the same source are no reason to refuse. */
  readonly isForced: boolean;
}

/** What became of a tag in the database. */
export interface LoadedTag {
  readonly workflow_id: string;
  readonly workflow: "new" | "changed" | "unchanged";
  /** Tasks and subtasks. */
  readonly inserted: number;
  readonly updated: number;
  readonly account: Account;
  readonly gone: readonly { readonly key: string; readonly title: string }[];
  readonly is_removed: boolean;
  /** Dependencies of an earlier import that the file no longer has. */
  readonly taken_back: readonly { readonly key: string; readonly on_key: string }[];
}

const workflowShape = z.object({ id: z.string(), status: z.string(), hash: z.string().nullable() });
const idShape = z.object({ id: z.string() });
const titlesShape = z.object({ common: z.number(), alike: z.number() });
const goneShape = z.object({ id: z.string(), key: z.string(), title: z.string() });
const takenBackShape = z.object({ key: z.string(), on_key: z.string() });
const countsShape = z.object({
  inserted: z.number(),
  updated: z.number(),
  tasks: z.number(),
  subtasks: z.number(),
  dependencies: z.number(),
  removed_here: z.number(),
});

/** With so many tasks in common, and none with the same title, it is another project. */
const ENOUGH_TO_COMPARE = 4;

/**
 * Loads one tag, within a transaction that holds the stage.
 *
 * @param query - runs a statement
 * @param plan - the tag
 * @param options - how
 * @returns what became of it
 * @throws Refusal `workflow_over`, `another_project`, `counts_differ`; what the database throws
 */
export async function loadTag(query: Query, plan: TagPlan, options: LoadOptions): Promise<LoadedTag> {
  const { tenant } = options;
  const before = z.array(workflowShape).parse(await query(FIND_WORKFLOW, [tenant, plan.workflow.source_key]))[0];
  const isSame = before?.hash === plan.workflow.source_hash;
  const workflow = before?.id ?? (await putWorkflow(query, plan, tenant));
  const at = [tenant, workflow];

  await query("truncate pg_temp.import_stage");
  await query(FILL_STAGE, [...at, JSON.stringify(plan.rows)]);
  await query(ANALYZE_STAGE);
  if (!options.isForced) await refuseOtherProject(query, plan);
  const gone = z.array(goneShape).parse(await query(FIND_GONE, at));
  const goneIds = JSON.stringify(gone.map(({ id }) => id));
  await reopen(query, plan, before, options);

  const takenBack = await takeBack(query, at, goneIds);
  await query(options.isRemoving ? DELETE_GONE : FORGET_GONE, [tenant, goneIds]);
  await query(INSERT_TASKS, at);
  while ((await query(STEP_STATUS, [tenant])).length > 0);
  await query(UPDATE_TASKS, [tenant]);
  await query(INSERT_DEPENDENCIES, at);
  // Last: who changes a task of the workflow meanwhile holds the task first and the workflow then.
  if (before !== undefined && !isSame) await putWorkflow(query, plan, tenant);

  const counts = countsShape.parse((await query(COUNT_LOADED, at))[0]);
  const account = accountOf(plan, counts);
  const missing = missingIn(account);
  if (missing !== undefined) {
    throw new Refusal("counts_differ", `${plan.pointer}: ${missing}. Nothing of the file was kept; please report it.`);
  }
  return {
    workflow_id: workflow,
    workflow: before === undefined ? "new" : isSame ? "unchanged" : "changed",
    inserted: counts.inserted,
    updated: counts.updated,
    account,
    gone: gone.map(({ key, title }) => ({ key, title })),
    is_removed: options.isRemoving,
    taken_back: takenBack,
  };
}

async function takeBack(query: Query, at: readonly string[], goneIds: string): Promise<LoadedTag["taken_back"]> {
  await query(NO_NESTED_LOOPS);
  const ofChanged = await query(TAKE_BACK_DEPENDENCIES, at);
  await query(NESTED_LOOPS);
  return z.array(takenBackShape).parse([...ofChanged, ...await query(TAKE_BACK_OF_GONE, [...at, goneIds])]);
}

async function putWorkflow(query: Query, plan: TagPlan, tenant: string): Promise<string> {
  return idShape.parse((await query(PUT_WORKFLOW, [tenant, JSON.stringify(plan.workflow)]))[0]).id;
}

async function refuseOtherProject(query: Query, plan: TagPlan): Promise<void> {
  const { common, alike } = titlesShape.parse((await query(COMPARE_TITLES))[0]);
  if (common < ENOUGH_TO_COMPARE || alike > 0) return;
  throw new Refusal(
    "another_project",
    `${plan.workflow.source_key} was imported before, and none of its ${common} tasks has the title that the file ` +
      "gives it: this seems to be another project. Name it with --source, or add --force.",
  );
}

async function reopen(
  query: Query,
  plan: TagPlan,
  before: z.infer<typeof workflowShape> | undefined,
  options: LoadOptions,
): Promise<void> {
  if (before === undefined || (before.status !== "completed" && before.status !== "cancelled")) return;
  const changes = await query("select from pg_temp.import_stage as s where s.is_new or s.is_changed limit 1");
  if (changes.length === 0) return;
  if (!options.isReopening) {
    throw new Refusal(
      "workflow_over",
      `The workflow ${plan.workflow.source_key} (${before.id}) is ${before.status}, and the file has changed since. ` +
        "Take it up again with --reopen.",
    );
  }
  const status = before.status === "completed" ? "active" : "planned";
  await query("select public.update_workflow_status($1::text::uuid, $2::text::uuid, $3)", [
    options.tenant,
    before.id,
    status,
  ]);
}
