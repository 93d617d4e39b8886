-- How long a task has been in each of its statuses. (O2, O6)
-- Added up on the row that changes anyway, by a trigger before it is written: a log of the changes
-- would be a row, its indexes and a foreign key for each change of a status, which is the statement
-- that workers make most, and would need a retention of its own.
-- What has been added up is lost with the columns.

alter table public.tasks
  add column status_since timestamptz not null default now(),
  add column status_seconds jsonb not null default '{}'
    constraint status_seconds_is_an_object_of_at_most_1_kb
    check (jsonb_typeof(status_seconds) = 'object' and octet_length(status_seconds::text) <= 1024),
  add column times_reopened integer not null default 0
    constraint times_reopened_is_not_negative check (times_reopened >= 0),
  -- Of the end of time there is no difference to anything.
  add constraint started_at_is_a_time check (isfinite(started_at)),
  add constraint finished_at_is_a_time check (isfinite(finished_at)),
  add constraint due_at_is_a_time check (isfinite(due_at));
comment on column public.tasks.status_since is 'When it got the status it has.';
comment on column public.tasks.status_seconds is
  'How many seconds it was in each status that it has left: {"pending": 3600, "in_progress": 12.5}. What it '
  'has spent in the present one comes on top: now() - status_since.';
comment on column public.tasks.times_reopened is 'How often it was taken up again after it was done or cancelled.';


create function private.tg_tasks__start_time()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_end constant timestamptz := coalesce(new.finished_at, now());
begin
  -- What is added as begun or over, by an import, has a past: it waited, then it was worked on.
  new.status_since := least(case when new.status = 'in_progress' then new.started_at else v_end end, now());
  new.status_seconds := jsonb_strip_nulls(jsonb_build_object(
    'pending',
    nullif(round(greatest(extract(epoch from coalesce(new.started_at, v_end) - new.created_at), 0), 3), 0),
    'in_progress',
    case when new.status <> 'in_progress' then
      nullif(round(greatest(extract(epoch from v_end - new.started_at), 0), 3), 0)
    end
  ));
  return new;
end
$$;
comment on function private.tg_tasks__start_time() is
  'Before insert of a task that is begun or over already, after its times are stamped: how long it was '
  'pending and in progress, by those times.';
revoke all on function private.tg_tasks__start_time() from public, anon, authenticated, service_role;

create trigger _170_start_time
  before insert on public.tasks
  for each row
  -- What is no time is for the constraints to refuse.
  when (
    new.status in ('in_progress', 'done', 'cancelled')
    and isfinite(new.started_at) is not false
    and isfinite(new.finished_at) is not false
  )
  execute function private.tg_tasks__start_time();


create function private.tg_tasks__keep_time()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  -- A transaction that began before the last change, and is written after it, has the older clock.
  new.status_seconds := old.status_seconds || jsonb_build_object(
    old.status,
    coalesce((old.status_seconds ->> old.status)::numeric, 0)
      + round(greatest(extract(epoch from now() - old.status_since), 0), 3)
  );
  new.status_since := greatest(old.status_since, now());
  if old.status in ('done', 'cancelled') then
    new.times_reopened := old.times_reopened + 1;
  end if;
  return new;
end
$$;
comment on function private.tg_tasks__keep_time() is
  'Before the status of a task changes: adds the time it spent in the one it leaves, and counts when it '
  'is taken up again.';
revoke all on function private.tg_tasks__keep_time() from public, anon, authenticated, service_role;

create trigger _170_keep_time
  before update of status on public.tasks
  for each row
  when (old.status is distinct from new.status)
  execute function private.tg_tasks__keep_time();
