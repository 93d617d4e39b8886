-- What runs when, as data. (P3)
-- pg_cron is kept in step with this table where it exists (ops_reconcile), else another scheduler reads
-- it; each run is a row of ops.schedule_runs.

create function ops.is_cron(cron text)
  returns boolean
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_lowest constant integer[] := '{0, 0, 1, 1, 0}';
  v_highest constant integer[] := '{59, 23, 31, 12, 7}';
  v_fields constant text[] := string_to_array(is_cron.cron, ' ');
  v_part text;
  v_words text[];
  v_from integer;
  v_to integer;
begin
  if is_cron.cron is null or cardinality(v_fields) <> 5 or '' = any (v_fields) then
    return false;
  end if;
  for i in 1..5 loop
    foreach v_part in array string_to_array(v_fields[i], ',') loop
      -- What pg_cron and the local scheduler read alike: *, */step, n, n-m, n-m/step.
      v_words := regexp_match(v_part, '^(?:(\*)|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/([0-9]{1,2}))?$');
      if v_words is null or (v_words[4] is not null and v_words[1] is null and v_words[3] is null) then
        return false;
      end if;
      v_from := coalesce(v_words[2]::integer, v_lowest[i]);
      v_to := coalesce(v_words[3]::integer, v_words[2]::integer, v_highest[i]);
      if v_from < v_lowest[i]
        or v_to > v_highest[i]
        or v_from > v_to
        or v_words[4]::integer not between 1 and greatest(v_highest[i], 1)
      then
        return false;
      end if;
    end loop;
  end loop;
  return true;
end
$$;
comment on function ops.is_cron(text) is
  'Whether a text is a cron expression of five fields (minute, hour, day, month, weekday) that '
  'pg_cron and the local scheduler read alike: numbers, ascending ranges, lists, steps of a range.';
revoke all on function ops.is_cron(text) from public, anon, authenticated, service_role;
grant execute on function ops.is_cron(text) to service_role;


create table ops.schedules (
  name text not null constraint name_is_lower_case_words check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint name_has_at_most_50_letters check (length(name) <= 50),
  description text not null,
  cron text not null
    constraint cron_has_five_valid_fields check (ops.is_cron(cron)),
  kind text not null constraint kind_is_known check (kind in ('function', 'sql')),
  target text not null,
  body jsonb not null default '{}' constraint body_is_an_object check (jsonb_typeof(body) = 'object'),
  timeout_seconds integer not null default 60
    constraint timeout_is_between_1_second_and_1_hour check (timeout_seconds between 1 and 3600),
  is_enabled boolean not null default true,
  run_requested_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint schedules_pkey primary key (name),
  -- It becomes part of an address, to which the secret of the functions is sent.
  constraint function_is_named_by_words check (kind <> 'function' or target ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
comment on table ops.schedules is 'What runs when. A change takes effect without a restart.';
comment on column ops.schedules.cron is
  'Minute, hour, day, month, weekday, in UTC: */15 * * * *. A day must match both day fields when '
  'one of them begins with a star, otherwise either, as in pg_cron.';
comment on column ops.schedules.target is
  'The name of an edge function, or one SQL statement that works inside a function (no VACUUM).';
comment on column ops.schedules.timeout_seconds is
  'How long a run may take. pg_cron cannot end a statement: there a run beyond it is only reported.';
comment on column ops.schedules.run_requested_at is
  'When somebody last asked for a run beside the times of cron (ops.run_schedule_now).';
comment on column ops.schedules.body is 'Sent to the edge function as JSON.';

alter table ops.schedules enable row level security;
revoke all on ops.schedules from public, anon, authenticated, service_role;
-- A schedule of kind sql runs with the rights of the database's owner: whoever could write one
-- would hold those rights.
grant select, update (cron, is_enabled) on ops.schedules to service_role;

-- Asking for a run changes nothing about when the schedule should have run.
create trigger _200_touch
  before update of description, cron, kind, target, body, timeout_seconds, is_enabled on ops.schedules
  for each row execute function private.tg__touch();


create table ops.schedule_runs (
  id uuid not null default private.uuid_v7(),
  schedule_name text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  status text not null default 'running'
    constraint status_is_known check (status in ('running', 'succeeded', 'failed', 'refused')),
  http_status integer,
  result jsonb,
  error text,
  backend_pid integer,
  backend_start timestamptz,
  request_id bigint,
  is_answered boolean,
  constraint schedule_runs_pkey primary key (id),
  constraint schedule_runs_schedule_name_fkey foreign key (schedule_name)
    references ops.schedules (name) on update cascade on delete cascade,
  constraint is_finished_unless_running check ((status = 'running') = (finished_at is null)),
  constraint ends_after_it_starts check (finished_at >= started_at)
);
comment on table ops.schedule_runs is 'One row each time a schedule ran.';
comment on column ops.schedule_runs.status is
  'refused: not begun, because the run before was still going on.';
comment on column ops.schedule_runs.backend_pid is
  'With backend_start the session of pg_cron that runs it; a run whose session is gone has failed.';
comment on column ops.schedule_runs.request_id is 'The request of pg_net that called the edge function.';
comment on column ops.schedule_runs.is_answered is
  'Whether pg_net had an answer, a time-out or an error for it; false: lost. Null without a request.';

create index schedule_runs_schedule_name_started_at_idx on ops.schedule_runs (schedule_name, started_at desc);

alter table ops.schedule_runs enable row level security;
revoke all on ops.schedule_runs from public, anon, authenticated, service_role;
grant select, delete on ops.schedule_runs to service_role;


insert into ops.schedules (name, description, cron, kind, target)
values (
  'add-partitions',
  'Makes the monthly partitions ahead.',
  '30 1 * * *',
  'sql',
  'select * from ops.add_partitions()'
);
