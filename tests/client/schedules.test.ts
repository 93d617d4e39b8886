import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import { listJobs } from "../../client/jobs/jobs.ts";
import { cancelExecution, listExecutions, readExecution } from "../../client/testing/executions.ts";
import { createFlow } from "../../client/testing/flows.ts";
import {
  createSchedule,
  listSchedules,
  removeSchedule,
  runScheduleNow,
  updateSchedule,
} from "../../client/testing/schedules.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails } from "../helpers/rowhouse-clients.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

let team: Team;
// Somebody with a tenant of their own.
let other: { readonly owner: Person; readonly tenant: string };
let flow_id: string;

beforeAll(async () => {
  team = await foundTeam();
  const owner = await signUp("stranger");
  other = { owner, tenant: await foundTenant(owner) };
  flow_id = (await orThrow(createFlow(at(team.member, team.tenant), { name: "Nightly" }))).id;
});

it("T4 X5 a manager makes, moves and removes schedules of each kind; a member does not", async () => {
  const [manager, member] = [at(team.manager, team.tenant), at(team.member, team.tenant)];
  const cron = { kind: "cron", cron: "30 9 * * mon-fri", time_zone: "Europe/Berlin", flow_id, name: "Mornings" } as const;
  const made = await orThrow(createSchedule(manager, cron));
  expect(made).toMatchObject({ kind: "cron", is_enabled: true, missed_runs: "run_once" });
  expect(made.next_run_at).not.toBeNull();
  await orThrow(createSchedule(manager, { kind: "interval", every: "6 hours", flow_id, name: "Often" }));
  await orThrow(createSchedule(manager, { kind: "once", run_at: "2099-01-01T00:00:00Z", flow_id, name: "Once" }));
  await fails(createSchedule(member, cron), "42501");
  await fails(createSchedule(manager, { ...cron, cron: "61 * * * *" }), "22023", /minute/);
  await fails(createSchedule(manager, { ...cron, time_zone: "Europe/Atlantis" }), "22023", /time zone|time_zone/);
  // @ts-expect-error a time without a zone
  await fails(createSchedule(manager, { kind: "cron", cron: "@daily", flow_id, name: "Where" }), "invalid_input", /zone/);
  await fails(
    createSchedule(manager, { kind: "once", run_at: "2020-01-01T00:00:00Z", flow_id, name: "Late" }),
    "22023",
    /past/,
  );

  expect(await orThrow(updateSchedule(manager, { id: made.id, is_enabled: false }))).toMatchObject({ next_run_at: null });
  await fails(updateSchedule(member, { id: made.id, is_enabled: true }), "PT404");
  expect((await orThrow(listSchedules(member, { is_enabled: true }))).rows.map(({ name }) => name))
    .toEqual(["Once", "Often"]);
  await fails(removeSchedule(member, { schedule_id: made.id }), "PT404");
  expect(await orThrow(removeSchedule(manager, { schedule_id: made.id }))).toBeNull();
  expect((await orThrow(listSchedules(at(other.owner, team.tenant)))).rows).toEqual([]);
});

it("T5 X5 a member runs a schedule now and cancels the run; nobody else's tenant does", async () => {
  const [manager, member, viewer] = [team.manager, team.member, team.viewer].map((person) => at(person, team.tenant));
  if (manager === undefined || member === undefined || viewer === undefined) throw new Error("Three were asked for.");
  const schedule = await orThrow(
    createSchedule(manager, { kind: "interval", every: "7 days", flow_id, name: "Weekly", settings: { retries: 1 } }),
  );
  const schedule_id = schedule.id;
  const run = await orThrow(runScheduleNow(member, { schedule_id }));
  await fails(runScheduleNow(viewer, { schedule_id }), "42501");
  await fails(runScheduleNow(at(other.owner, other.tenant), { schedule_id }), "PT404");
  const id = run.execution_id;
  expect(await orThrow(readExecution(viewer, { id }))).toMatchObject({
    status: "queued", settings: { retries: 1 }, results: {}, job_id: run.job_id, flow_version: 1,
  });
  expect((await orThrow(listExecutions(viewer, { schedule_id, status: "queued" }))).rows.map((row) => row.id)).toEqual([id]);
  expect((await orThrow(listExecutions(viewer, { flow_id, status: "passed" }))).rows).toEqual([]);
  expect((await orThrow(listJobs(viewer, { type: "run_test_execution" }))).rows.map((job) => job.id)).toEqual([run.job_id]);
  await fails(readExecution(at(other.owner, other.tenant), { id }), "PT404");
  await fails(cancelExecution(viewer, { id }), "42501");
  await orThrow(cancelExecution(member, { id }));
  await fails(cancelExecution(member, { id }), "PT409");
});
