import { z } from "zod";
import { ask, askForRow, askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import { failure, type Result, success } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { changeOf, id, jsonObject, words } from "../core/shapes.ts";

/** A workflow, with how far its tasks are. */
export type Workflow = Row<"workflows">;

const status = z.enum(valuesOf("workflows", "status"));
const phase = z.object({ name: z.string().min(1).max(200) }).catchall(z.json());
const common = {
  project_id: id.nullable().exactOptional(),
  description: z.string().max(102_400).nullable().exactOptional(),
  phases: z.array(phase).exactOptional(),
  current_phase: z.string().min(1).max(200).nullable().exactOptional(),
  metrics: jsonObject.exactOptional(),
};
const creation = z.strictObject({
  name: words(200),
  status: status.exactOptional(),
  source: z.string().min(1).max(100).exactOptional(),
  source_key: z.string().min(1).max(500).exactOptional(),
  ...common,
}).refine(({ source, source_key }) => source_key === undefined || source !== undefined, {
  path: ["source_key"],
  message: "needs a source",
});
const update = changeOf({ name: words(200).exactOptional(), ...common });
const move = z.strictObject({ workflow_id: id, status, current_phase: z.string().min(1).max(200).exactOptional() });
const list = pageInput.extend({ status: status.exactOptional(), project_id: id.exactOptional() });
const one = z.strictObject({ id });
const moves = z.tuple([z.object({ previous_status: status, new_status: status, progress: z.int() })]);

/** A change of a workflow's status. */
export type MovedWorkflow = z.output<typeof moves>[0];

/**
 * Makes a workflow; `planned` unless the input says that it is further. For members.
 *
 * @param tenant - where
 * @param input - its name, and what else is known
 * @returns the workflow
 */
export function createWorkflow(
  { client, tenantId }: TenantClient,
  input: z.input<typeof creation>,
): Promise<Result<Workflow>> {
  return withInput(creation, input, (values) =>
    ask(client.from("workflows").insert({ tenant_id: tenantId, ...values }).select().single()));
}

/**
 * Changes what a workflow is, and leaves its status. For members.
 *
 * @param tenant - where
 * @param input - its id, and what changes; phases and metrics replace those before
 * @returns the workflow
 */
export function updateWorkflow(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<Workflow>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("workflows").update(values).eq("tenant_id", tenantId).eq("id", key).select().maybeSingle(),
      "workflow",
    ));
}

/**
 * Moves a workflow to another status, and to another phase when one is named. For members.
 *
 * @param tenant - where
 * @param input - which, and where to
 * @returns the status before and now, and the progress in percent; PT409 when the one does not lead to the other
 */
export function updateWorkflowStatus(
  { client, tenantId }: TenantClient,
  input: z.input<typeof move>,
): Promise<Result<MovedWorkflow>> {
  return withInput(move, input, async (values) => {
    const { data, error } = await askShaped(
      client.rpc("update_workflow_status", { tenant_id: tenantId, ...values }),
      moves,
    );
    return error === null ? success(data[0]) : failure(error);
  });
}

/**
 * A workflow. For viewers and above.
 *
 * @param tenant - where
 * @param input - which
 * @returns the workflow
 */
export function readWorkflow(
  { client, tenantId }: TenantClient,
  input: z.input<typeof one>,
): Promise<Result<Workflow>> {
  return withInput(one, input, (asked) =>
    askForRow(
      client.from("workflows").select().eq("tenant_id", tenantId).eq("id", asked.id).maybeSingle(),
      "workflow",
    ));
}

/**
 * The tenant's workflows, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, status, project
 * @returns a page
 */
export function listWorkflows(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<Workflow>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("workflows").select().eq("tenant_id", tenantId);
    if (page.status !== undefined) query = query.eq("status", page.status);
    if (page.project_id !== undefined) query = query.eq("project_id", page.project_id);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
