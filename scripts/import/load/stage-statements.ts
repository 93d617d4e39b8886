import { SOURCE } from "./source.ts";

// Each of the statements works on all tasks of a tag at once. The rows come in as one JSON text, into a temporary table
// that is analyzed: of rows out of a function the planner would guess that there are a hundred.

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
