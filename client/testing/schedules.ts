import { z } from "zod";
import { ask, askForRow, askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import { failure, type Result, success } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { changeOf, id, interval, jsonObject, time, words } from "../core/shapes.ts";

/** A schedule. */
export type Schedule = Row<"test_schedules">;

const common = {
  project_id: id.nullable().exactOptional(),
  missed_runs: z.enum(valuesOf("test_schedules", "missed_runs")).exactOptional(),
  grace: interval.exactOptional(),
  ends_at: time.nullable().exactOptional(),
  is_enabled: z.boolean().exactOptional(),
  settings: jsonObject.exactOptional(),
};
// Whether the expression and the zone are any is said by the database, with the field that is wrong.
const cron = z.string().min(1).max(500);
const zone = z.string().min(1).max(100);
const named = { flow_id: id, name: words(200), ...common };
const creation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("once"), run_at: time, ...named }),
  z.strictObject({ kind: z.literal("interval"), every: interval, ...named }),
  z.strictObject({ kind: z.literal("cron"), cron, time_zone: zone, ...named }),
]);
const update = changeOf({
  flow_id: id.exactOptional(),
  name: words(200).exactOptional(),
  kind: z.enum(valuesOf("test_schedules", "kind")).exactOptional(),
  run_at: time.nullable().exactOptional(),
  every: interval.nullable().exactOptional(),
  cron: cron.nullable().exactOptional(),
  time_zone: zone.nullable().exactOptional(),
  ...common,
});
const list = pageInput.extend({ is_enabled: z.boolean().exactOptional() });
const one = z.strictObject({ schedule_id: id });
const runs = z.tuple([z.object({ execution_id: id, job_id: id })]);

/** A run that was made. */
export type RequestedRun = z.output<typeof runs>[0];

/**
 * Makes a schedule: once at a time, every so long, or by cron in a time zone. For managers and above.
 *
 * @param tenant - where
 * @param input - what runs when
 * @returns the schedule, with its next_run_at
 */
export function createSchedule(
  { client, tenantId }: TenantClient,
  input: z.input<typeof creation>,
): Promise<Result<Schedule>> {
  return withInput(creation, input, (values) =>
    ask(client.from("test_schedules").insert({ tenant_id: tenantId, ...values }).select().single()));
}

/**
 * Changes a schedule, or switches it off and on with `is_enabled`. Its next time is computed anew. For managers and
 * above.
 *
 * @param tenant - where
 * @param input - its id, and what changes; another kind needs the fields of that kind, and null for those of the old one
 * @returns the schedule
 */
export function updateSchedule(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<Schedule>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("test_schedules").update(values).eq("tenant_id", tenantId).eq("id", key).select().maybeSingle(),
      "schedule",
    ));
}

/**
 * Removes a schedule; what it ran stays. For managers and above.
 *
 * @param tenant - where
 * @param input - which
 */
export async function removeSchedule(
  { client, tenantId }: TenantClient,
  input: z.input<typeof one>,
): Promise<Result<null>> {
  return withInput(one, input, async ({ schedule_id }) => {
    const { error } = await askForRow(
      client.from("test_schedules").delete().eq("tenant_id", tenantId).eq("id", schedule_id).select("id").maybeSingle(),
      "schedule",
    );
    return error === null ? success(null) : failure(error);
  });
}

/**
 * The tenant's schedules, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, and whether those that are on
 * @returns a page
 */
export function listSchedules(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<Schedule>>> {
  return withInput(list, input, async (page) => {
    const all = client.from("test_schedules").select().eq("tenant_id", tenantId);
    const query = page.is_enabled === undefined ? all : all.eq("is_enabled", page.is_enabled);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * Runs a schedule once more, now; its next time stays. For members.
 *
 * @param tenant - where
 * @param input - which
 * @returns the execution and its job
 */
export async function runScheduleNow(
  { client, tenantId }: TenantClient,
  input: z.input<typeof one>,
): Promise<Result<RequestedRun>> {
  return withInput(one, input, async (values) => {
    const { data, error } = await askShaped(
      client.rpc("run_test_schedule_now", { tenant_id: tenantId, ...values }),
      runs,
    );
    return error === null ? success(data[0]) : failure(error);
  });
}
