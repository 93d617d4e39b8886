import { SOURCE } from "./source.ts";

const COLUMNS = `title, description, details, test_strategy, status, priority, position, effort_estimate, effort_actual,
  acceptance_criteria, tags, metadata, source_hash`;

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
      from unnest(private.next_statuses('public.tasks', t.status)) with ordinality as m (status, place)
      where s.status = any (private.next_statuses('public.tasks', m.status))
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
    and s.status <> all (private.next_statuses('public.tasks', t.status))
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

function prefixed(alias: string): string {
  return COLUMNS.split(",").map((column) => `${alias}.${column.trim()}`).join(", ");
}
