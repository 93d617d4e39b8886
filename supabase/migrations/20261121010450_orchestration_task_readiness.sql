-- Which tasks can be begun, kept by what changes. (O2, O3, F2)
-- A task can be begun when it is pending, everything it depends on is over, it has no open subtask,
-- and it lies below nothing that waits or is blocked, deferred or cancelled. Looking that up at
-- every reading costs what is passed: 100 ms where nine thousand tasks wait. So each task has a row
-- here that counts what keeps it, and an index holds those that nothing keeps.
-- Not columns of tasks: whoever ends a task would need the rows of those that wait for it, while
-- somebody who changes one of these needs that of its parent. Here all rows of a workflow change
-- under the lock of the workflow, which is taken after the tasks.
-- A row follows its task by comparison and not by what a trigger was told, so that in a statement
-- that changes tasks and dependencies together the order of the triggers does not matter.

create table private.task_readiness (
  tenant_id uuid not null,
  task_id uuid not null,
  workflow_id uuid not null,
  parent_id uuid,
  status text not null,
  priority_rank integer not null,
  position integer not null,
  open_blockers integer not null default 0,
  dependents integer not null default 0,
  open_subtasks integer not null default 0,
  subtasks integer not null default 0,
  is_held boolean not null default false,
  is_open boolean not null generated always as (status not in ('done', 'cancelled')) stored,
  holds boolean not null generated always as (
    is_held or open_blockers > 0 or status in ('blocked', 'deferred', 'cancelled')
  ) stored,
  is_ready boolean not null generated always as (
    status = 'pending' and open_blockers = 0 and open_subtasks = 0 and not is_held
  ) stored
)
-- Counts change without an index: room for the new version of a row on its own page.
with (fillfactor = 80);
comment on table private.task_readiness is
  'For each task what keeps it from being begun. Kept by triggers of tasks and task_dependencies; '
  'private.rebuild_task_readiness makes it anew.';
comment on column private.task_readiness.status is
  'As of the task, like parent_id, priority_rank and position.';
comment on column private.task_readiness.open_blockers is
  'How many tasks that it depends on (type blocks) are neither done nor cancelled.';
comment on column private.task_readiness.dependents is
  'How many tasks depend on it (type blocks). A new one makes a transaction of a stricter isolation '
  'level fail that ends this task without having seen it.';
comment on column private.task_readiness.subtasks is 'How many there are; open_subtasks: neither done nor cancelled.';
comment on column private.task_readiness.is_held is 'Whether something above it holds.';
comment on column private.task_readiness.holds is 'Whether it keeps those below it from being begun.';

-- In the order they are handed out in: next_tasks stops at the last one it returns.
create index task_readiness_next_idx
  on private.task_readiness (tenant_id, workflow_id, priority_rank, position, task_id)
  where is_ready;
create index task_readiness_children_idx on private.task_readiness (tenant_id, parent_id) where parent_id is not null;
alter table private.task_readiness add constraint task_readiness_pkey primary key (tenant_id, task_id);

alter table private.task_readiness enable row level security;
revoke all on private.task_readiness from public, anon, authenticated, service_role;


create function private.hold_subtasks(tenant_ids uuid[], task_ids uuid[])
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_tenants uuid[] := hold_subtasks.tenant_ids;
  v_tasks uuid[] := hold_subtasks.task_ids;
begin
  -- As many levels as there can be: of a circle of parents, which is refused later, this has no end.
  for v_level in 1..16 loop
    exit when v_tasks is null;
    with told as (
      update private.task_readiness as c
      set is_held = p.holds
      from unnest(v_tenants, v_tasks) as u (tenant_id, task_id)
      join private.task_readiness as p on p.tenant_id = u.tenant_id and p.task_id = u.task_id
      where c.tenant_id = p.tenant_id and c.parent_id = p.task_id and c.is_held <> p.holds
      returning c.tenant_id, c.task_id, c.subtasks
    )
    select array_agg(t.tenant_id), array_agg(t.task_id) into v_tenants, v_tasks from told as t where t.subtasks > 0;
  end loop;
