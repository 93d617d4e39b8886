-- What tasks wait for. (O3)
-- Two relations make a task wait, and no circle may lead through them, together: a task starts after
-- what it depends on (type blocks) is over, and after its parent may start; it is over after its
-- subtasks are. So neither a circle of dependencies or of parents can be made, nor a dependency on
-- one's own parent or subtask, nor one that leads around through somebody else's subtask.
-- Dependencies may lead to other workflows of the tenant, but not to one that is over.
-- Lock order: tasks, then their workflows, then one advisory lock a tenant, held by whoever adds a
-- blocking dependency or moves a task under another one, until the end of the transaction. A lock on
-- the workflows concerned would not do for circles: of one through four workflows two transactions
-- can each add an edge, one between the first two and one between the others. The look comes after
-- the lock, in a statement of its own, so under read committed it sees what the transaction before
-- has left; other levels are refused.

create table public.task_dependencies (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  workflow_id uuid not null,
  task_id uuid not null,
  depends_on_workflow_id uuid not null,
  depends_on_id uuid not null,
  type text not null default 'blocks'
    constraint type_is_known check (type in ('blocks', 'relates', 'duplicates')),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  constraint is_not_on_itself check (task_id <> depends_on_id),
  constraint task_dependencies_tenant_id_workflow_id_task_id_depends_on_key
    unique (tenant_id, workflow_id, task_id, depends_on_id) include (type),
  constraint task_dependencies_tenant_id_workflow_id_task_id_fkey foreign key (tenant_id, workflow_id, task_id)
    references public.tasks (tenant_id, workflow_id, id) on delete cascade,
  constraint task_dependencies_tenant_id_depends_on_fkey
    foreign key (tenant_id, depends_on_workflow_id, depends_on_id)
    references public.tasks (tenant_id, workflow_id, id) on delete cascade
);
comment on table public.task_dependencies is 'What tasks depend on, within a tenant. Added and removed, never changed.';
comment on column public.task_dependencies.workflow_id is 'The workflow of the task that depends.';
comment on column public.task_dependencies.task_id is 'The task that depends on the other one.';
comment on column public.task_dependencies.depends_on_workflow_id is
  'The workflow of the other task. Left out: the same one.';
comment on column public.task_dependencies.type is
  'blocks: the task waits for the other one. relates, duplicates: said for people, nobody waits.';

create index task_dependencies_page_idx on public.task_dependencies (tenant_id, created_at desc, id desc);
create index task_dependencies_depends_on_idx
  on public.task_dependencies (tenant_id, depends_on_workflow_id, depends_on_id) include (task_id, type);
-- Which workflows lead to which.
create index task_dependencies_between_workflows_idx
  on public.task_dependencies (tenant_id, workflow_id, depends_on_workflow_id)
  where workflow_id <> depends_on_workflow_id;
-- Which other workflows wait for a task.
create index task_dependencies_from_other_workflows_idx
  on public.task_dependencies (tenant_id, depends_on_workflow_id, depends_on_id)
  where workflow_id <> depends_on_workflow_id;
alter table public.task_dependencies add constraint task_dependencies_pkey primary key (tenant_id, id);

-- A dependency is a part of the plan, which members make: they take it back, too.
call private.enroll(
  'public.task_dependencies', read => 'viewer', write => 'member', remove => 'member',
  insertable => '{tenant_id, workflow_id, task_id, depends_on_workflow_id, depends_on_id, type}',
  changeable => '{}'
);


create function private.lock_task_graph(tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  -- Under a stricter isolation level the lock waits, but the other change stays unseen.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using
      errcode = 'active_sql_transaction',
      message = 'Dependencies and parents of tasks change in transactions of isolation level read committed only.',
      hint = 'Begin the transaction without naming an isolation level.';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('task graph ' || lock_task_graph.tenant_id, 0));
end
$$;
comment on function private.lock_task_graph(uuid) is
  'Whoever changes what the tasks of a tenant wait for does so alone until the end of the '
  'transaction. Raises 25001 under repeatable read and serializable.';
