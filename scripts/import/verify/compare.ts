import { z } from "zod";
import type { Query } from "../../db/command.ts";
import { SOURCE } from "../load/source.ts";
import type { TagPlan } from "../transform/plan-file.ts";

/** Something that is not in the database as it is in the file. */
export interface Difference {
  readonly tag: string;
  readonly kind:
    | "workflow_missing"
    | "workflow_differs"
    | "task_missing"
    | "task_differs"
    | "task_unexpected"
    | "dependency_missing"
    | "dependency_unexpected";
  /** The key of the task, or of the workflow. */
  readonly key: string;
  /** The key of the task that it depends on. */
  readonly on_key?: string;
  /** The columns that differ. */
  readonly fields?: readonly string[];
}

/** What was compared of a tag. */
export interface Comparison {
  readonly tag: string;
  readonly tasks: number;
  readonly subtasks: number;
  readonly dependencies: number;
  readonly differences: readonly Difference[];
  /** Keys of tasks of earlier imports that the file no longer has, as the last import said. */
  readonly gone: readonly string[];
}

const COMPARED = [
  "title",
  "description",
  "details",
  "test_strategy",
  "status",
  "priority",
  "position",
  "effort_estimate",
  "effort_actual",
  "acceptance_criteria",
  "tags",
  "source_hash",
];

const FIND_WORKFLOW = `
  select
    w.id,
    array_remove(array[
      case when w.name is distinct from r.name then 'name' end,
      case when w.description is distinct from r.description then 'description' end,
      case when w.metadata is distinct from r.metadata::jsonb then 'metadata' end,
      case when w.source_hash is distinct from r.source_hash then 'source_hash' end
    ], null) as fields
  from json_to_record($2::text::json) as r (
    name text, description text, metadata text, source_key text, source_hash text
  )
  join public.workflows as w
    on w.tenant_id = $1::text::uuid and w.source = '${SOURCE}' and w.source_key = r.source_key`;

const COMPARE_TASKS = `
  select
    coalesce(r.source_key, t.source_key) as key,
    case when t.id is null then 'missing' when r.source_key is null then 'unexpected' else 'differs' end as kind,
    t.source_hash is null as is_forgotten,
    f.fields
  from json_to_recordset($3::text::json) as r (
    source_key text, parent_key text, title text, description text, details text, test_strategy text, status text,
    priority text, position integer, effort_estimate double precision, effort_actual double precision,
    acceptance_criteria text[], tags text[], metadata text, source_hash text
  )
  full join (
    select t.*, p.source_key as parent_key
    from public.tasks as t
    left join public.tasks as p on p.tenant_id = t.tenant_id and p.id = t.parent_id
    where t.tenant_id = $1::text::uuid
      and t.workflow_id = $2::text::uuid
      and t.source = '${SOURCE}'
      and t.source_key is not null
  ) as t on t.source_key = r.source_key
  cross join lateral (
    select array_remove(array[
      ${
  COMPARED.map((column) => `case when t.${column} is distinct from r.${column} then '${column}' end`).join(",\n      ")
},
      case when t.metadata is distinct from r.metadata::jsonb then 'metadata' end,
      case
        when t.parent_key is distinct from r.parent_key or (t.parent_id is null) <> (r.parent_key is null) then 'parent'
      end
    ], null) as fields
  ) as f
  where cardinality(f.fields) > 0
  order by 1`;

const COMPARE_DEPENDENCIES = `
  with
    said as materialized (
      select r.source_key as key, k.key as on_key
      from json_to_recordset($3::text::json) as r (source_key text, depends_on text[])
      cross join lateral unnest(r.depends_on) as k (key)
    ),
    kept as materialized (
      select t.source_key as key, o.source_key as on_key
      from public.task_dependencies as d
      join public.tasks as t on t.tenant_id = d.tenant_id and t.id = d.task_id
      join public.tasks as o on o.tenant_id = d.tenant_id and o.id = d.depends_on_id
      where d.tenant_id = $1::text::uuid
        and d.workflow_id = $2::text::uuid
        and d.depends_on_workflow_id = d.workflow_id
        and d.type = 'blocks'
        and t.source = '${SOURCE}'
        and o.source = '${SOURCE}'
        and t.source_hash is not null
        and o.source_hash is not null
    )
  select
    coalesce(s.key, k.key) as key,
    coalesce(s.on_key, k.on_key) as on_key,
    case when k.key is null then 'missing' else 'unexpected' end as kind
  from said as s
  full join kept as k on k.key = s.key and k.on_key = s.on_key
  where s.key is null or k.key is null
  order by 1, 2`;

const workflowShape = z.object({ id: z.string(), fields: z.array(z.string()) });
const taskShape = z.object({
  key: z.string(),
  kind: z.enum(["missing", "differs", "unexpected"]),
  is_forgotten: z.boolean(),
  fields: z.array(z.string()),
});
const dependencyShape = z.object({ key: z.string(), on_key: z.string(), kind: z.enum(["missing", "unexpected"]) });

/**
 * Reads back what a tag became and compares it with what the file says now: every column, parents and dependencies. It
 * does not trust the hashes of the import.
 *
 * @param query - runs a statement
 * @param tenant - the tenant's id
 * @param plan - the tag
 * @returns what differs
 */
export async function compareTag(query: Query, tenant: string, plan: TagPlan): Promise<Comparison> {
  const { tag, rows } = plan;
  const counted = {
    tag,
    tasks: rows.filter(({ parent_key }) => parent_key === null).length,
    subtasks: rows.filter(({ parent_key }) => parent_key !== null).length,
    dependencies: rows.reduce((sum, { depends_on }) => sum + depends_on.length, 0),
  };
  const workflows = await query(FIND_WORKFLOW, [tenant, JSON.stringify(plan.workflow)]);
  const workflow = z.array(workflowShape).parse(workflows)[0];
  const key = plan.workflow.source_key;
  if (workflow === undefined) return { ...counted, differences: [{ tag, kind: "workflow_missing", key }], gone: [] };
  const values = [tenant, workflow.id, JSON.stringify(rows)];
  const found = z.array(taskShape).parse(await query(COMPARE_TASKS, values));
  const dependencies = z.array(dependencyShape).parse(await query(COMPARE_DEPENDENCIES, values));
  const isGone = (task: z.infer<typeof taskShape>): boolean => task.kind === "unexpected" && task.is_forgotten;
  return {
    ...counted,
    differences: [
      ...(workflow.fields.length === 0
        ? []
        : [{ tag, kind: "workflow_differs", key, fields: workflow.fields } as const]),
      ...found.filter((task) => !isGone(task)).map((task): Difference => ({
        tag,
        kind: `task_${task.kind}`,
        key: task.key,
        ...(task.kind === "differs" ? { fields: task.fields } : {}),
      })),
      ...dependencies.map((each): Difference => ({
        tag,
        kind: `dependency_${each.kind}`,
        key: each.key,
        on_key: each.on_key,
      })),
    ],
    gone: found.filter(isGone).map((task) => task.key),
  };
}