end
$$;
comment on function private.hold_subtasks(uuid[], uuid[]) is
  'Tells those below these tasks whether they are held, level by level as far down as it changes '
  'something. One place of the two lists is one task.';
revoke all on function private.hold_subtasks(uuid[], uuid[]) from public, anon, authenticated, service_role;


create function private.follow_tasks(tenant_ids uuid[], task_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer -- nobody holds a right on private.task_readiness
  set search_path = ''
as $$
declare
  -- What differs, one place a task.
  v_tenants uuid[];
  v_workflows uuid[];
  v_tasks uuid[];
  v_parents uuid[];
  v_parents_before uuid[];
  v_is_known boolean[];
  v_is_open boolean[];
  v_was_open boolean[];
  v_held_before boolean[];
  v_has_parents boolean;
  -- Tasks whose subtasks have to be told.
  v_telling_tenants uuid[];
  v_telling uuid[];
begin
  with
    differing as materialized (
      select
        t.tenant_id, t.workflow_id, t.id, t.parent_id, t.status, t.priority_rank, t.position,
        t.status not in ('done', 'cancelled') as is_open,
        r.task_id is not null as is_known,
        r.parent_id as parent_before,
        coalesce(r.is_open, false) as was_open,
        coalesce(r.holds, false) as held_before
      from (
        select distinct u.tenant_id, u.id
        from unnest(follow_tasks.tenant_ids, follow_tasks.task_ids) as u (tenant_id, id)
      ) as u
      join public.tasks as t on t.tenant_id = u.tenant_id and t.id = u.id
      left join private.task_readiness as r on r.tenant_id = t.tenant_id and r.task_id = t.id
      where (t.status, t.priority_rank, t.position, t.parent_id)
        is distinct from (r.status, r.priority_rank, r.position, r.parent_id)
    ),
    added as (
      insert into private.task_readiness (
        tenant_id, task_id, workflow_id, parent_id, status, priority_rank, position
      )
      select d.tenant_id, d.id, d.workflow_id, d.parent_id, d.status, d.priority_rank, d.position
      from differing as d
      where not d.is_known
    ),
    changed as (
      update private.task_readiness as r
      set parent_id = d.parent_id, status = d.status, priority_rank = d.priority_rank, position = d.position
      from differing as d
      where d.is_known and r.tenant_id = d.tenant_id and r.task_id = d.id
    )
  select
    array_agg(d.tenant_id), array_agg(d.workflow_id), array_agg(d.id), array_agg(d.parent_id),
    array_agg(d.parent_before), array_agg(d.is_known), array_agg(d.is_open), array_agg(d.was_open),
    array_agg(d.held_before), bool_or(d.parent_id is not null or d.parent_before is not null)
  into
    v_tenants, v_workflows, v_tasks, v_parents, v_parents_before, v_is_known, v_is_open, v_was_open, v_held_before,
    v_has_parents
  from differing as d;
  if v_tasks is null then
    return;
  end if;

  if v_has_parents then
    -- A statement can make parents and move tasks below them, and be told of the moves first.
    perform private.follow_tasks(array_agg(m.tenant_id), array_agg(m.parent_id))
    from unnest(v_tenants, v_parents) as m (tenant_id, parent_id)
    where m.parent_id is not null
      and not exists (
        select from private.task_readiness as r where r.tenant_id = m.tenant_id and r.task_id = m.parent_id
      )
    having count(*) > 0;
    update private.task_readiness as r
    set subtasks = r.subtasks + d.subtasks, open_subtasks = r.open_subtasks + d.open_subtasks
    from (
      select
        s.tenant_id, s.parent_id, sum(s.weight) as subtasks, sum(s.weight) filter (where s.is_open) as open_subtasks
      from (
        select u.*, 1 from unnest(v_tenants, v_parents, v_is_open) as u
        union all
        select u.*, -1 from unnest(v_tenants, v_parents_before, v_was_open) as u
      ) as s (tenant_id, parent_id, is_open, weight)
      where s.parent_id is not null
      group by s.tenant_id, s.parent_id
    ) as s
    cross join lateral (select s.subtasks, coalesce(s.open_subtasks, 0)) as d (subtasks, open_subtasks)
    where r.tenant_id = s.tenant_id and r.task_id = s.parent_id and (d.subtasks <> 0 or d.open_subtasks <> 0);
  end if;

  if v_was_open <> v_is_open then
    with told as (
      update private.task_readiness as r
      set open_blockers = r.open_blockers + d.opened
      from (
        select e.tenant_id, e.task_id, sum(case when u.is_open then 1 else -1 end) as opened
        from unnest(v_tenants, v_workflows, v_tasks, v_is_known, v_is_open, v_was_open)
          as u (tenant_id, workflow_id, task_id, is_known, is_open, was_open)
        join public.task_dependencies as e
          on e.tenant_id = u.tenant_id
          and e.depends_on_workflow_id = u.workflow_id
          and e.depends_on_id = u.task_id
          and e.type = 'blocks'
        where u.is_known and u.is_open <> u.was_open
        group by e.tenant_id, e.task_id
      ) as d
      where r.tenant_id = d.tenant_id and r.task_id = d.task_id and d.opened <> 0
      returning r.tenant_id, r.task_id, r.subtasks, r.open_blockers, d.opened
    )
    select array_agg(t.tenant_id), array_agg(t.task_id) into v_telling_tenants, v_telling
    from told as t
    where t.subtasks > 0 and (t.open_blockers = 0 or t.open_blockers = t.opened);
  end if;

  if v_has_parents then
    update private.task_readiness as r
    set is_held = coalesce(p.holds, false)
    from unnest(v_tenants, v_tasks, v_parents) as u (tenant_id, task_id, parent_id)
    left join private.task_readiness as p on p.tenant_id = u.tenant_id and p.task_id = u.parent_id
    where r.tenant_id = u.tenant_id and r.task_id = u.task_id and r.is_held <> coalesce(p.holds, false);
  end if;
  select v_telling_tenants || array_agg(r.tenant_id), v_telling || array_agg(r.task_id)
  into v_telling_tenants, v_telling
  from unnest(v_tenants, v_tasks, v_held_before) as u (tenant_id, task_id, held_before)
  join private.task_readiness as r on r.tenant_id = u.tenant_id and r.task_id = u.task_id
  where r.subtasks > 0 and r.holds <> u.held_before;
  perform private.hold_subtasks(v_telling_tenants, v_telling);
end
$$;
comment on function private.follow_tasks(uuid[], uuid[]) is
  'Brings private.task_readiness in line with these tasks, and with them what they keep from being '
  'begun: their parents, what depends on them, what lies below. One place of the two lists is one '
  'task. The workflows of all of these must be locked.';
revoke all on function private.follow_tasks(uuid[], uuid[]) from public, anon, authenticated, service_role;


create function private.lock_waiting_workflows(tenant_ids uuid[], workflow_ids uuid[], task_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer -- follows dependencies whatever the caller may read
  set search_path = ''
as $$
declare
  v_tenants uuid[];
  v_workflows uuid[];
  v_locked uuid[];
begin
  -- Until the lock is held somebody may begin to wait from yet another workflow: looked at again.
  loop
    select array_agg(w.tenant_id order by w.workflow_id), array_agg(w.workflow_id order by w.workflow_id)
    into v_tenants, v_workflows
    from (
      select u.tenant_id, u.workflow_id
      from unnest(lock_waiting_workflows.tenant_ids, lock_waiting_workflows.workflow_ids) as u (tenant_id, workflow_id)
      union
      select e.tenant_id, e.workflow_id
      from unnest(
        lock_waiting_workflows.tenant_ids, lock_waiting_workflows.workflow_ids, lock_waiting_workflows.task_ids
      ) as u (tenant_id, workflow_id, task_id)
      join public.task_dependencies as e
        on e.tenant_id = u.tenant_id
        and e.depends_on_workflow_id = u.workflow_id
        and e.depends_on_id = u.task_id
        and e.workflow_id <> e.depends_on_workflow_id
    ) as w;
    exit when v_workflows = v_locked;
    perform private.lock_workflows(v_tenants, v_workflows);
    v_locked := v_workflows;
  end loop;
end
$$;
comment on function private.lock_waiting_workflows(uuid[], uuid[], uuid[]) is
  'Locks the workflows of these tasks and of all that depend on them. One place of the three lists '
  'is one task.';
revoke all on function private.lock_waiting_workflows(uuid[], uuid[], uuid[])
  from public, anon, authenticated, service_role;


create function private.tg_tasks__follow_added()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody may execute
  set search_path = ''
as $$
begin
  perform private.lock_workflows(array_agg(w.tenant_id), array_agg(w.workflow_id))
  from (select distinct a.tenant_id, a.workflow_id from added as a) as w;
  perform private.follow_tasks(array_agg(a.tenant_id), array_agg(a.id)) from added as a;
  return null;
end
$$;
comment on function private.tg_tasks__follow_added() is
  'After insert of tasks: says in private.task_readiness whether they can be begun.';
revoke all on function private.tg_tasks__follow_added() from public, anon, authenticated, service_role;

-- Before they are counted: all workflows concerned are locked here, in one order.
create trigger _250_follow_added
  after insert on public.tasks
  referencing new table as added
  for each statement execute function private.tg_tasks__follow_added();


create function private.tg_tasks__follow_changed()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody may execute
  set search_path = ''
as $$
declare
  v_tenants uuid[];
  v_workflows uuid[];
  v_tasks uuid[];
begin
  -- No join of the two: planned for one task it would nest loops over the thousands of another time.
  select array_agg(c.tenant_id), array_agg(c.workflow_id), array_agg(c.id)
  into v_tenants, v_workflows, v_tasks
  from (
    select a.tenant_id, a.workflow_id, a.id, a.parent_id, a.status, a.priority_rank, a.position from after_change as a
    except
    select b.tenant_id, b.workflow_id, b.id, b.parent_id, b.status, b.priority_rank, b.position from before_change as b
  ) as c;
  if v_tasks is not null then
    perform private.lock_waiting_workflows(v_tenants, v_workflows, v_tasks);
    perform private.follow_tasks(v_tenants, v_tasks);
  end if;
  return null;
end
$$;
comment on function private.tg_tasks__follow_changed() is
  'After update of tasks: says in private.task_readiness what can be begun now and what no longer '
  'can.';
revoke all on function private.tg_tasks__follow_changed() from public, anon, authenticated, service_role;

create trigger _250_follow_changed
  after update on public.tasks
  referencing old table as before_change new table as after_change
  for each statement execute function private.tg_tasks__follow_changed();


create function private.tg_tasks__follow_gone()
  returns trigger
  language plpgsql
  volatile
  security definer -- nobody holds a right on private.task_readiness
  set search_path = ''
as $$
declare
  v_tenants uuid[];
  v_parents uuid[];
  v_subtasks integer[];
  v_open_subtasks integer[];
begin
  perform private.lock_workflows(array_agg(w.tenant_id), array_agg(w.workflow_id))
  from (select distinct g.tenant_id, g.workflow_id from gone as g) as w;
  -- In two statements: a parent that goes, too, must not be updated in the one that deletes it.
  with removed as (
    delete from private.task_readiness as r
    using gone as g
    where r.tenant_id = g.tenant_id and r.task_id = g.id
    returning r.tenant_id, r.parent_id, r.is_open
  )
  select array_agg(p.tenant_id), array_agg(p.parent_id), array_agg(p.subtasks), array_agg(p.open_subtasks)
  into v_tenants, v_parents, v_subtasks, v_open_subtasks
  from (
    select
      r.tenant_id,
      r.parent_id,
      count(*)::integer as subtasks,
      count(*) filter (where r.is_open)::integer as open_subtasks
    from removed as r
    where r.parent_id is not null
    group by r.tenant_id, r.parent_id
  ) as p;
  if v_parents is not null then
    update private.task_readiness as r
    set subtasks = r.subtasks - p.subtasks, open_subtasks = r.open_subtasks - p.open_subtasks
    from unnest(v_tenants, v_parents, v_subtasks, v_open_subtasks) as p (tenant_id, parent_id, subtasks, open_subtasks)
    where r.tenant_id = p.tenant_id and r.task_id = p.parent_id;
  end if;
  return null;
end
$$;
comment on function private.tg_tasks__follow_gone() is
  'After delete of tasks: their parents wait for them no longer. What depended on them is told by '
  'the dependencies that go.';
revoke all on function private.tg_tasks__follow_gone() from public, anon, authenticated, service_role;

create trigger _250_follow_gone
  after delete on public.tasks
  referencing old table as gone
  for each statement execute function private.tg_tasks__follow_gone();


create function private.follow_dependencies(
  tenant_ids uuid[],
  task_ids uuid[],
  depends_on_ids uuid[],
  weights integer[]
)
  returns void
  language plpgsql
  volatile
  security definer -- nobody holds a right on private.task_readiness
  set search_path = ''
as $$
declare
  v_tenants uuid[];
  v_tasks uuid[];
begin
  perform private.follow_tasks(
    follow_dependencies.tenant_ids || follow_dependencies.tenant_ids,
    follow_dependencies.task_ids || follow_dependencies.depends_on_ids
  );
  update private.task_readiness as r
  set dependents = r.dependents + d.dependents
  from (
    select u.tenant_id, u.task_id, sum(u.weight) as dependents
    from unnest(follow_dependencies.tenant_ids, follow_dependencies.depends_on_ids, follow_dependencies.weights)
      as u (tenant_id, task_id, weight)
    group by u.tenant_id, u.task_id
  ) as d
  where r.tenant_id = d.tenant_id and r.task_id = d.task_id and d.dependents <> 0;
  -- Counted, and not added to: a task that ended in this statement may have been told already.
  with told as (
    update private.task_readiness as r
    set open_blockers = c.open_blockers
    from (
      -- Counted task by task, by index: for joins the planner would have to know how many rows came
      -- in the same transaction.
      select u.tenant_id, u.task_id, (
        select count(*)
        from public.task_dependencies as e
        where e.tenant_id = u.tenant_id
          and e.workflow_id = (
            select t.workflow_id from private.task_readiness as t
            where t.tenant_id = u.tenant_id and t.task_id = u.task_id
          )
          and e.task_id = u.task_id
          and e.type = 'blocks'
          and (
            select b.is_open from private.task_readiness as b
            where b.tenant_id = u.tenant_id and b.task_id = e.depends_on_id
          )
      ) as open_blockers
      from (
        select distinct u.tenant_id, u.task_id
        from unnest(follow_dependencies.tenant_ids, follow_dependencies.task_ids) as u (tenant_id, task_id)
        offset 0
      ) as u
    ) as c
    where r.tenant_id = c.tenant_id and r.task_id = c.task_id and r.open_blockers <> c.open_blockers
    returning r.tenant_id, r.task_id, r.subtasks
  )
  select array_agg(t.tenant_id), array_agg(t.task_id) into v_tenants, v_tasks from told as t where t.subtasks > 0;
  perform private.hold_subtasks(v_tenants, v_tasks);
end
$$;
comment on function private.follow_dependencies(uuid[], uuid[], uuid[], integer[]) is
  'Says in private.task_readiness what these blocking dependencies, there now (weight 1) or no longer '
  '(-1), change. One place of the four lists is one dependency. Both workflows must be locked.';
revoke all on function private.follow_dependencies(uuid[], uuid[], uuid[], integer[])
  from public, anon, authenticated, service_role;


create function private.tg_task_dependencies__follow_added()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody may execute
  set search_path = ''
as $$
begin
  perform private.follow_dependencies(
    array_agg(a.tenant_id), array_agg(a.task_id), array_agg(a.depends_on_id), array_agg(1)
  )
  from added as a
  where a.type = 'blocks'
  having count(*) > 0;
  return null;
end
$$;
comment on function private.tg_task_dependencies__follow_added() is
  'After insert or update of dependencies: says in private.task_readiness what has to wait now.';
revoke all on function private.tg_task_dependencies__follow_added()
  from public, anon, authenticated, service_role;


create function private.tg_task_dependencies__follow_gone()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody may execute
  set search_path = ''
as $$
begin
  -- Those that go with their task have not locked them.
  perform private.lock_workflows(array_agg(w.tenant_id), array_agg(w.workflow_id))
  from (
    select g.tenant_id, g.workflow_id from gone as g where g.type = 'blocks'
    union
    select g.tenant_id, g.depends_on_workflow_id from gone as g where g.type = 'blocks'
  ) as w
  having count(*) > 0;
  perform private.follow_dependencies(
    array_agg(g.tenant_id), array_agg(g.task_id), array_agg(g.depends_on_id), array_agg(-1)
  )
  from gone as g
  where g.type = 'blocks'
  having count(*) > 0;
  return null;
end
$$;
comment on function private.tg_task_dependencies__follow_gone() is
  'After update or delete of dependencies: says in private.task_readiness what waits no longer.';
revoke all on function private.tg_task_dependencies__follow_gone()
  from public, anon, authenticated, service_role;

create trigger _320_follow_added
  after insert on public.task_dependencies
  referencing new table as added
  for each statement execute function private.tg_task_dependencies__follow_added();
create trigger _320_follow_changed_from
  after update on public.task_dependencies
  referencing old table as gone
  for each statement execute function private.tg_task_dependencies__follow_gone();
create trigger _320_follow_changed_to
  after update on public.task_dependencies
  referencing new table as added
  for each statement execute function private.tg_task_dependencies__follow_added();
create trigger _320_follow_gone
  after delete on public.task_dependencies
  referencing old table as gone
  for each statement execute function private.tg_task_dependencies__follow_gone();


create function private.rebuild_task_readiness(tenant_id uuid)
  returns bigint
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_rows bigint;
begin
  perform private.lock_workflows(array_agg(w.tenant_id), array_agg(w.id))
  from public.workflows as w
  where w.tenant_id = rebuild_task_readiness.tenant_id;
  delete from private.task_readiness as r where r.tenant_id = rebuild_task_readiness.tenant_id;
  insert into private.task_readiness (
    tenant_id, task_id, workflow_id, parent_id, status, priority_rank, position, open_blockers, dependents,
    open_subtasks, subtasks
  )
  select
    t.tenant_id, t.id, t.workflow_id, t.parent_id, t.status, t.priority_rank, t.position, coalesce(b.open_blockers, 0),
    coalesce(d.dependents, 0), coalesce(s.open_subtasks, 0), coalesce(s.subtasks, 0)
  from public.tasks as t
  left join (
    select e.task_id, count(*) filter (where o.status not in ('done', 'cancelled')) as open_blockers
    from public.task_dependencies as e
    join public.tasks as o on o.tenant_id = e.tenant_id and o.id = e.depends_on_id
    where e.tenant_id = rebuild_task_readiness.tenant_id and e.type = 'blocks'
    group by e.task_id
  ) as b on b.task_id = t.id
  left join (
    select e.depends_on_id, count(*) as dependents
    from public.task_dependencies as e
    where e.tenant_id = rebuild_task_readiness.tenant_id and e.type = 'blocks'
    group by e.depends_on_id
  ) as d on d.depends_on_id = t.id
  left join (
    select
      c.parent_id, count(*) as subtasks, count(*) filter (where c.status not in ('done', 'cancelled')) as open_subtasks
    from public.tasks as c
    where c.tenant_id = rebuild_task_readiness.tenant_id
    group by c.parent_id
  ) as s on s.parent_id = t.id
  where t.tenant_id = rebuild_task_readiness.tenant_id;
  get diagnostics v_rows = row_count;
  perform private.hold_subtasks(array_agg(r.tenant_id), array_agg(r.task_id))
  from private.task_readiness as r
  where r.tenant_id = rebuild_task_readiness.tenant_id and r.holds and r.subtasks > 0;
  return v_rows;
end
$$;
comment on function private.rebuild_task_readiness(uuid) is
  'Makes private.task_readiness of a tenant anew from its tasks and dependencies, for rows that were '
  'loaded with the triggers off. Locks the workflows of the tenant. Returns the number of tasks.';
revoke all on function private.rebuild_task_readiness(uuid) from public, anon, authenticated, service_role;

select private.rebuild_task_readiness(t.id) from public.tenants as t order by t.id;
