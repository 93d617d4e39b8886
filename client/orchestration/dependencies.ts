import { z } from "zod";
import { ask, askForRow } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import { failure, type Result, success } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { id } from "../core/shapes.ts";

/** What a task depends on. */
export type Dependency = Row<"task_dependencies">;

const addition = z.strictObject({
  workflow_id: id,
  task_id: id,
  depends_on_id: id,
  /** Left out: the same workflow. */
  depends_on_workflow_id: id.exactOptional(),
  type: z.enum(valuesOf("task_dependencies", "type")).exactOptional(),
}).refine(({ task_id, depends_on_id }) => task_id !== depends_on_id, {
  path: ["depends_on_id"],
  message: "is the task itself",
});
const one = z.strictObject({ dependency_id: id });
const list = pageInput.extend({ workflow_id: id, task_id: id.exactOptional() });
const waiting = pageInput.extend({ workflow_id: id, task_id: id });

/**
 * Makes a task depend on another one of the tenant: `blocks`, so that it waits, unless the input names another type.
 * For members.
 *
 * @param tenant - where
 * @param input - the task with its workflow, and the one it depends on
 * @returns the dependency; PT409 for a circle, and for a workflow that is over on either side
 */
export function addDependency(
  { client, tenantId }: TenantClient,
  input: z.input<typeof addition>,
): Promise<Result<Dependency>> {
  return withInput(addition, input, ({ workflow_id, depends_on_workflow_id = workflow_id, ...values }) =>
    ask(
      client.from("task_dependencies").insert({ tenant_id: tenantId, workflow_id, depends_on_workflow_id, ...values })
        .select().single(),
    ));
}

/**
 * Takes a dependency back. For members.
 *
 * @param tenant - where
 * @param input - which
 */
export function removeDependency(
  { client, tenantId }: TenantClient,
  input: z.input<typeof one>,
): Promise<Result<null>> {
  return withInput(one, input, async ({ dependency_id }) => {
    const { error } = await askForRow(
      client.from("task_dependencies").delete().eq("tenant_id", tenantId).eq("id", dependency_id).select("id")
        .maybeSingle(),
      "dependency",
    );
    return error === null ? success(null) : failure(error);
  });
}

/**
 * What the tasks of a workflow depend on, or one of them, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - the workflow, page, and one task
 * @returns a page
 */
export function listDependencies(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list>,
): Promise<Result<Page<Dependency>>> {
  return withInput(list, input, async (page) => {
    const all = client.from("task_dependencies").select().eq("tenant_id", tenantId).eq("workflow_id", page.workflow_id);
    const query = page.task_id === undefined ? all : all.eq("task_id", page.task_id);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * What depends on a task, in whichever workflow, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - the task with its workflow, and page
 * @returns a page
 */
export function listDependents(
  { client, tenantId }: TenantClient,
  input: z.input<typeof waiting>,
): Promise<Result<Page<Dependency>>> {
  return withInput(waiting, input, async (page) => {
    const query = client.from("task_dependencies").select().eq("tenant_id", tenantId)
      .eq("depends_on_workflow_id", page.workflow_id).eq("depends_on_id", page.task_id);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
