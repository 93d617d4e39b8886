import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import {
  calculateWorkflowAnalytics,
  listTaskAnalytics,
  listWorkflowAnalytics,
} from "../../client/orchestration/analytics.ts";
import { registerComponent } from "../../client/orchestration/components.ts";
import { addDependency } from "../../client/orchestration/dependencies.ts";
import { recordMetrics } from "../../client/orchestration/metrics.ts";
import {
  getSystemOverview,
  listComponentPerformance,
  listWorkflowPerformance,
} from "../../client/orchestration/summaries.ts";
import { updateTaskStatus } from "../../client/orchestration/task-status.ts";
import { createTasks } from "../../client/orchestration/tasks.ts";
import { getMetricTrend, getRecommendations } from "../../client/orchestration/trends.ts";
import { createWorkflow } from "../../client/orchestration/workflows.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails } from "../helpers/rowhouse-clients.ts";
import { runWhenDue } from "../helpers/schedules.ts";
import { openSql } from "../helpers/sql.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

const sql = openSql();
let team: Team;
let stranger: Person;
let workflow_id: string;
let design: string;

beforeAll(async () => {
  team = await foundTeam();
  stranger = await signUp("stranger");
  await foundTenant(stranger);
  const [manager, member] = [at(team.manager, team.tenant), at(team.member, team.tenant)];
  workflow_id = (await orThrow(createWorkflow(manager, { name: "Delivery", status: "active" }))).id;
  const tasks = [{ title: "Design" }, { title: "Build" }, { title: "Sketch" }];
  const [first = "", second = "", third = ""] = await orThrow(createTasks(member, { workflow_id, tasks }));
  design = first;
  await orThrow(addDependency(member, { workflow_id, task_id: second, depends_on_id: first }));
  await orThrow(updateTaskStatus(member, { task_id: third, status: "done" }));
});

it("O6 X5 a member has a workflow calculated; a viewer reads how it fares and which task holds up the others", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const today = await orThrow(calculateWorkflowAnalytics(member, { workflow_id }));
  expect(today).toMatchObject({ workflow_id, tasks_total: 3, tasks_done: 1, bottleneck_task_id: design });
  expect(today.bottleneck_title).toBe("Design");
  expect((await orThrow(listWorkflowAnalytics(viewer, { workflow_id }))).map(({ id }) => id)).toEqual([today.id]);
  const [worst, ...others] = await orThrow(listTaskAnalytics(viewer, { workflow_id }));
  expect(worst).toMatchObject({ task_id: design, held_up_tasks: 1 });
  expect(others).toHaveLength(2);

  await fails(calculateWorkflowAnalytics(viewer, { workflow_id }), "42501");
  await fails(calculateWorkflowAnalytics(at(stranger, team.tenant), { workflow_id }), "PT404");
  await fails(calculateWorkflowAnalytics(member, { workflow_id: design }), "PT404");
  expect(await orThrow(listWorkflowAnalytics(at(stranger, team.tenant), { workflow_id }))).toEqual([]);
  expect(await orThrow(listTaskAnalytics(at(stranger, team.tenant), { workflow_id }))).toEqual([]);
});

it("O8 X5 a viewer reads the summaries of the last refresh; to another tenant there are none", async () => {
  const viewer = at(team.viewer, team.tenant);
  const component = { type: "agent", name: "Builder" } as const;
  await orThrow(registerComponent(at(team.manager, team.tenant), component));
  const second = await orThrow(createWorkflow(at(team.manager, team.tenant), { name: "Next" }));
  await runWhenDue(sql, "refresh-views");
  const first = await orThrow(listWorkflowPerformance(viewer, { page_size: 1 }));
  expect(first).toMatchObject({ rows: [{ workflow_id: second.id, tasks_total: 0 }], next: second.id });
  const rest = await orThrow(listWorkflowPerformance(viewer, { page_size: 1, after: first.next }));
  expect(rest.rows).toMatchObject([{ workflow_id, name: "Delivery", tasks_total: 3, tasks_done: 1, progress: 33 }]);
  expect((await orThrow(listWorkflowPerformance(viewer, { status: "active" }))).rows).toHaveLength(1);
  expect(await orThrow(listComponentPerformance(viewer))).toMatchObject([{ name: "Builder", executions: 0 }]);
  expect(await orThrow(getSystemOverview(viewer))).toMatchObject({
    workflows_active: 1,
    workflows_planned: 1,
    tasks_pending: 2,
    tasks_done: 1,
    components_unknown: 1,
  });

  const outside = at(stranger, team.tenant);
  expect((await orThrow(listWorkflowPerformance(outside))).rows).toEqual([]);
  expect(await orThrow(listComponentPerformance(outside))).toEqual([]);
  expect(await orThrow(getSystemOverview(outside))).toBeNull();
  // @ts-expect-error a status that there is not
  await fails(listWorkflowPerformance(viewer, { status: "open" }), "invalid_input", /^status/);
});

it("O7 X5 a viewer asks where a series is going, and what to look at first", async () => {
  const viewer = at(team.viewer, team.tenant);
  await orThrow(recordMetrics(at(team.member, team.tenant), [{ name: "cpu", value: 1 }, { name: "cpu", value: 3 }]));
  expect(await orThrow(getMetricTrend(viewer, { name: "cpu", days: 7 })))
    .toMatchObject({ measurements: 2, blocks: 1, level: 2, direction: "unknown", slope_per_day: null });
  expect(await orThrow(getMetricTrend(viewer, { name: "none" }))).toMatchObject({ measurements: 0, level: null });
  await sql`
    insert into public.tenant_alerts (tenant_id, fingerprint, kind, severity, title, recommendation, began_at)
    values (${team.tenant}, 'drift cpu', 'drift', 'critical', 'cpu moves.', 'Look at the host.', now())
  `;
  const [worst] = await orThrow(getRecommendations(viewer));
  expect(worst).toMatchObject({ kind: "alert", severity: "critical", reason: "cpu moves." });
  expect(await orThrow(getRecommendations(viewer, { page_size: 1 }))).toHaveLength(1);

  await fails(getMetricTrend(viewer, { name: "cpu", days: 91 }), "invalid_input", /^days/);
  await fails(getMetricTrend(at(stranger, team.tenant), { name: "cpu" }), "PT404");
  await fails(getRecommendations(at(stranger, team.tenant)), "PT404");
  await fails(getRecommendations(at(team.customer, team.tenant)), "42501");
});