revoke all on function private.lock_task_graph(uuid) from public, anon, authenticated, service_role;


create function private.find_task_circle(tenant_id uuid, workflow_ids uuid[], task_ids uuid[])
  returns uuid[]
  language plpgsql
  volatile -- each of its statements has to see what was committed before it
  security definer -- follows tasks whatever the caller may read
  set search_path = ''
as $$
declare
  v_workflows uuid[];
  v_ids uuid[];
  v_asked integer[];
  -- Task number n is two nodes: n is its start, v_tasks + n its end. What comes before node n in time
  -- is v_next[v_first[n]] to v_next[v_first[n + 1] - 1]; 0 is nothing.
  v_tasks integer;
  v_next integer[];
  v_first integer[];
  v_seen boolean[];
  v_on_path boolean[];
  -- The way from the start, and for each node on it the line that comes next.
  v_path integer[];
  v_line integer[];
  v_depth integer;
  v_task integer;
  v_node integer;
  v_at integer;
  v_circle uuid[];
begin
  -- Only workflows that dependencies lead to from these.
  with recursive reached as (
    select w.id from unnest(find_task_circle.workflow_ids) as w (id)
    union
    select d.depends_on_workflow_id
    from reached as r
    join public.task_dependencies as d
      on d.tenant_id = find_task_circle.tenant_id
      and d.workflow_id = r.id
      and d.workflow_id <> d.depends_on_workflow_id
  )
  select array_agg(r.id) into v_workflows from reached as r;

  -- No join in it: within the transaction of an import the planner knows nothing of the new rows, and
  -- would nest loops over thousands of them.
  with
    pairs as (
      select row_number() over () as pair, e.*
      from (
        select t.id as task_id, t.parent_id as other_id, true as is_parent
        from public.tasks as t
        where t.tenant_id = find_task_circle.tenant_id and t.workflow_id = any (v_workflows) and t.parent_id is not null
        union all
        select d.task_id, d.depends_on_id, false
        from public.task_dependencies as d
        where d.tenant_id = find_task_circle.tenant_id and d.workflow_id = any (v_workflows) and d.type = 'blocks'
      ) as e
    ),
    numbered as materialized (
      select m.*, dense_rank() over (order by m.id)::integer as n
      from (
        select p.pair, p.is_parent, o.is_other, o.id
        from pairs as p
        cross join lateral (values (false, p.task_id), (true, p.other_id)) as o (is_other, id)
        union all
        select null, null, null, a.id from unnest(find_task_circle.task_ids) as a (id)
      ) as m
    ),
    size as materialized (
      select
        max(m.n) as tasks,
        array_agg(distinct m.id) as ids,
        array_agg(distinct m.n) filter (where m.pair is null) as asked
      from numbered as m
    ),
    edges as materialized (
      select
        p.is_parent,
        max(p.n) filter (where not p.is_other) as task,
        max(p.n) filter (where p.is_other) as other
      from numbered as p
      where p.pair is not null
      group by p.pair, p.is_parent
    ),
    -- Each node has one line at least. The plainest come first, so that the circle told is a short one.
    lines as (
      select i.node, greatest(i.node - s.tasks, 0) as next, 0 as place
      from size as s cross join lateral generate_series(1, 2 * s.tasks) as i (node)
      union all
      select e.task, s.tasks + e.other, 1 from edges as e cross join size as s where not e.is_parent
      union all
      select e.task, e.other, 2 from edges as e where e.is_parent
      union all
      select s.tasks + e.other, s.tasks + e.task, 2 from edges as e cross join size as s where e.is_parent
    ),
    placed as (
      select l.node, l.next, l.place, row_number() over (order by l.node, l.place, l.next)::integer as line
      from lines as l
    )
  select s.tasks, s.ids, s.asked, p.next, p.first
  into v_tasks, v_ids, v_asked, v_next, v_first
  from size as s
  cross join (
    select
      array_agg(p.next order by p.line) as next,
      array_agg(p.line order by p.line) filter (where p.place = 0) || (count(*) + 1)::integer as first
    from placed as p
  ) as p;
  v_seen := array_fill(false, array[2 * v_tasks]);
  v_on_path := v_seen;
  v_line := array_fill(0, array[2 * v_tasks]);
  v_path := v_line;

  -- Depth first. A node met again on the way from the start closes a circle.
  foreach v_task in array v_asked loop
    v_node := v_tasks + v_task;
    continue when v_seen[v_node];
    v_depth := 1;
    v_path[1] := v_node;
    v_seen[v_node] := true;
    v_on_path[v_node] := true;
    v_line[1] := v_first[v_node];
    while v_depth > 0 loop
      v_at := v_line[v_depth];
      if v_at = v_first[v_path[v_depth] + 1] then
        v_on_path[v_path[v_depth]] := false;
        v_depth := v_depth - 1;
        continue;
      end if;
      v_line[v_depth] := v_at + 1;
      v_node := v_next[v_at];
      continue when v_node = 0;
      if v_on_path[v_node] then
        -- From where the circle begins, each task once, though both of its nodes may be on it.
        select array_agg(v_ids[1 + (o.node - 1) % v_tasks] order by o.place) into v_circle
        from (
          select p.node, p.place, lag(p.node) over (order by p.place) as before
          from unnest(v_path[:v_depth]) with ordinality as p (node, place)
          where p.place >= array_position(v_path, v_node)
        ) as o
        where o.before is null or (o.before - 1) % v_tasks <> (o.node - 1) % v_tasks;
        if v_circle[1] = v_circle[cardinality(v_circle)] then
          v_circle := trim_array(v_circle, 1);
        end if;
        return v_circle;
      end if;
      continue when v_seen[v_node];
      v_depth := v_depth + 1;
      v_path[v_depth] := v_node;
      v_seen[v_node] := true;
      v_on_path[v_node] := true;
      v_line[v_depth] := v_first[v_node];
    end loop;
  end loop;
  return null;
