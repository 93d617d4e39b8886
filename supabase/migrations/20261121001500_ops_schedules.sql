-- What runs when, as data. (P3)
-- The local stack's scheduler reads this table; each run is a row of ops.schedule_runs.

create table ops.schedules (
  name text not null constraint name_is_lower_case_words check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  description text not null,
  cron text not null
    constraint cron_has_five_valid_fields check (
      cron ~ ('^' ||
        '(\*|[0-5]?\d(-[0-5]?\d)?)(/[1-5]?\d)?(,(\*|[0-5]?\d(-[0-5]?\d)?)(/[1-5]?\d)?)* ' ||
        '(\*|([01]?\d|2[0-3])(-([01]?\d|2[0-3]))?)(/([1-9]|1\d|2[0-3]))?(,(\*|([01]?\d|2[0-3])(-([01]?\d|2[0-3]))?)(/([1-9]|1\d|2[0-3]))?)* ' ||
        '(\*|(0?[1-9]|[12]\d|3[01])(-(0?[1-9]|[12]\d|3[01]))?)(/([1-9]|[12]\d|3[01]))?(,(\*|(0?[1-9]|[12]\d|3[01])(-(0?[1-9]|[12]\d|3[01]))?)(/([1-9]|[12]\d|3[01]))?)* ' ||
        '(\*|(0?[1-9]|1[0-2])(-(0?[1-9]|1[0-2]))?)(/([1-9]|1[0-2]))?(,(\*|(0?[1-9]|1[0-2])(-(0?[1-9]|1[0-2]))?)(/([1-9]|1[0-2]))?)* ' ||
        '(\*|[0-7](-[0-7])?)(/[1-7])?(,(\*|[0-7](-[0-7])?)(/[1-7])?)*$')
    ),
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
grant select, insert, update, delete on ops.schedules to service_role;

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
grant select, insert, update, delete on ops.schedule_runs to service_role;


insert into ops.schedules (name, description, cron, kind, target)
values (
  'add-partitions',
  'Makes the monthly partitions a year ahead.',
  '30 1 * * *',
  'sql',
  'select * from ops.add_partitions()'
);
