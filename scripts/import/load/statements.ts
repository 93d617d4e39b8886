/**
 * The statements of an import. Each works on all tasks of a tag at once. The rows come in as one JSON text, into a
 * temporary table that is analyzed: of rows out of a function the planner would guess that there are a hundred.
 */

/** What workflows and tasks of an import have as their source. */
export const SOURCE = "task-master";

const COLUMNS = `title, description, details, test_strategy, status, priority, position, effort_estimate, effort_actual,
  acceptance_criteria, tags, metadata, source_hash`;

/** Two imports of one source go one after the other. $1 tenant, $2 source of the file */
export const LOCK_SOURCE = `select pg_advisory_xact_lock(hashtextextended('import ' || $1 || ' ' || $2, 0))`;

/** $1 tenant, $2 key */
export const FIND_WORKFLOW = `
  select w.id, w.status, w.source_hash as hash
  from public.workflows as w
  where w.tenant_id = $1::text::uuid and w.source = '${SOURCE}' and w.source_key = $2`;

/** $1 tenant, $2 workflow as JSON. A new one, or what the file says of one that was imported before. */
export const PUT_WORKFLOW = `
  insert into public.workflows as w (tenant_id, name, description, status, metadata, source, source_key, source_hash)
  select $1::text::uuid, r.name, r.description, r.status, r.metadata::jsonb, '${SOURCE}', r.source_key, r.source_hash
  from json_to_record($2::text::json) as r (
    name text, description text, status text, metadata text, source_key text, source_hash text
  )
  on conflict (tenant_id, source, source_key) do update set
    name = excluded.name,
    description = excluded.description,
    metadata = excluded.metadata,
    source_hash = excluded.source_hash
  returning w.id`;

/** The table that rows come in by. */
export const MAKE_STAGE = `
  create temporary table import_stage (
    source_key text primary key,
    parent_key text,
    title text,
    description text,
    details text,
    test_strategy text,
    status text,
    priority text,
    position integer,
    effort_estimate double precision,
    effort_actual double precision,
    acceptance_criteria text[],
    tags text[],
    metadata jsonb,
    depends_on text[],
    source_hash text,
    id uuid,
    is_new boolean,
    is_changed boolean,
    depended_on text[]
  ) on commit drop`;

/** $1 tenant, $2 workflow, $3 rows as JSON. Finds what was imported before, by its key. */
export const FILL_STAGE = `
  insert into pg_temp.import_stage
  select
    r.source_key, r.parent_key, r.title, r.description, r.details, r.test_strategy, r.status, r.priority, r.position,
    r.effort_estimate, r.effort_actual, r.acceptance_criteria, r.tags, r.metadata::jsonb, r.depends_on, r.source_hash,
    coalesce(t.id, private.uuid_v7()),
    t.id is null,
    t.id is not null and t.source_hash is distinct from r.source_hash,
    case
      when t.source_hash is distinct from r.source_hash and jsonb_typeof(t.metadata -> 'depends_on') = 'array'
        then array(select jsonb_array_elements_text(t.metadata -> 'depends_on'))
      else '{}'
    end
  from json_to_recordset($3::text::json) as r (
    source_key text, parent_key text, title text, description text, details text, test_strategy text, status text,
    priority text, position integer, effort_estimate double precision, effort_actual double precision,
    acceptance_criteria text[], tags text[], metadata text, depends_on text[], source_hash text
  )
  left join public.tasks as t
    on t.tenant_id = $1::text::uuid and t.workflow_id = $2::text::uuid and t.source_key = r.source_key`;

/** After it the planner knows how many rows there are. */
export const ANALYZE_STAGE = `analyze pg_temp.import_stage`;

/** Whether these are the tasks that were imported before. No parameter. */
export const COMPARE_TITLES = `
  select count(*)::integer as common, (count(*) filter (where t.title = s.title))::integer as alike
  from pg_temp.import_stage as s
  join public.tasks as t on t.id = s.id
  where not s.is_new`;

