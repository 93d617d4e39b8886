-- When visual tests run by themselves: once, at an interval, or by cron in a time zone. (T4)
-- next_run_at is what the dispatcher looks for. It is there exactly as long as the schedule is
-- enabled, and no user writes it: a trigger computes it whenever the rest changes.

create table public.test_schedules (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  project_id uuid,
  flow_id uuid not null,
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  kind text not null constraint kind_is_known check (kind in ('once', 'interval', 'cron')),
  run_at timestamptz constraint run_at_is_a_time check (isfinite(run_at)),
  every interval
    constraint every_has_no_months_and_no_seconds
    check (extract(year from every) = 0 and extract(month from every) = 0 and extract(second from every) = 0)
    constraint every_is_between_1_minute_and_366_days check (every between '1 minute' and '366 days'),
  cron text,
  time_zone text,
  missed_runs text not null default 'run_once'
    constraint missed_runs_is_known check (missed_runs in ('run_once', 'skip')),
  grace interval not null default '5 minutes'
    constraint grace_is_between_0_and_7_days check (grace between '0' and '7 days'),
  ends_at timestamptz constraint ends_at_is_a_time check (isfinite(ends_at)),
  is_enabled boolean not null default true,
  settings jsonb not null default '{}'
    constraint settings_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 65536),
  next_run_at timestamptz,
  last_run_at timestamptz,
  last_error text,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint has_exactly_the_fields_of_its_kind check (
    (kind = 'once') = (run_at is not null)
    and (kind = 'interval') = (every is not null)
    and (kind = 'cron') = (cron is not null)
    and (kind = 'cron') = (time_zone is not null)
  ),
  constraint test_schedules_tenant_id_flow_id_fkey foreign key (tenant_id, flow_id)
    references public.visual_test_flows (tenant_id, id) on delete cascade,
  constraint test_schedules_tenant_id_project_id_fkey foreign key (tenant_id, project_id)
    references public.projects (tenant_id, id) on delete set null (project_id)
);
comment on table public.test_schedules is
  'When a flow runs by itself. Due runs become rows of scheduled_test_executions.';
comment on column public.test_schedules.kind is
  'once: at run_at. interval: every so long, counted from when it was enabled. cron: by cron in '
  'time_zone.';
comment on column public.test_schedules.every is 'A length of time: a day has 24 hours. What follows the clock is cron.';
comment on column public.test_schedules.cron is
  'Minute, hour, day, month, weekday: 30 9 * * mon-fri. Numbers, ranges, lists, steps, names; L for '
  'the last day, fri#2 and friL for the second and the last Friday of a month; @hourly to @yearly. '
  'When neither day field begins with a star, a day that matches one of them is enough.';
comment on column public.test_schedules.time_zone is
  'IANA name such as Europe/Berlin. When clocks change, a skipped local time comes as long after '
  'midnight as ever; a repeated one counts once, unless minute or hour begins with a star.';
comment on column public.test_schedules.missed_runs is
  'When nothing was dispatched for a while. run_once: one run for all that were missed. skip: those '
  'that are late by more than grace do not run.';
comment on column public.test_schedules.ends_at is 'The last moment at which it may run.';
comment on column public.test_schedules.is_enabled is
  'Whether it will run. Switched off by itself after the last run; nothing is missed while off.';
comment on column public.test_schedules.settings is 'Handed to each execution, such as {"browser": "firefox"}.';
comment on column public.test_schedules.next_run_at is 'Computed; null when it is off or over.';
comment on column public.test_schedules.last_run_at is 'When a due run last became an execution.';
comment on column public.test_schedules.updated_at is 'Moves with each run too.';
comment on column public.test_schedules.last_error is
  'Why the last due run became no execution, such as an archived flow. Null: it did.';

create index test_schedules_page_idx on public.test_schedules (tenant_id, created_at desc, id desc);
create index test_schedules_due_idx on public.test_schedules (next_run_at) where is_enabled;
create index test_schedules_tenant_id_flow_id_idx on public.test_schedules (tenant_id, flow_id);
create index test_schedules_tenant_id_project_id_idx on public.test_schedules (tenant_id, project_id)
  where project_id is not null;
alter table public.test_schedules add constraint test_schedules_pkey primary key (tenant_id, id);

