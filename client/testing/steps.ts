import { z } from "zod";
import { ask, askForRow, askShaped, tell } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { rank, searchArguments, searchInput } from "../core/search.ts";
import { changeOf, id, jsonObject } from "../core/shapes.ts";

/** A step, without the words that searches use. */
export type Step = Omit<Row<"visual_test_steps">, "tsv">;

const COLUMNS = `
  tenant_id, id, flow_id, position, action, target, value, expectation, settings, timeout_ms, description, created_at,
  updated_at
`;

const action = z.enum(valuesOf("visual_test_steps", "action"));
const place = z.int().min(1).max(1000);
const fields = {
  target: z.string().min(1).max(2000).exactOptional(),
  value: z.string().max(10_000).exactOptional(),
  expectation: jsonObject.exactOptional(),
  settings: jsonObject.exactOptional(),
  timeout_ms: z.int().min(1).max(600_000).exactOptional(),
  description: z.string().max(2000).exactOptional(),
};
const step = z.strictObject({ action, ...fields });
const insertion = step.extend({ flow_id: id, place: place.exactOptional() });
const update = changeOf({ action: action.exactOptional(), ...fields });
const replacement = z.strictObject({ flow_id: id, steps: z.array(step).max(1000) });
const move = z.strictObject({ step_id: id, place });
const one = z.strictObject({ step_id: id });
const ofFlow = z.strictObject({ flow_id: id });
const found = z.object({
  id,
  created_at: z.string(),
  flow_id: id,
  position: z.int(),
  action,
  target: z.string().nullable(),
  value: z.string().nullable(),
  description: z.string().nullable(),
  rank,
});

/** A step as a search finds it. */
export type FoundStep = z.output<typeof found>;

/**
 * Inserts a step at a position, at the end by default; those from there on move back. For members.
 *
 * @param tenant - where
 * @param input - flow, what the step does, and where
 * @returns the id of the step
 */
export function insertStep(
  { client, tenantId }: TenantClient,
  input: z.input<typeof insertion>,
): Promise<Result<string>> {
  return withInput(insertion, input, (values) =>
    ask(client.rpc("insert_visual_test_step", { tenant_id: tenantId, ...values })));
}

/**
 * Changes what a step does, and leaves it where it is. For members.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the step
 */
export function updateStep({ client, tenantId }: TenantClient, input: z.input<typeof update>): Promise<Result<Step>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("visual_test_steps").update(values).eq("tenant_id", tenantId).eq("id", key).select(COLUMNS)
        .maybeSingle(),
      "step",
    ));
}

/**
 * Moves a step to a position of its flow; those between move up or back. For members.
 *
 * @param tenant - where
 * @param input - which step, and where to
 */
export function moveStep({ client, tenantId }: TenantClient, input: z.input<typeof move>): Promise<Result<null>> {
  return withInput(move, input, (values) =>
    tell(client.rpc("move_visual_test_step", { tenant_id: tenantId, ...values })));
}

/**
 * Removes a step; those behind it move up. For members.
 *
 * @param tenant - where
 * @param input - which step
 */
export function removeStep({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<null>> {
  return withInput(one, input, (values) =>
    tell(client.rpc("remove_visual_test_step", { tenant_id: tenantId, ...values })));
}

/**
 * Replaces all steps of a flow, all or none; they get new ids. For members.
 *
 * @param tenant - where
 * @param input - flow and steps
 * @returns how many there are
 */
export function replaceSteps(
  { client, tenantId }: TenantClient,
  input: z.input<typeof replacement>,
): Promise<Result<number>> {
  return withInput(replacement, input, (values) =>
    ask(client.rpc("replace_visual_test_steps", { tenant_id: tenantId, ...values })));
}

/**
 * The steps of a flow, in order. For viewers and above.
 *
 * @param tenant - where
 * @param input - which flow
 * @returns all of them, at most 1000
 */
export function listSteps(
  { client, tenantId }: TenantClient,
  input: z.input<typeof ofFlow>,
): Promise<Result<readonly Step[]>> {
  return withInput(ofFlow, input, ({ flow_id }) =>
    ask(
      client.from("visual_test_steps").select(COLUMNS).eq("tenant_id", tenantId).eq("flow_id", flow_id)
        .order("position"),
    ));
}

/**
 * The tenant's steps whose description, value or target holds the words, and whose expectation contains the filter.
 *
 * @param tenant - where
 * @param input - what to look for
 * @returns a page, newest first
 */
export function searchSteps(
  { client, tenantId }: TenantClient,
  input: z.input<typeof searchInput>,
): Promise<Result<Page<FoundStep>>> {
  return withInput(searchInput, input, async (search) =>
    toPage(
      await askShaped(
        client.rpc("search_visual_test_steps", { tenant_id: tenantId, ...searchArguments(search) }),
        z.array(found),
      ),
      search.page_size,
    ));
}