/** $1 tenant, $2 workflow. Tasks of earlier imports that the file no longer has. */
export const FIND_GONE = `
  select t.id, t.source_key as key, t.title
  from public.tasks as t
  where t.tenant_id = $1::text::uuid
    and t.workflow_id = $2::text::uuid
    and t.source = '${SOURCE}'
    and t.source_key is not null
    and not exists (select from pg_temp.import_stage as s where s.source_key = t.source_key)
  order by t.source_key`;

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

/** $1 tenant, $2 ids as JSON. A task that comes back is then imported anew, with its dependencies. */
export const FORGET_GONE = `
  update public.tasks as t
  set source_hash = null
  where t.tenant_id = $1::text::uuid
    and t.id in (select e.id::uuid from json_array_elements_text($2::text::json) as e (id))
    and t.source_hash is not null`;

/** $1 tenant, $2 ids as JSON */
export const DELETE_GONE = `
  delete from public.tasks as t
  where t.tenant_id = $1::text::uuid
    and t.id in (select e.id::uuid from json_array_elements_text($2::text::json) as e (id))`;

/** $1 tenant, $2 workflow */
export const INSERT_TASKS = `
  insert into public.tasks (tenant_id, workflow_id, id, parent_id, source, source_key, ${COLUMNS})
  select $1::text::uuid, $2::text::uuid, s.id, p.id, '${SOURCE}', s.source_key, ${prefixed("s")}
  from pg_temp.import_stage as s
  left join pg_temp.import_stage as p on p.source_key = s.parent_key
  where s.is_new`;

/** $1 tenant. One step of the tasks whose status does not lead to the new one at once. No row: none is left. */
export const STEP_STATUS = `
  update public.tasks as t
  set status = coalesce(
    (
      select m.status
      from unnest(private.task_moves(t.status)) with ordinality as m (status, place)
      where s.status = any (private.task_moves(m.status))
      order by m.place
      limit 1
    ),
    'pending'
  )
  from pg_temp.import_stage as s
  where s.is_changed
    and t.tenant_id = $1::text::uuid
    and t.id = s.id
    and t.status <> s.status
    and s.status <> all (private.task_moves(t.status))
  returning t.id`;

/** $1 tenant */
export const UPDATE_TASKS = `
  update public.tasks as t
  set
    parent_id = p.id,
    (${COLUMNS}) = row(${prefixed("s")})
  from pg_temp.import_stage as s
  left join pg_temp.import_stage as p on p.source_key = s.parent_key
  where s.is_changed and t.tenant_id = $1::text::uuid and t.id = s.id`;

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

/**
 * $1 tenant, $2 workflow. What is in the database of the rows that came in. A dependency that is not there, and that
 * this import had no reason to add, somebody took back here.
 */
export const COUNT_LOADED = `
  with edges as (
    select
      f.is_new or f.is_changed or o.is_new as is_due,
      exists (
        select from public.task_dependencies as d
        where d.tenant_id = $1::text::uuid
          and d.workflow_id = $2::text::uuid
          and d.task_id = f.id
          and d.depends_on_id = o.id
      ) as is_there
    from pg_temp.import_stage as f
    cross join lateral unnest(f.depends_on) as k (key)
    join pg_temp.import_stage as o on o.source_key = k.key
  )
  select
    (count(*) filter (where s.is_new))::integer as inserted,
    (count(*) filter (where s.is_changed))::integer as updated,
    (count(*) filter (where t.source_hash = s.source_hash and s.parent_key is null))::integer as tasks,
    (count(*) filter (where t.source_hash = s.source_hash and s.parent_key is not null))::integer as subtasks,
    (select (count(*) filter (where e.is_there))::integer from edges as e) as dependencies,
    (select (count(*) filter (where not e.is_there and not e.is_due))::integer from edges as e) as removed_here
  from pg_temp.import_stage as s
  left join public.tasks as t on t.tenant_id = $1::text::uuid and t.workflow_id = $2::text::uuid and t.id = s.id`;

function prefixed(alias: string): string {
  return COLUMNS.split(",").map((column) => `${alias}.${column.trim()}`).join(", ");
}