-- Flows are written by members, schedules by managers: a schedule spends the tenant's browsers
-- unattended for as long as nobody stops it, so it has no owner with whom it could be stranded.
-- Members run one by hand (run_test_schedule_now).
call private.enroll(
  'public.test_schedules', read => 'viewer', write => 'manager', remove => 'manager',
  insertable => '{
    tenant_id, project_id, flow_id, name, kind, run_at, every, cron, time_zone, missed_runs, grace, ends_at, is_enabled,
    settings
  }',
  changeable => '{
    project_id, flow_id, name, kind, run_at, every, cron, time_zone, missed_runs, grace, ends_at, is_enabled, settings
  }'
);
-- Not by the declaration: a run is no change of the schedule, and would fill the log every minute.
create trigger _910_audit
  after insert or delete
    or update of project_id, flow_id, name, kind, run_at, every, cron, time_zone, missed_runs, grace, ends_at,
    is_enabled, settings
  on public.test_schedules
  for each row execute function private.tg__audit('tenant_id', 'tenant_id', 'id');


create function private.next_schedule_time(schedule public.test_schedules, after timestamptz)
  returns timestamptz
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_schedule constant public.test_schedules := next_schedule_time.schedule;
  v_after constant timestamptz := next_schedule_time.after;
  v_due constant timestamptz := coalesce(v_schedule.next_run_at, v_after);
  -- Without a length there is no next time; the check of the column says so.
  v_every constant double precision := nullif(extract(epoch from v_schedule.every), 0);
  v_next timestamptz;
begin
  v_next := case v_schedule.kind
    when 'once' then v_schedule.run_at
    -- Seconds, because a day is 23 hours long in some sessions.
    when 'interval' then
      v_due + make_interval(secs => v_every * (floor(extract(epoch from v_after - v_due) / v_every) + 1))
    when 'cron' then private.next_cron_time(v_schedule.cron, v_schedule.time_zone, v_after)
  end;
  return case when v_next > v_after and (v_next > v_schedule.ends_at) is not true then v_next end;
end
$$;
comment on function private.next_schedule_time(public.test_schedules, timestamptz) is
  'The first time after a moment at which a schedule is due. Null: never again. Intervals count from '
  'next_run_at, or else from the moment.';
revoke all on function private.next_schedule_time(public.test_schedules, timestamptz)
  from public, anon, authenticated, service_role;


create function private.tg_test_schedules__check_cron()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody else may execute
  set search_path = ''
as $$
begin
  perform private.require_time_zone(new.time_zone), private.require_cron(new.cron);
  return new;
end
$$;
comment on function private.tg_test_schedules__check_cron() is
  'Before a schedule of kind cron is written: raises 22023 for an expression or a time zone that is '
  'none, whether it is enabled or not. (T4)';
revoke all on function private.tg_test_schedules__check_cron() from public, anon, authenticated, service_role;

-- Not at every update: one whose time zone the server no longer knows must be switched off.
create trigger _290_check_cron
  before insert or update of kind, cron, time_zone on public.test_schedules
  for each row
  when (new.kind = 'cron')
  execute function private.tg_test_schedules__check_cron();


create function private.tg_test_schedules__keep_next_run()
  returns trigger
  language plpgsql
  volatile
  security definer -- calls helpers that nobody else may execute
  set search_path = ''
as $$
begin
  new.next_run_at := null;
  if not new.is_enabled then
    return new;
  end if;
  if new.kind = 'once' and new.run_at <= now() then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'run_at: the time lies in the past.',
      detail = format('run_at %s', new.run_at),
      hint = 'Choose a later time, or save the schedule switched off (is_enabled).';
  end if;
  new.next_run_at := private.next_schedule_time(new, now());
  if new.ends_at is not null and new.next_run_at is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'ends_at: the schedule would end before it runs.',
      detail = format('ends_at %s', new.ends_at),
      hint = 'Choose a later end, or switch the schedule off (is_enabled).';
  end if;
  return new;
end
$$;
comment on function private.tg_test_schedules__keep_next_run() is
  'Before a schedule is made or its times change: computes next_run_at. Raises 22023 for a time that '
  'has passed and for an end before the first run. (T4)';
revoke all on function private.tg_test_schedules__keep_next_run() from public, anon, authenticated, service_role;

create trigger _300_keep_next_run
  before insert on public.test_schedules
  for each row execute function private.tg_test_schedules__keep_next_run();
-- Only when one of them differs: sending a row back as it was must not move an interval.
create trigger _310_keep_next_run
  before update on public.test_schedules
  for each row
  when (
    (old.kind, old.run_at, old.every, old.cron, old.time_zone, old.ends_at, old.is_enabled)
    is distinct from (new.kind, new.run_at, new.every, new.cron, new.time_zone, new.ends_at, new.is_enabled)
  )
  execute function private.tg_test_schedules__keep_next_run();