end
$$;
comment on function private.find_task_circle(uuid, uuid[], uuid[]) is
  'A circle that leads through one of these tasks, as the tasks on it in their order: each waits for '
  'the next one, the last for the first. Null when there is none. One pass over the tasks of these '
  'workflows and of those that they depend on, however many tasks are asked about.';
revoke all on function private.find_task_circle(uuid, uuid[], uuid[])
  from public, anon, authenticated, service_role;


create function private.closes_no_circle(
  tenant_id uuid,
  workflow_id uuid,
  task_id uuid,
  depends_on_workflow_id uuid,
  depends_on_id uuid
)
  returns boolean
  language plpgsql
  stable
  security definer -- follows tasks whatever the caller may read
  set search_path = ''
as $$
declare
  v_most constant integer := 200;
  v_seen bigint;
  v_is_met boolean;
begin
  -- What comes after the start of the task. "offset 0" keeps the looks what they are, index descents
  -- for one task after the other, and the limit ends them.
  with recursive later (id, workflow_id, is_end) as (
    select closes_no_circle.task_id, closes_no_circle.workflow_id, false
    union
    select n.id, n.workflow_id, n.is_end
    from later as l
    cross join lateral (
      select l.id, l.workflow_id, true where not l.is_end
      union all
      select c.id, c.workflow_id, false
      from public.tasks as c
      where not l.is_end
        and c.tenant_id = closes_no_circle.tenant_id
        and c.workflow_id = l.workflow_id
        and c.parent_id = l.id
      union all
      select d.task_id, d.workflow_id, false
      from public.task_dependencies as d
      where l.is_end
        and d.tenant_id = closes_no_circle.tenant_id
        and d.depends_on_workflow_id = l.workflow_id
        and d.depends_on_id = l.id
        and d.type = 'blocks'
      union all
      select t.parent_id, t.workflow_id, true
      from public.tasks as t
      where l.is_end and t.tenant_id = closes_no_circle.tenant_id and t.id = l.id and t.parent_id is not null
      offset 0
    ) as n (id, workflow_id, is_end)
  )
  select count(*), bool_or(l.is_end and l.id = closes_no_circle.depends_on_id) into v_seen, v_is_met
  from (select * from later limit v_most) as l;
  if v_is_met or v_seen < v_most then
    return not v_is_met;
  end if;
  -- Too much. What comes before the end of the other one may be less.
  with recursive sooner (id, workflow_id, is_end) as (
    select closes_no_circle.depends_on_id, closes_no_circle.depends_on_workflow_id, true
    union
    select n.id, n.workflow_id, n.is_end
    from sooner as s
    cross join lateral (
      select s.id, s.workflow_id, false where s.is_end
      union all
      select c.id, c.workflow_id, true
      from public.tasks as c
      where s.is_end
        and c.tenant_id = closes_no_circle.tenant_id
        and c.workflow_id = s.workflow_id
        and c.parent_id = s.id
      union all
      select d.depends_on_id, d.depends_on_workflow_id, true
      from public.task_dependencies as d
      where not s.is_end
        and d.tenant_id = closes_no_circle.tenant_id
        and d.workflow_id = s.workflow_id
        and d.task_id = s.id
        and d.type = 'blocks'
      union all
      select t.parent_id, t.workflow_id, false
      from public.tasks as t
      where not s.is_end and t.tenant_id = closes_no_circle.tenant_id and t.id = s.id and t.parent_id is not null
      offset 0
    ) as n (id, workflow_id, is_end)
  )
  select count(*), bool_or(not s.is_end and s.id = closes_no_circle.task_id) into v_seen, v_is_met
  from (select * from sooner limit v_most) as s;
  return not v_is_met and v_seen < v_most;
