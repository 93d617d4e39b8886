import { randomUUID } from "node:crypto";
import { type Call, type Case, checked, mistyped, patch, post, refusal, rpc } from "./case.ts";

const MB = 1024 * 1024;

const workflow: Call = ({ tenant }, values) => post("workflows", { tenant_id: tenant, name: "Plan", ...values });
const task: Call = ({ tenant, workflow }, values) =>
  post("tasks", { tenant_id: tenant, workflow_id: workflow, title: "Task", ...values });

/** Bad input about workflows and their tasks. */
export const planningCases: readonly Case[] = [
  ...checked("O1 a workflow with", workflow, [
    ["no name", { name: "" }, "name_has_1_to_200_characters"],
    ["a blank name", { name: " \t\n" }, "name_has_1_to_200_characters"],
    ["a name of 201 characters", { name: "x".repeat(201) }, "name_has_1_to_200_characters"],
    ["a description of more than 100 KB", { description: "x".repeat(102_401) }, "description_has_at_most_100_kb"],
    ["an unknown status", { status: "Active" }, "status_is_known"],
    ["phases that are a text", { phases: "build" }, "each_phase_has_a_name_of_1_to_200_characters"],
    ["a phase without a name", { phases: [{}] }, "each_phase_has_a_name_of_1_to_200_characters"],
    ["a phase that is none of its own", { current_phase: "ship" }, "current_phase_is_one_of_the_phases"],
    ["metrics that are a list", { metrics: [] }, "metrics_is_an_object_of_at_most_64_kb"],
    ["a key without a source", { source_key: "1" }, "source_key_has_a_source"],
  ]),
  ...checked("O2 a task with", task, [
    ["no title", { title: "" }, "title_has_1_to_500_characters"],
    ["a blank title", { title: " \t\n" }, "title_has_1_to_500_characters"],
    ["a title of 501 characters", { title: "x".repeat(501) }, "title_has_1_to_500_characters"],
    ["a description of more than 1 MB", { description: "x".repeat(MB + 1) }, "description_has_at_most_1_mb"],
    ["details of more than 4 MB", { details: "x".repeat(4 * MB + 1) }, "details_has_at_most_4_mb"],
    ["an unknown status", { status: "begun" }, "status_is_known"],
    ["an unknown priority", { priority: "urgent" }, "priority_is_known"],
    ["a negative position", { position: -1 }, "position_is_not_negative"],
    [
      "501 requirements",
      { requirements: Array(501).fill("x") },
      "requirements_is_a_list_of_at_most_500_texts_and_256_kb",
    ],
    ["a tag that is null", { tags: [null] }, "tags_is_a_list_of_at_most_100_texts_and_10_kb"],
    ["metadata that are a text", { metadata: "text" }, "metadata_is_an_object_of_at_most_4_mb"],
  ]),
  ...mistyped("O2 a task with", task, [
    ["an effort in words", { effort_estimate: "many" }, "double precision"],
    ["half a position", { position: 1.5 }, "integer"],
    ["a parent that is no uuid", { parent_id: "nonsense" }, "uuid"],
    ["a workflow that is no uuid", { workflow_id: "nonsense" }, "uuid"],
  ]),
  refusal("O2 a task without a title", (world) => task(world, { title: null }), 400, "23502", /column "title"/),
  refusal("O2 a task due some time", (world) => task(world, { due_at: "soon" }), 400, "22007", /timestamp .*: "soon"$/),
  refusal(
    "O2 a task under one that is not there",
    (world) => task(world, { parent_id: randomUUID() }),
    409,
    "23503",
    /"tasks_tenant_id_workflow_id_parent_id_fkey"$/,
  ),
  refusal(
    "O2 a task of a workflow that is not there",
    (world) => task(world, { workflow_id: randomUUID() }),
    409,
    "23503",
    /"tasks_tenant_id_workflow_id_fkey"$/,
  ),
  refusal(
    "O2 a task for a stranger",
    (world) => task(world, { assignee_id: randomUUID() }),
    409,
    "23503",
    /"tasks_tenant_id_assignee_id_fkey"$/,
  ),
  refusal(
    "O2 a task under itself",
    (world) => patch(`tasks?id=eq.${world.task}`, { parent_id: world.task }),
    400,
    "23514",
    /"is_not_its_own_parent"$/,
  ),
  refusal(
    "O2 a status that a task cannot have",
    ({ tenant, task }) => rpc("update_task_status", { tenant_id: tenant, task_id: task, status: "begun" }),
    409,
    "PT409",
    /^A task that is pending cannot become begun\.$/,
  ),
  refusal(
    "O2 no status for a task",
    ({ tenant, task }) => rpc("update_task_status", { tenant_id: tenant, task_id: task, status: null }),
    400,
    "23502",
    /column "status"/,
  ),
  refusal(
    "O2 the status of a task that is no uuid",
    ({ tenant }) => rpc("update_task_status", { tenant_id: tenant, task_id: "nonsense", status: "done" }),
    400,
    "22P02",
    /^invalid input syntax for type uuid: "nonsense"$/,
  ),
  ...[0, 1001, -1, null].map((page_size) =>
    refusal(
      `O2 ${page_size} next tasks`,
      ({ tenant, workflow }) => rpc("next_tasks", { tenant_id: tenant, workflow_id: workflow, page_size }),
      400,
      "22023",
      /^page_size must be between 1 and 1000\.$/,
    )
  ),
];
