import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import {
  addDependency,
  listDependencies,
  listDependents,
  removeDependency,
} from "../../client/orchestration/dependencies.ts";
import { nextTasks, updateTaskStatus } from "../../client/orchestration/task-status.ts";
import {
  createTask,
  createTasks,
  listTasks,
  readTask,
  removeTask,
  updateTask,
} from "../../client/orchestration/tasks.ts";
import {
  createWorkflow,
  listWorkflows,
  readWorkflow,
  updateWorkflow,
  updateWorkflowStatus,
} from "../../client/orchestration/workflows.ts";
import { createProject, listProjects, readProject, updateProject } from "../../client/tenancy/projects.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails } from "../helpers/rowhouse-clients.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

let team: Team;
// Somebody with a tenant of their own.
let other: { readonly owner: Person; readonly tenant: string };

beforeAll(async () => {
  team = await foundTeam();
  const owner = await signUp("stranger");
  other = { owner, tenant: await foundTenant(owner) };
});

it("C9 X5 a manager makes and archives projects; a member reads them and makes none", async () => {
  const [manager, member, stranger] = [at(team.manager, team.tenant), at(team.member, team.tenant), intruder()];
  const cell = {
    name: "Cell",
    repository_url: "https://github.com/acme/cell",
    external_ids: { github_repo: "acme/cell" },
  };
  const made = await orThrow(createProject(manager, cell));
  await orThrow(createProject(manager, { name: "Site" }));
  expect(await orThrow(readProject(member, { id: made.id }))).toMatchObject({ name: "Cell", github_repo: "acme/cell" });
  expect((await orThrow(listProjects(member, { github_repo: "acme/cell" }))).rows.map(({ id }) => id)).toEqual([
    made.id,
  ]);
  expect(await orThrow(updateProject(manager, { id: made.id, is_archived: true }))).toMatchObject({
    is_archived: true,
  });
  expect((await orThrow(listProjects(member))).rows.map(({ name }) => name)).toEqual(["Site"]);
  expect((await orThrow(listProjects(member, { is_archived: true }))).rows.map(({ name }) => name)).toEqual(["Cell"]);

  await fails(createProject(manager, cell), "23505");
  await fails(createProject(manager, { ...cell, repository_url: "file:///etc" }), "invalid_input", /^repository_url/);
  await fails(createProject(member, { name: "Not mine" }), "42501");
  await fails(updateProject(member, { id: made.id, name: "Renamed" }), "PT404");
  await fails(readProject(stranger, { id: made.id }), "PT404");
  await fails(createProject(stranger, { name: "Planted" }), "42501");
  expect((await orThrow(listProjects(stranger))).rows).toEqual([]);
});

it("O1 X5 a member plans a workflow and moves it; a viewer reads it only", async () => {
  const [member, viewer, stranger] = [at(team.member, team.tenant), at(team.viewer, team.tenant), intruder()];
  const phases = [{ name: "build" }, { name: "ship", days: 3 }];
  const workflow = await orThrow(createWorkflow(member, { name: "Release", phases, source: "file", source_key: "r1" }));
  const id = workflow.id;
  expect(workflow).toMatchObject({ status: "planned", progress: 0, phases });
  expect(await orThrow(updateWorkflow(member, { id, current_phase: "build", metrics: { builds: 2 } })))
    .toMatchObject({ current_phase: "build", metrics: { builds: 2 } });
  expect(await orThrow(updateWorkflowStatus(member, { workflow_id: id, status: "active", current_phase: "ship" })))
    .toEqual({ previous_status: "planned", new_status: "active", progress: 0 });
  expect(await orThrow(readWorkflow(viewer, { id }))).toMatchObject({ status: "active", current_phase: "ship" });
  expect((await orThrow(listWorkflows(viewer, { status: "active" }))).rows.map((row) => row.id)).toEqual([id]);
  expect((await orThrow(listWorkflows(viewer, { status: "failed" }))).rows).toEqual([]);

  await fails(updateWorkflowStatus(member, { workflow_id: id, status: "planned" }), "PT409", /cannot become planned/);
  await fails(updateWorkflow(member, { id, current_phase: "sale" }), "23514", /current_phase_is_one_of_the_phases/);
  // @ts-expect-error a status that there is not
  await fails(createWorkflow(member, { name: "Release", status: "begun" }), "invalid_input", /^status/);
  await fails(
    createWorkflow(member, { name: "Release", source_key: "r2" }),
    "invalid_input",
    /^source_key: needs a source/,
  );
  await fails(createWorkflow(viewer, { name: "Release" }), "42501");
  await fails(updateWorkflowStatus(viewer, { workflow_id: id, status: "paused" }), "42501");
  await fails(updateWorkflow(viewer, { id, name: "Renamed" }), "PT404");
  await fails(updateWorkflowStatus(stranger, { workflow_id: id, status: "paused" }), "PT404");
  await fails(readWorkflow(stranger, { id }), "PT404");
});

