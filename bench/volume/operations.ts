import type { VolumeCaller } from "./callers.ts";

/** A hot operation of the API, as SQL. */
export interface VolumeOperation {
  readonly name: string;
  readonly kind: "read" | "write";
  /** Whether it moves a task on: each place of the index is one of the three moves of a task. */
  readonly isMove?: boolean;
  /** Where the API takes it. */
  readonly path: string;
  readonly text: string;
  readonly values: (caller: VolumeCaller, index: number) => readonly (string | number)[];
}

const WORDS = ["deploy agent", "queue", "restore backup", "token budget", "release plan", "schema tenant"];
const MOVES = ["in_progress", "done", "pending"];

/** The hot operations over the tables of the assistant and of orchestration. */
export const VOLUME_OPERATIONS: readonly VolumeOperation[] = [
  read("workflows, newest 50", "/workflows", newest("workflows"),
    ({ tenantId }) => [tenantId]),
  read("tasks of a workflow, 50", "/tasks", `select * from public.tasks
    where tenant_id = $1::uuid and workflow_id = $2::uuid and parent_id is null order by position, id limit 50`,
    (caller, index) => [caller.tenantId, pick(caller.workflows, index)]),
  read("next tasks, 10", "/rpc/next_tasks", "select * from public.next_tasks($1::uuid, $2::uuid, 10)",
    (caller, index) => [caller.tenantId, pick(caller.workflows, index % 2 === 0 ? 0 : index)]),
  read("one task", "/tasks", "select * from public.tasks where tenant_id = $1::uuid and id = $2::uuid",
    (caller, index) => [caller.tenantId, pick(caller.tasks, index)]),
  read("events, newest 50", "/events", newest("events"),
    ({ tenantId }) => [tenantId]),
  read("events of one job", "/events", `select * from public.events
    where tenant_id = $1::uuid and correlation_id = $2 order by created_at desc limit 50`,
    (caller, index) => [caller.tenantId, pick(caller.correlations, index)]),
  read("measurements, newest 100", "/performance_metrics", `select created_at, name, value from public.performance_metrics
    where tenant_id = $1::uuid order by created_at desc, id desc limit 100`,
    ({ tenantId }) => [tenantId]),
  read("search of articles", "/rpc/search_knowledge", "select * from public.search_knowledge($1::uuid, $2)",
    ({ tenantId }, index) => [tenantId, pick(WORDS, index)]),
  read("messages of a conversation, 50", "/messages", `select * from public.messages
    where tenant_id = $1::uuid and conversation_id = $2::uuid order by created_at desc, id desc limit 50`,
    (caller, index) => [caller.tenantId, pick(caller.conversations, index)]),
  read("messages, newest 50", "/messages", newest("messages"),
    ({ tenantId }) => [tenantId]),
  read("one message", "/messages", "select * from public.messages where tenant_id = $1::uuid and id = $2::uuid",
    (caller, index) => [caller.tenantId, pick(caller.messages, index)]),
  { ...write("status of a task", "/rpc/update_task_status", "select * from public.update_task_status($1::uuid, $2::uuid, $3)",
    (caller, index) => [
      caller.tenantId,
      pick(caller.tasks, Math.floor(index / MOVES.length)),
      pick(MOVES, index),
    ]), isMove: true },
  write("event", "/rpc/log_event", "select public.log_event($1::uuid, 'bench.done', 'info', 'Done.', '{\"n\": 1}')",
    ({ tenantId }) => [tenantId]),
  write("measurement", "/rpc/record_metric", "select public.record_metric($1::uuid, 'cpu', $2)",
    ({ tenantId }, index) => [tenantId, index % 100]),
  write("message", "/messages", `insert into public.messages (tenant_id, conversation_id, author_id, role, content)
    values ($1::uuid, $2::uuid, $3::uuid, 'user', 'A sentence of a common length.')`,
    (caller, index) => [caller.tenantId, pick(caller.conversations, index), caller.userId]),
];

function pick<T>(list: readonly T[], index: number): T | "" {
  return list[index % list.length] ?? "";
}

// The API answers a read as one JSON document made by the server.
function read(name: string, path: string, query: string, values: VolumeOperation["values"]): VolumeOperation {
  const text = `with source as (${query}) select coalesce(json_agg(source), '[]') as body from source`;
  return { name, kind: "read", path, text, values };
}

function newest(table: string): string {
  return `select * from public.${table} where tenant_id = $1::uuid order by created_at desc, id desc limit 50`;
}

function write(name: string, path: string, text: string, values: VolumeOperation["values"]): VolumeOperation {
  return { name, kind: "write", path, text, values };
}
