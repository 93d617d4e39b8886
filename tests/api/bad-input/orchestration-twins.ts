import type { SupabaseClient } from "@supabase/supabase-js";

/** What supabase-js answers. */
export interface Answer {
  readonly status: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: string | null;
    readonly hint: string | null;
  } | null;
}

/** A task, with the workflow that is needed to point at it. */
export interface Task {
  readonly id: string;
  readonly workflow: string;
}

/** What is there to be planned with. */
export interface Plans {
  /** A member's, without the types: they would not let it say what is wrong. */
  readonly client: SupabaseClient;
  readonly tenant_id: string;
  /** Three tasks of one workflow: c waits for a, and a for b. */
  readonly a: Task;
  readonly b: Task;
  readonly c: Task;
  /** One of another workflow, of one that is over, and of another tenant. */
  readonly away: Task;
  readonly over: Task;
  readonly foreign: Task;
}

type Request = (plans: Plans) => PromiseLike<Answer>;

/** A request that is refused, and how, beside one that lacks what is wrong with it and is taken. */
export interface Twins {
  readonly name: string;
  readonly bad: Request;
  readonly status: number;
  readonly code: string;
  readonly message: RegExp;
  readonly details?: RegExp;
  readonly hint?: string;
  readonly good: Request;
}

const TAKE_UP = "Take it up again with update_workflow_status.";
const EFFORT = /violates check constraint "effort_estimate_is_between_0_and_a_million"$/;
const NOT_FINITE = /^value must be a finite number\.$/;

/** Bad input about plans, measurements and events, each beside its twin. */
export const twins: readonly Twins[] = [
  {
    name: "O3 a dependency on itself",
    bad: (plans) => depend(plans, "a", "a"),
    status: 400,
    code: "23514",
    message: /violates check constraint "is_not_on_itself"$/,
    good: (plans) => depend(plans, "a", "away"),
  },
  {
    name: "O3 a dependency on another tenant's task",
    bad: (plans) => depend(plans, "b", "foreign"),
    status: 409,
    code: "23503",
    message: /violates foreign key constraint "task_dependencies_tenant_id_depends_on_fkey"$/,
    details: /^Key is not present in table "tasks"\.$/,
    good: (plans) => depend(plans, "b", "away"),
  },
  {
    name: "O3 a dependency on a task of a workflow that is over",
    bad: (plans) => depend(plans, "c", "over"),
    status: 409,
    code: "PT409",
    message: /^The workflow is completed: nothing in it can be depended on any more\.$/,
    details: /^workflow_id [0-9a-f-]+$/,
    hint: TAKE_UP,
    good: (plans) => depend(plans, "c", "away"),
  },
  {
    name: "O2 a task for a workflow that is over",
    bad: ({ over, ...plans }) => add(plans, over, [{ title: "Late" }]),
    status: 409,
    code: "PT409",
    message: /^The workflow is completed: it takes no further task\.$/,
    details: /^workflow_id [0-9a-f-]+$/,
    hint: TAKE_UP,
    good: ({ a, ...plans }) => add(plans, a, [{ title: "In time" }]),
  },
  {
    name: "O3 a circle of three",
    bad: (plans) => depend(plans, "b", "c"),
    status: 409,
    code: "PT409",
    message: /^The tasks would wait for each other in a circle\.$/,
    details: /^Task \([0-9a-f-]+\)( -> Task \([0-9a-f-]+\)){3}$/,
    hint: "A task waits for what it depends on, for its subtasks, and for what its parent depends on.",
    good: (plans) => depend(plans, "b", "c", "relates"),
  },
  ...[-1, "NaN", "Infinity"].map((effort_estimate): Twins => ({
    name: `O2 an effort of ${effort_estimate}`,
    bad: ({ a, ...plans }) => add(plans, a, [{ title: "Long", effort_estimate }]),
    status: 400,
    code: "23514",
    message: EFFORT,
    good: ({ a, ...plans }) => add(plans, a, [{ title: "Short", effort_estimate: 0 }]),
  })),
  {
    name: "O2 a batch of tasks with one bad",
    bad: ({ a, ...plans }) =>
      add(plans, a, [{ title: "One" }, { title: "Two", effort_estimate: -1 }, { title: "Three" }]),
    status: 400,
    code: "23514",
    message: EFFORT,
    good: ({ a, ...plans }) => add(plans, a, [{ title: "One" }, { title: "Two", effort_estimate: 1 }]),
  },
  ...["NaN", "Infinity", "-Infinity"].map((value): Twins => ({
    name: `O6 a measurement of ${value}`,
    bad: ({ client, tenant_id }) => client.rpc("record_metric", { tenant_id, name: "cpu", value }),
    status: 400,
    code: "22023",
    message: NOT_FINITE,
    details: /^cpu (NaN|-?Infinity), number 1 of the batch$/,
    good: ({ client, tenant_id }) => client.rpc("record_metric", { tenant_id, name: "cpu", value: Number.MAX_VALUE }),
  })),
  {
    name: "O6 a measurement beyond all numbers",
    bad: ({ client, tenant_id }) => client.rpc("record_metric", { tenant_id, name: "cpu", value: "1e309" }),
    status: 400,
    code: "22003",
    message: /is out of range for type double precision$/,
    good: ({ client, tenant_id }) => client.rpc("record_metric", { tenant_id, name: "cpu", value: "1e308" }),
  },
  {
    name: "O6 a batch of measurements with one bad",
    bad: (plans) => measure(plans, [1, "NaN", 2]),
    status: 400,
    code: "22023",
    message: NOT_FINITE,
    details: /^cpu NaN, number 2 of the batch$/,
    good: (plans) => measure(plans, [1, 1.5, 2]),
  },
  {
    name: "O4 an event of 5 MB",
    bad: (plans) => log(plans, 5 * 1024 * 1024),
    status: 400,
    code: "22023",
    message: /^payload must have at most 256 KB\.$/,
    details: /^52428\d\d bytes$/,
    hint: "Keep large content elsewhere and log where it is.",
    good: (plans) => log(plans, 255 * 1024),
  },
];

/**
 * Makes a task depend on another one.
 *
 * @param plans - where
 * @param task - the one that depends
 * @param on - the other one
 * @param type - blocks, relates or duplicates
 * @returns the answer
 */
export function depend(
  { client, tenant_id, ...tasks }: Plans,
  task: "a" | "b" | "c",
  on: "a" | "b" | "c" | "away" | "over" | "foreign",
  type = "blocks",
): PromiseLike<Answer> {
  const [one, other] = [tasks[task], tasks[on]];
  return client.from("task_dependencies").insert({
    tenant_id,
    workflow_id: one.workflow,
    task_id: one.id,
    depends_on_workflow_id: other.workflow,
    depends_on_id: other.id,
    type,
  });
}

function add(
  { client, tenant_id }: Pick<Plans, "client" | "tenant_id">,
  beside: Task,
  tasks: readonly Readonly<Record<string, unknown>>[],
): PromiseLike<Answer> {
  const rows = tasks.map((task) => ({ tenant_id, workflow_id: beside.workflow, ...task }));
  return client.from("tasks").insert(rows, { defaultToNull: false });
}

function measure({ client, tenant_id }: Plans, values: readonly unknown[]): PromiseLike<Answer> {
  return client.rpc("record_metrics", { tenant_id, metrics: values.map((value) => ({ name: "cpu", value })) });
}

function log({ client, tenant_id }: Plans, bytes: number): PromiseLike<Answer> {
  return client.rpc("log_event", { tenant_id, type: "build.log", payload: { log: "x".repeat(bytes) } });
}
