-- What runs when, as data. (P3)
-- The local stack's scheduler reads this table; each run is a row of ops.schedule_runs.

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
  description text not null,
  cron text not null
    constraint cron_has_five_valid_fields check (ops.is_cron(cron)),
  kind text not null constraint kind_is_known check (kind in ('function', 'sql')),
  target text not null,
  body jsonb not null default '{}' constraint body_is_an_object check (jsonb_typeof(body) = 'object'),
  timeout_seconds integer not null default 60
    constraint timeout_is_between_1_second_and_1_hour check (timeout_seconds between 1 and 3600),
  is_enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint schedules_pkey primary key (name)
);
comment on table ops.schedules is 'What runs when. A change takes effect without a restart.';
comment on column ops.schedules.cron is 'Minute, hour, day, month, weekday, in UTC: */15 * * * *.';
comment on column ops.schedules.target is 'The name of an edge function, or one SQL statement.';
comment on column ops.schedules.body is 'Sent to the edge function as JSON.';

alter table ops.schedules enable row level security;
revoke all on ops.schedules from public, anon, authenticated, service_role;
-- A schedule of kind sql runs with the rights of the database's owner: whoever could write one
-- would hold those rights.
grant select, update (cron, is_enabled) on ops.schedules to service_role;

create trigger _200_touch
  before update on ops.schedules
  for each row execute function private.tg__touch();


create table ops.schedule_runs (
  id uuid not null default private.uuid_v7(),
  schedule_name text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  status text not null default 'running'
    constraint status_is_known check (status in ('running', 'succeeded', 'failed')),
  http_status integer,
  result jsonb,
  error text,
  constraint schedule_runs_pkey primary key (id),
  constraint schedule_runs_schedule_name_fkey foreign key (schedule_name)
    references ops.schedules (name) on update cascade on delete cascade,
  constraint is_finished_unless_running check ((status = 'running') = (finished_at is null)),
  constraint ends_after_it_starts check (finished_at >= started_at)
);
comment on table ops.schedule_runs is 'One row each time a schedule ran.';

create index schedule_runs_schedule_name_started_at_idx on ops.schedule_runs (schedule_name, started_at desc);

alter table ops.schedule_runs enable row level security;
revoke all on ops.schedule_runs from public, anon, authenticated, service_role;
grant select, delete on ops.schedule_runs to service_role;


insert into ops.schedules (name, description, cron, kind, target)
values (
  'add-partitions',
  'Makes the monthly partitions a year ahead.',
  '30 1 * * *',
  'sql',
  'select * from ops.add_partitions()'
);