it("O2 O3 X5 tasks wait for each other, are begun in turn, and carry their workflow along", async () => {
  const [member, viewer, stranger] = [at(team.member, team.tenant), at(team.viewer, team.tenant), intruder()];
  const workflow_id = (await orThrow(createWorkflow(member, { name: "Line", status: "active" }))).id;
  const tasks = [{ title: "Design", priority: "high", effort_estimate: 2.5 }, { title: "Build", position: 2 }] as const;
  const [design = "", build = ""] = await orThrow(createTasks(member, { workflow_id, tasks: [...tasks] }));
  expect(await orThrow(readTask(viewer, { id: design }))).toMatchObject({ ...tasks[0], tags: [], status: "pending" });
  expect(await orThrow(readTask(viewer, { id: build }))).toMatchObject({ priority: "medium", effort_estimate: null });
  const part = await orThrow(
    createTask(member, { workflow_id, parent_id: build, title: "Weld", requirements: ["steel"] }),
  );
  const dependency = await orThrow(addDependency(member, { workflow_id, task_id: build, depends_on_id: design }));
  expect(dependency).toMatchObject({ type: "blocks", depends_on_workflow_id: workflow_id });
  const titles = async () => (await orThrow(nextTasks(viewer, { workflow_id }))).map(({ title }) => title);
  expect(await titles()).toEqual(["Design"]);
  await orThrow(updateTaskStatus(member, { task_id: design, status: "in_progress" }));
  expect(await orThrow(updateTaskStatus(member, { task_id: design, status: "done" }))).toEqual({
    previous_status: "in_progress",
    new_status: "done",
    workflow_id,
    workflow_progress: 33,
  });
  expect(await titles()).toEqual(["Weld"]);
  expect(await orThrow(updateTask(member, { id: part.id, effort_actual: 4, due_at: "2099-01-01T00:00:00Z" })))
    .toMatchObject({ effort_actual: 4, requirements: ["steel"] });
  expect((await orThrow(listDependencies(viewer, { workflow_id, task_id: build }))).rows).toEqual([dependency]);
  expect((await orThrow(listDependents(viewer, { workflow_id, task_id: design }))).rows).toEqual([dependency]);

  await fails(updateTaskStatus(member, { task_id: design, status: "review" }), "PT409");
  await fails(addDependency(member, { workflow_id, task_id: design, depends_on_id: build }), "PT409", /in a circle/);
  await fails(
    addDependency(member, { workflow_id, task_id: build, depends_on_id: build }),
    "invalid_input",
    /^depends_on_id: is the task itself/,
  );
  await fails(updateTaskStatus(viewer, { task_id: build, status: "done" }), "42501");
  await fails(addDependency(viewer, { workflow_id, task_id: part.id, depends_on_id: design }), "42501");
  await fails(updateTask(viewer, { id: build, title: "Renamed" }), "PT404");
  await fails(removeDependency(viewer, { dependency_id: dependency.id }), "PT404");
  await fails(updateTaskStatus(stranger, { task_id: build, status: "done" }), "PT404");
  await fails(nextTasks(stranger, { workflow_id }), "PT404");
  await fails(nextTasks(at(other.owner, other.tenant), { workflow_id }), "PT404");
  expect(await orThrow(removeDependency(member, { dependency_id: dependency.id }))).toBeNull();
  await fails(removeTask(member, { id: part.id }), "PT404");
  expect(await orThrow(removeTask(at(team.manager, team.tenant), { id: part.id }))).toBeNull();
  await fails(readTask(viewer, { id: part.id }), "PT404");
});

it("O2 X5 the tasks of a workflow come page by page, and miss nothing", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const [workflow_id, beside] = [
    (await orThrow(createWorkflow(member, { name: "Paged" }))).id,
    (await orThrow(createWorkflow(member, { name: "Beside" }))).id,
  ];
  const titles = Array.from({ length: 7 }, (_, place) => `Task ${place}`);
  const made = await orThrow(createTasks(member, { workflow_id, tasks: titles.map((title) => ({ title })) }));
  await orThrow(createTask(member, { workflow_id: beside, title: "Another one" }));
  const listed: string[] = [];
  let after = null;
  do {
    const page: Awaited<ReturnType<typeof listTasks>> = await listTasks(viewer, { workflow_id, page_size: 3, after });
    listed.push(...(page.data?.rows ?? []).map(({ title }) => title));
    after = page.data?.next ?? null;
  } while (after !== null);
  expect(listed).toEqual([...titles].reverse());
  const [first = "", second = ""] = made;
  await orThrow(updateTask(member, { id: second, parent_id: first }));
  await orThrow(updateTaskStatus(member, { task_id: first, status: "done" }));
  expect((await orThrow(listTasks(viewer, { workflow_id, status: "done" }))).rows.map(({ id }) => id)).toEqual([first]);
  expect((await orThrow(listTasks(viewer, { workflow_id, parent_id: first }))).rows).toMatchObject([{
    title: "Task 1",
  }]);
  expect((await orThrow(listTasks(viewer, { workflow_id, parent_id: null }))).rows).toHaveLength(6);
  expect((await orThrow(listTasks(intruder(), { workflow_id }))).rows).toEqual([]);
});

it("O2 X5 a number that is not finite is refused, and a batch with one bad task is not sent", async () => {
  const member = at(team.member, team.tenant);
  const workflow_id = (await orThrow(createWorkflow(member, { name: "Figures" }))).id;
  for (const effort_estimate of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    await fails(
      createTask(member, { workflow_id, title: "Bad", effort_estimate }),
      "invalid_input",
      /^effort_estimate/,
    );
  }
  const { error } = await createTasks(member, {
    workflow_id,
    tasks: [{ title: "Good" }, { title: " " }, { title: "" }],
  });
  expect(error?.issues.map((issue) => issue.path)).toEqual([["tasks", 1, "title"], ["tasks", 2, "title"], [
    "tasks",
    2,
    "title",
  ]]);
  expect((await orThrow(listTasks(member, { workflow_id }))).rows).toEqual([]);
});

function intruder() {
  return at(other.owner, team.tenant);
}
