import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import { listFinishedJobs, listJobs, requestJob, withdrawJob } from "../../client/jobs/jobs.ts";
import {
  cancelJob,
  enqueueJob,
  enqueueJobs,
  getQueueStats,
  pauseQueue,
  retryDeadJobs,
} from "../../client/jobs/queue.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails, serviceClient } from "../helpers/rowhouse-clients.ts";
import { openSql } from "../helpers/sql.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

const sql = openSql();
const service = serviceClient();
// A queue of its own: others claim from the shared ones.
const queue = `client-${randomUUID().slice(0, 8)}`;
const type = `report ${queue}`;
let team: Team;
// Somebody with a tenant of their own.
let other: { readonly owner: Person; readonly tenant: string };

beforeAll(async () => {
  team = await foundTeam();
  const owner = await signUp("stranger");
  other = { owner, tenant: await foundTenant(owner) };
  await sql`insert into ops.job_queues (name) values (${queue})`;
  await sql`insert into ops.job_types (type, queue, lowest_role) values (${type}, ${queue}, 'member')`;
});

it("T6 X5 a member asks for a job that is open to them and takes it back", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const asked = await orThrow(requestJob(member, { type, payload: { month: "2026-11" }, dedupe_key: "november" }));
  expect(await orThrow(requestJob(member, { type, dedupe_key: "november" })))
    .toEqual({ job_id: asked.job_id, is_duplicate: true });
  await fails(requestJob(viewer, { type }), "42501");
  await fails(requestJob(member, { type: "run_test_execution" }), "PT404");
  await fails(requestJob(at(other.owner, team.tenant), { type }), "PT404");
  await fails(requestJob(member, { type, dedupe_key: "" }), "invalid_input", /^dedupe_key/);
  expect((await orThrow(listJobs(viewer, { queue, status: "queued" }))).rows.map(({ id }) => id)).toEqual([asked.job_id]);
  await fails(withdrawJob(at(other.owner, other.tenant), asked), "invalid_input", /is_duplicate/);
  await fails(withdrawJob(at(other.owner, other.tenant), { job_id: asked.job_id }), "PT404");
  await orThrow(withdrawJob(member, { job_id: asked.job_id }));
  expect((await orThrow(listFinishedJobs(viewer, { queue, type }))).rows)
    .toMatchObject([{ id: asked.job_id, status: "cancelled", payload: { month: "2026-11" } }]);
});

it("T6 X5 the service role fills, watches, pauses and empties a queue; a user does none of it", async () => {
  const tenant_id = team.tenant;
  const made = await orThrow(enqueueJob(service, { tenant_id, type, queue, priority: 5, dedupe_key: "k" }));
  const batch = await orThrow(enqueueJobs(service, [
    { tenant_id, type, queue, dedupe_key: "k" },
    { tenant_id, type, queue, run_at: "2099-01-01T00:00:00Z" },
    { tenant_id: other.tenant, type, queue, payload: { pages: [1, 2] } },
  ]));
  expect(batch.map(({ place, is_duplicate }) => [place, is_duplicate])).toEqual([[1, true], [2, false], [3, false]]);
  expect(batch[0]?.job_id).toBe(made.job_id);
  await orThrow(pauseQueue(service, { name: queue, reason: "The runner is away." }));
  expect(await orThrow(getQueueStats(service, { name: queue })))
    .toMatchObject([{ is_paused: true, waiting: 2, later: 1, waiting_tenants: 2, running: 0 }]);
  await orThrow(pauseQueue(service, { name: queue, is_paused: false }));
  expect(await orThrow(cancelJob(service, { tenant_id, job_id: made.job_id }))).toBe("queued");
  await fails(cancelJob(service, { tenant_id, job_id: made.job_id }), "PT409");

  const [claimed] = await sql`select lease_id, job_id from public.claim_jobs(${queue}, 'a worker')`;
  await sql`select public.fail_job(${claimed?.lease_id}, ${claimed?.job_id}, 'No.', is_permanent => true)`;
  expect(await orThrow(retryDeadJobs(service, { queue }))).toBe(1);

  const { client } = at(team.owner, team.tenant);
  await fails(enqueueJob(client, { tenant_id, type, queue }), "42501");
  await fails(enqueueJobs(client, []), "42501");
  await fails(pauseQueue(client, { name: queue }), "42501");
  await fails(getQueueStats(client), "42501");
  await fails(retryDeadJobs(client, { queue }), "42501");
});

it("T6 X5 a batch with one bad job is not sent, and the issue says which", async () => {
  const good = { tenant_id: team.tenant, type, queue };
  const { error } = await enqueueJobs(service, [good, { ...good, priority: 1001 }, { ...good, dedupe_window: "1 day" }]);
  expect(error?.issues.map((issue) => issue.path)).toEqual([[1, "priority"], [2, "dedupe_window"]]);
  await fails(enqueueJob(service, { ...good, queue: "nowhere" }), "PT404");
});
