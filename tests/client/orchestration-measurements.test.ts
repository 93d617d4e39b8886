import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import { acknowledgeAlert, listTenantAlerts, resolveAlert } from "../../client/orchestration/alerts.ts";
import { listExecutionHistory, recordExecution } from "../../client/orchestration/execution-history.ts";
import { listMetricBaselines, listMetrics, recordMetric, recordMetrics } from "../../client/orchestration/metrics.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails } from "../helpers/rowhouse-clients.ts";
import { openSql } from "../helpers/sql.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

const sql = openSql();
let team: Team;
// Somebody with a tenant of their own.
let other: { readonly owner: Person; readonly tenant: string };

beforeAll(async () => {
  team = await foundTeam();
  const owner = await signUp("stranger");
  other = { owner, tenant: await foundTenant(owner) };
});

it("O6 X5 members measure, one by one and in batches; viewers read", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const tags = { environment: "live", host: "a1", retries: 2, cached: false };
  await orThrow(recordMetric(member, { name: "build", value: 12.5, type: "timer", unit: "ms", tags }));
  const batch = [{ name: "cpu", value: 0.5 }, { name: "cpu", value: -0.25, tags: { host: "b2" } }];
  expect(await orThrow(recordMetrics(member, batch))).toBe(2);
  expect((await orThrow(listMetrics(viewer, { name: "build" }))).rows)
    .toMatchObject([{ type: "timer", value: 12.5, environment: "live", host: "a1", tags }]);
  expect((await orThrow(listMetrics(viewer, { host: "b2" }))).rows.map(({ value }) => value)).toEqual([-0.25]);
  expect((await orThrow(listMetrics(viewer, { environment: "test" }))).rows).toEqual([]);
  const first = await orThrow(listMetrics(viewer, { page_size: 2 }));
  const second = await orThrow(listMetrics(viewer, { page_size: 2, after: first.next }));
  expect([...first.rows, ...second.rows].map(({ value }) => value).sort()).toEqual([-0.25, 0.5, 12.5]);

  await fails(recordMetric(viewer, { name: "cpu", value: 1 }), "42501");
  await fails(recordMetric(at(other.owner, team.tenant), { name: "cpu", value: 1 }), "PT404");
  expect((await orThrow(listMetrics(at(other.owner, team.tenant)))).rows).toEqual([]);
});

it("O6 X5 a value that is not finite is not sent, alone or in a batch, and the issue says which", async () => {
  const member = at(team.member, team.tenant);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    await fails(recordMetric(member, { name: "odd", value }), "invalid_input", /^value/);
    const { error } = await recordMetrics(member, [{ name: "odd", value: 1 }, { name: "odd", value }]);
    expect(error?.issues.map((issue) => issue.path)).toEqual([[1, "value"]]);
    await fails(recordMetric(member, { name: "odd", value: 1, tags: { share: value } }), "invalid_input", /^tags/);
  }
  await fails(recordMetric(member, { name: "odd", value: -1, type: "counter" }), "23514", /count_is_not_negative/);
  // @ts-expect-error a type that there is not
  await fails(recordMetric(member, { name: "odd", value: 1, type: "summary" }), "invalid_input", /^type/);
  await orThrow(recordMetric(member, { name: "odd", value: Number.MAX_VALUE }));
  expect((await orThrow(listMetrics(member, { name: "odd" }))).rows.map(({ value }) => value)).toEqual([
    Number.MAX_VALUE,
  ]);
});

it("O6 X5 executions are recorded as they ended, and a failed one says why", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const started_at = new Date(Date.now() - 60_000).toISOString();
  const good = await orThrow(recordExecution(member, { name: "deploy", status: "succeeded", started_at }));
  const failed = { name: "deploy", status: "failed", started_at, error: "No room.", subject_id: team.tenant } as const;
  const bad = await orThrow(recordExecution(member, { ...failed, subject_type: "workflow", attempt: 2 }));
  const [row, ...others] = (await orThrow(listExecutionHistory(viewer, { status: "failed" }))).rows;
  expect([row, others]).toMatchObject([{ id: bad, error: "No room.", attempt: 2, created_by: team.member.id }, []]);
  expect(row?.duration_ms).toBeGreaterThanOrEqual(60_000);
  expect((await orThrow(listExecutionHistory(viewer))).rows.map(({ id }) => id)).toEqual([bad, good]);
  expect((await orThrow(listExecutionHistory(viewer, { subject_id: team.tenant }))).rows.map(({ id }) => id)).toEqual([
    bad,
  ]);

  // @ts-expect-error an execution that failed says why
  await fails(recordExecution(member, { name: "deploy", status: "failed", started_at }), "invalid_input", /^error/);
  const later = { name: "deploy", status: "succeeded", started_at: "2099-01-01T00:00:00Z" } as const;
  await fails(recordExecution(member, later), "23514", /starts_before_it_ends/);
  await fails(recordExecution(viewer, { ...later, started_at }), "42501");
  await fails(recordExecution(at(other.owner, team.tenant), { ...later, started_at }), "PT404");
});

it("O7 X5 a member acknowledges and resolves an alert, once; a viewer sees it and the baseline", async () => {
  const [member, viewer, stranger] = [
    at(team.member, team.tenant),
    at(team.viewer, team.tenant),
    at(other.owner, team.tenant),
  ];
  const [alert] = await sql`
    insert into public.tenant_alerts (tenant_id, fingerprint, kind, severity, title, recommendation, began_at)
    values (${team.tenant}, 'spike cpu', 'spike', 'warning', 'cpu is high.', 'Look at the host.', now()) returning id
  `;
  await sql`
    insert into public.metric_baselines (tenant_id, name, tags_key, samples, median, scale, low, high, trend)
    values (${team.tenant}, 'cpu', 'none', 60, 0.5, 0.1, 0.2, 0.8, 'rising')
  `;
  const alert_id: string = alert?.id;
  expect((await orThrow(listTenantAlerts(viewer, { status: "open", kind: "spike" }))).rows.map(({ id }) => id)).toEqual(
    [alert_id],
  );
  expect((await orThrow(listMetricBaselines(viewer, { trend: "rising" }))).rows).toMatchObject([{
    name: "cpu",
    median: 0.5,
  }]);
  expect((await orThrow(listMetricBaselines(viewer, { name: "build" }))).rows).toEqual([]);
  await fails(acknowledgeAlert(viewer, { alert_id }), "42501");
  await fails(resolveAlert(stranger, { alert_id }), "PT404");
  expect(await orThrow(acknowledgeAlert(member, { alert_id }))).toBeNull();
  await fails(acknowledgeAlert(member, { alert_id }), "PT409", /acknowledged already/);
  expect(await orThrow(resolveAlert(member, { alert_id }))).toBeNull();
  await fails(resolveAlert(member, { alert_id }), "PT409", /resolved already/);
  expect((await orThrow(listTenantAlerts(viewer, { severity: "warning" }))).rows)
    .toMatchObject([{ status: "resolved", acknowledged_by: team.member.id, resolved_by: team.member.id }]);
  expect((await orThrow(listTenantAlerts(stranger))).rows).toEqual([]);
});
