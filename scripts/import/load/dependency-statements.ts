/**
 * $1 tenant, $2 workflow. Takes back the dependencies that an earlier import made and the file no longer has. Those
 * that were made here stay: metadata says which the import made.
 */
export const TAKE_BACK_DEPENDENCIES = `
  with
    pairs as materialized (
      select s.id as task_id, s.source_key as key, k.key as on_key
      from pg_temp.import_stage as s
      cross join lateral unnest(s.depended_on) as k (key)
      where s.is_changed and k.key <> all (s.depends_on)
    ),
    targets as materialized (
      select t.id, t.source_key as key
      from public.tasks as t
      where t.tenant_id = $1::text::uuid and t.workflow_id = $2::text::uuid and t.source_key is not null
    ),
    stale as materialized (
      select p.task_id, p.key, p.on_key, t.id as on_id from pairs as p join targets as t on t.key = p.on_key
    )
  delete from public.task_dependencies as d
  using stale as s
  where d.tenant_id = $1::text::uuid
    and d.workflow_id = $2::text::uuid
    and d.task_id = s.task_id
    and d.depends_on_id = s.on_id
    and d.type = 'blocks'
  returning s.key, s.on_key`;

/**
 * For TAKE_BACK_DEPENDENCIES: of a table that was never analyzed the planner takes a workflow to have one dependency,
 * and would compare every one of thousands with every changed task.
 */
export const NO_NESTED_LOOPS = "set local enable_nestloop = off";
export const NESTED_LOOPS = "set local enable_nestloop to default";

/** $1 tenant, $2 workflow, $3 ids as JSON. The same of tasks that the file no longer has. */
export const TAKE_BACK_OF_GONE = `
  delete from public.task_dependencies as d
  using json_array_elements_text($3::text::json) as e (id)
  join public.tasks as t on t.tenant_id = $1::text::uuid and t.id = e.id::uuid
  cross join lateral jsonb_array_elements_text(t.metadata -> 'depends_on') as k (key)
  join public.tasks as o
    on o.tenant_id = $1::text::uuid and o.workflow_id = $2::text::uuid and o.source_key = k.key
  where d.tenant_id = $1::text::uuid
    and d.workflow_id = $2::text::uuid
    and d.task_id = t.id
    and d.depends_on_id = o.id
    and d.type = 'blocks'
  returning t.source_key as key, k.key as on_key`;

/**
 * $1 tenant, $2 workflow. The dependencies of new and changed tasks, and those on new ones. Who took one back here
 * finds it taken back after another import of the same.
 */
export const INSERT_DEPENDENCIES = `
  insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_workflow_id, depends_on_id)
  select $1::text::uuid, $2::text::uuid, s.id, $2::text::uuid, o.id
  from pg_temp.import_stage as s
  cross join lateral unnest(s.depends_on) as k (key)
  join pg_temp.import_stage as o on o.source_key = k.key
  where (s.is_new or s.is_changed or o.is_new)
    and not exists (
      select from public.task_dependencies as d
      where d.tenant_id = $1::text::uuid
        and d.workflow_id = $2::text::uuid
        and d.task_id = s.id
        and d.depends_on_id = o.id
    )
  order by s.position, s.source_key`;