end
$$;
comment on function private.closes_no_circle(uuid, uuid, uuid, uuid, uuid) is
  'Whether a short look around a dependency is enough to say that no circle leads through it: what '
  'comes after the task does not lead to what it depends on, or the other way round. False: there is '
  'one, or there is too much around it to say.';
revoke all on function private.closes_no_circle(uuid, uuid, uuid, uuid, uuid)
  from public, anon, authenticated, service_role;


create function private.refuse_task_circle(tenant_id uuid, workflow_ids uuid[], task_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer -- calls a helper that nobody may execute, and names tasks whoever asks
  set search_path = ''
as $$
declare
  v_circle constant uuid[] := private.find_task_circle(
    refuse_task_circle.tenant_id, refuse_task_circle.workflow_ids, refuse_task_circle.task_ids
  );
begin
  if v_circle is null then
    return;
  end if;
  raise exception using
    errcode = 'PT409',
    message = 'The tasks would wait for each other in a circle.',
    detail = (
      select
        string_agg(format('%s (%s)', left(t.title, 60), t.id), ' -> ' order by c.place)
        || case when cardinality(v_circle) > 19 then ' -> ...' else '' end
      from unnest((v_circle || v_circle[1])[:20]) with ordinality as c (id, place)
      join public.tasks as t on t.tenant_id = refuse_task_circle.tenant_id and t.id = c.id
    ),
    hint = 'A task waits for what it depends on, for its subtasks, and for what its parent depends on.';
end
$$;
comment on function private.refuse_task_circle(uuid, uuid[], uuid[]) is
  'Raises PT409 when a circle leads through one of these tasks; the detail names the tasks on it.';
revoke all on function private.refuse_task_circle(uuid, uuid[], uuid[])
  from public, anon, authenticated, service_role;


create function private.tg_task_dependencies__lock()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody may execute, and locks tasks whoever asks
  set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform private.lock_workflows(
      array[old.tenant_id, old.tenant_id], array[old.workflow_id, old.depends_on_workflow_id]
    );
    return old;
  end if;
  new.depends_on_workflow_id := coalesce(new.depends_on_workflow_id, new.workflow_id);
  if new.type = 'blocks' or tg_op = 'UPDATE' then
    -- Before the row is written: whoever waited for a unique key with the locks to come could be
    -- waited for by who holds them. Whoever deletes one of the tasks is waited for with nothing held.
    -- One by one: for a list of two the planner, which knows nothing of rows that came in the same
    -- transaction, goes through all tasks of the tenant.
    perform from public.tasks as t
    where t.tenant_id = new.tenant_id and t.id = least(new.task_id, new.depends_on_id)
    for key share;
    perform from public.tasks as t
    where t.tenant_id = new.tenant_id and t.id = greatest(new.task_id, new.depends_on_id)
    for key share;
    perform private.lock_workflows(
      array[new.tenant_id, new.tenant_id], array[new.workflow_id, new.depends_on_workflow_id]
    );
    perform private.lock_task_graph(new.tenant_id);
  end if;
  return new;
end
$$;
comment on function private.tg_task_dependencies__lock() is
  'Before insert, update or delete of a dependency: fills in the workflow, and locks both workflows '
  'and, unless it goes, the tenant''s graph of tasks. Raises 25001 under repeatable read and '
  'serializable.';
revoke all on function private.tg_task_dependencies__lock() from public, anon, authenticated, service_role;

create trigger _150_lock
  before insert or update on public.task_dependencies
  for each row execute function private.tg_task_dependencies__lock();
create trigger _150_lock_gone
  before delete on public.task_dependencies
  for each row
  -- Not one that goes with its task: whoever deletes that takes the tasks below it, too, before the
  -- workflow.
  when (old.type = 'blocks' and pg_trigger_depth() = 0)
  execute function private.tg_task_dependencies__lock();


create function private.tg_task_dependencies__check()
  returns trigger
  language plpgsql
  volatile
  security definer -- looks at tasks and workflows whoever asks
  set search_path = ''
as $$
declare
  v_finished record;
  v_added record;
  v_are_few boolean;
begin
  select w.id, w.status into v_finished
  from (
    select a.tenant_id, a.workflow_id from added as a
    union
    select a.tenant_id, a.depends_on_workflow_id from added as a
  ) as a (tenant_id, workflow_id)
  join public.workflows as w on w.tenant_id = a.tenant_id and w.id = a.workflow_id
  where w.status in ('completed', 'cancelled')
  limit 1;
  if found then
    raise exception using
      errcode = 'PT409',
      message = format('The workflow is %s: nothing in it can be depended on any more.', v_finished.status),
      detail = format('workflow_id %s', v_finished.id),
      hint = 'Take it up again with update_workflow_status.';
  end if;
  v_are_few := (select count(*) <= 8 from added as a);
  for v_added in
    select a.tenant_id, array_agg(distinct a.workflow_id) as workflow_ids, array_agg(distinct a.task_id) as task_ids
    from added as a
    where a.type = 'blocks'
      and not case
        when v_are_few then private.closes_no_circle(
          a.tenant_id, a.workflow_id, a.task_id, a.depends_on_workflow_id, a.depends_on_id
        )
        else false
      end
    group by a.tenant_id
  loop
    perform private.refuse_task_circle(v_added.tenant_id, v_added.workflow_ids, v_added.task_ids);
  end loop;
  return null;
end
$$;
comment on function private.tg_task_dependencies__check() is
  'After insert or update of dependencies: looks for circles, around each of a few and once over all '
  'tasks for many. Raises PT409 for a circle, and for a workflow that is over on either side.';
revoke all on function private.tg_task_dependencies__check() from public, anon, authenticated, service_role;

create trigger _300_check_added
  after insert on public.task_dependencies
  referencing new table as added
  for each statement execute function private.tg_task_dependencies__check();
create trigger _300_check_changed
  after update on public.task_dependencies
  referencing new table as added
  for each statement execute function private.tg_task_dependencies__check();


create function private.tg_tasks__lock_parent()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls a helper that nobody may execute
  set search_path = ''
as $$
begin
  perform from public.tasks as t where t.tenant_id = new.tenant_id and t.id = new.parent_id for key share;
  perform private.lock_workflows(array[new.tenant_id], array[new.workflow_id]);
  perform private.lock_task_graph(new.tenant_id);
  return new;
end
$$;
comment on function private.tg_tasks__lock_parent() is
  'Before a task moves under another one: locks that, the workflow and the tenant''s graph of tasks. '
  'Raises 25001 under repeatable read and serializable.';
revoke all on function private.tg_tasks__lock_parent() from public, anon, authenticated, service_role;

create trigger _160_lock_parent
  before update of parent_id on public.tasks
  for each row
  when (new.parent_id is not null and new.parent_id is distinct from old.parent_id)
  execute function private.tg_tasks__lock_parent();


create function private.refuse_deep_tasks(tenant_ids uuid[], task_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer -- follows tasks whatever the caller may read
  set search_path = ''
as $$
declare
  v_most constant integer := 16;
  v_task uuid;
begin
  -- Down to the last subtask of each, then up from there. Both end after so many steps, in a circle
  -- too.
  with recursive
    below as (
      select c.tenant_id, c.id, 1 as levels
      from unnest(refuse_deep_tasks.tenant_ids, refuse_deep_tasks.task_ids) as c (tenant_id, id)
      union
      select b.tenant_id, t.id, b.levels + 1
      from below as b
      join public.tasks as p on p.tenant_id = b.tenant_id and p.id = b.id
      join public.tasks as t on t.tenant_id = p.tenant_id and t.workflow_id = p.workflow_id and t.parent_id = p.id
      where b.levels <= v_most
    ),
    above as (
      select b.tenant_id, b.id as task_id, b.id, 1 as levels from below as b
      union
      select a.tenant_id, a.task_id, t.parent_id, a.levels + 1
      from above as a
      join public.tasks as t on t.tenant_id = a.tenant_id and t.id = a.id
      where t.parent_id is not null and a.levels <= v_most
    )
  select a.task_id into v_task from above as a where a.levels > v_most limit 1;
  if found then
    raise exception using
      errcode = 'PT409',
      message = format('Tasks nest %s levels deep at most.', v_most),
      detail = format('task_id %s', v_task),
      hint = 'Put the task higher up.';
  end if;
end
$$;
comment on function private.refuse_deep_tasks(uuid[], uuid[]) is
  'Raises PT409 when one of these tasks, or of those below them, is more than 16 levels deep, and '
  'for tasks that are their own ancestors.';
revoke all on function private.refuse_deep_tasks(uuid[], uuid[]) from public, anon, authenticated, service_role;


create function private.tg_tasks__check_parents()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody may execute
  set search_path = ''
as $$
declare
  v_moved record;
begin
  if tg_op = 'INSERT' then
    -- Nothing depends on a new task, so at most new ones alone could be in a circle: of parents.
    perform private.refuse_deep_tasks(array_agg(a.tenant_id), array_agg(a.id))
    from after_change as a
    where a.parent_id is not null
    having count(*) > 0;
    return null;
  end if;
  -- No join of the two: planned for one task it would nest loops over the thousands of another time.
  for v_moved in
    select
      m.tenant_id,
      array_agg(distinct m.workflow_id) as workflow_ids,
      array_agg(m.tenant_id) as tenant_ids,
      array_agg(m.id) as task_ids
    from (
      select a.tenant_id, a.workflow_id, a.id, a.parent_id from after_change as a where a.parent_id is not null
      except
      select b.tenant_id, b.workflow_id, b.id, b.parent_id from before_change as b
    ) as m
    group by m.tenant_id
  loop
    perform private.refuse_task_circle(v_moved.tenant_id, v_moved.workflow_ids, v_moved.task_ids);
    perform private.refuse_deep_tasks(v_moved.tenant_ids, v_moved.task_ids);
  end loop;
  return null;
end
$$;
comment on function private.tg_tasks__check_parents() is
  'After insert and update of tasks: raises PT409 when a task gets below itself, waits for its own '
  'parent, or is more than 16 levels deep.';
revoke all on function private.tg_tasks__check_parents() from public, anon, authenticated, service_role;

create trigger _310_check_parents_of_added
  after insert on public.tasks
  referencing new table as after_change
  for each statement execute function private.tg_tasks__check_parents();
create trigger _310_check_parents_of_changed
  after update on public.tasks
  referencing old table as before_change new table as after_change
  for each statement execute function private.tg_tasks__check_parents();
