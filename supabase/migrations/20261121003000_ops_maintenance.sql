-- Maintenance: what is kept how long, and one run over all that must be done now and then. (P2)
-- One plan, two ways to carry it out: ops.run_database_maintenance() does what fits into a
-- transaction; over a direct connection each step is a statement of its own, and VACUUM, REINDEX
-- and the like are done too. A step that fails is written down and stops no other.
-- What retention has deleted comes back from a backup only.

create table ops.retention_policies (
  relation text not null constraint relation_is_a_qualified_name check (relation ~ '^[a-z0-9_]+\.[a-z0-9_]+$'),
  time_column text not null,
  keep interval,
  least_keep interval not null constraint least_keep_is_positive check (least_keep > '0'),
  batch_size integer not null default 5000
    constraint batch_size_is_between_1_and_100000 check (batch_size between 1 and 100000),
  months_ahead integer constraint months_ahead_is_between_1_and_60 check (months_ahead between 1 and 60),
  is_enabled boolean not null default true,
  description text not null,
  updated_at timestamptz not null default now(),
  constraint retention_policies_pkey primary key (relation),
  constraint keep_is_not_below_the_least check (keep >= least_keep)
);
comment on table ops.retention_policies is
  'How long rows are kept, a row for each table that is cleaned up. A table that is not there, such '
  'as pg_cron''s, is passed over.';
comment on column ops.retention_policies.time_column is
  'A row is old when this lies further back than keep. Null keeps the row: what is not finished has '
  'no end yet. Of a partitioned table, its partition key.';
comment on column ops.retention_policies.keep is 'Null: for ever.';
comment on column ops.retention_policies.least_keep is
  'What keep may not go below: a stolen service key must not wipe out what happened.';
comment on column ops.retention_policies.batch_size is
  'Rows deleted by one statement; a clean-up makes at most twenty.';
comment on column ops.retention_policies.months_ahead is
  'Of a table partitioned by month: how many months ops.add_partitions makes ahead, whether is_enabled or not; null: 12. '
  'A plan looks at each of them, so a table whose writers make a missing month themselves needs few.';

alter table ops.retention_policies enable row level security;
revoke all on ops.retention_policies from public, anon, authenticated, service_role;
-- Which rows of which table are deleted is for migrations alone to say.
grant select, update (keep, batch_size, is_enabled) on ops.retention_policies to service_role;

create trigger _200_touch
  before update on ops.retention_policies
  for each row execute function private.tg__touch();

insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values
  ('ops.schedule_runs', 'finished_at', '30 days', '1 day', 'Runs of schedules.'),
  ('ops.view_refreshes', 'started_at', '30 days', '1 day', 'Refreshes of materialized views.'),
  ('ops.health_runs', 'started_at', '30 days', '1 day', 'What the health checks found.'),
  ('ops.metric_samples', 'sampled_at', '60 days', '14 days',
    'Samples: a baseline by the hour of the week needs several weeks.'),
  ('ops.alerts', 'resolved_at', '1 year', '30 days', 'Alerts, a year after they ended.'),
  ('ops.alert_deliveries', 'finished_at', '90 days', '7 days', 'What was told, or could not be.'),
  ('ops.maintenance_runs', 'finished_at', '90 days', '7 days', 'Runs of the maintenance, with their steps.'),
  ('public.invitations', 'expires_at', '1 year', '90 days',
    'Invitations: accepted, revoked or not, each is over when it expires.'),
  ('public.audit_log', 'created_at', null, '1 year', 'The audit log: kept for ever unless an operator says otherwise.'),
  ('cron.job_run_details', 'end_time', '14 days', '1 day', 'What pg_cron ran; it never cleans up itself.');
-- Some 100 000 samples come a day; as many must be able to go.
update ops.retention_policies set batch_size = 20000 where relation = 'ops.metric_samples';


create table ops.maintenance_runs (
  id uuid not null default private.uuid_v7(),
  mode text not null constraint mode_is_known check (mode in ('quick', 'full')),
  is_direct boolean not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  status text not null default 'running'
    constraint status_is_known check (status in ('running', 'succeeded', 'partial', 'failed')),
  error text,
  constraint maintenance_runs_pkey primary key (id),
  constraint is_finished_unless_running check ((status = 'running') = (finished_at is null)),
  constraint ends_after_it_starts check (finished_at >= started_at)
);
comment on table ops.maintenance_runs is 'One row for each run of the maintenance.';
comment on column ops.maintenance_runs.is_direct is
  'Whether it ran over a direct connection and so did all, or inside one transaction.';
comment on column ops.maintenance_runs.status is
  'partial: some steps failed or were not tried. failed: all failed, or the run broke off.';
comment on column ops.maintenance_runs.error is 'Why the run as a whole broke off.';

alter table ops.maintenance_runs enable row level security;
revoke all on ops.maintenance_runs from public, anon, authenticated, service_role;
grant select on ops.maintenance_runs to service_role;


create table ops.maintenance_steps (
  run_id uuid not null,
  place integer not null,
  name text not null,
  target text not null,
  started_at timestamptz not null,
  duration_ms numeric(12, 3) not null constraint duration_is_not_negative check (duration_ms >= 0),
  row_count bigint,
  has_more boolean not null default false,
  status text not null constraint status_is_known check (status in ('succeeded', 'failed', 'skipped')),
  error_code text,
  error text,
  constraint maintenance_steps_pkey primary key (run_id, place),
  constraint maintenance_steps_run_id_fkey foreign key (run_id)
    references ops.maintenance_runs (id) on delete cascade,
  constraint has_an_error_unless_succeeded check ((status = 'succeeded') = (error is null)),
  constraint has_a_code_when_failed check ((status = 'failed') = (error_code is not null))
);
comment on table ops.maintenance_steps is 'What each step of a run did, or why it did not.';
comment on column ops.maintenance_steps.row_count is
  'Rows deleted, partitions made or rows of the view. Null where nothing is counted.';
comment on column ops.maintenance_steps.has_more is
  'Whether there was more to delete than one run does; the next goes on.';

alter table ops.maintenance_steps enable row level security;
revoke all on ops.maintenance_steps from public, anon, authenticated, service_role;
grant select on ops.maintenance_steps to service_role;


create function ops.drop_old_partitions(relation regclass, time_column text, before timestamptz, at_most integer)
  returns table (removed bigint, has_more boolean)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_partition record;
  v_rows bigint;
  v_dropped integer := 0;
begin
  if not exists (
    select from pg_catalog.pg_partitioned_table as p
    join pg_catalog.pg_attribute as a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = drop_old_partitions.relation
      and p.partstrat = 'r'
      and p.partnatts = 1
      and a.attname = drop_old_partitions.time_column
  ) then
    raise exception using
      errcode = 'invalid_table_definition',
      message = format(
        '%s is not partitioned by ranges of %I alone.', drop_old_partitions.relation, drop_old_partitions.time_column
      );
  end if;
  removed := 0;
  has_more := false;
  for v_partition in
    select c.oid::regclass as name
    from pg_catalog.pg_inherits as i
    join pg_catalog.pg_class as c on c.oid = i.inhrelid
    -- Where its range ends. A default partition, or one without an end, has none and stays.
    cross join lateral substring(pg_get_expr(c.relpartbound, c.oid) from ' TO \(''([^'']+)''\)$') as b (upper)
    where i.inhparent = drop_old_partitions.relation
      and b.upper::timestamptz <= drop_old_partitions.before
    order by b.upper::timestamptz
  loop
    if v_dropped = drop_old_partitions.at_most then
      has_more := true;
      exit;
    end if;
    execute format('select count(*) from %s', v_partition.name) into v_rows;
    execute format('drop table %s', v_partition.name);
    removed := removed + v_rows;
    v_dropped := v_dropped + 1;
  end loop;
  return next;
end
$$;
comment on function ops.drop_old_partitions(regclass, text, timestamptz, integer) is
  'Drops the partitions whose whole range lies before a time, the oldest first, at most so many. '
  'Returns the rows that went and whether more partitions are as old. Raises 42P16 for a table that '
  'is not partitioned by ranges of that column.';
revoke all on function ops.drop_old_partitions(regclass, text, timestamptz, integer)
  from public, anon, authenticated, service_role;


create function ops.clean_up(relation text)
  returns table (removed bigint, has_more boolean)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_most_batches constant integer := 20;
  v_policy ops.retention_policies;
  v_relation regclass;
  v_rows bigint;
begin
  select p.* into v_policy from ops.retention_policies as p where p.relation = clean_up.relation;
  v_relation := to_regclass(v_policy.relation);
  if v_relation is null then
    raise exception using
      errcode = 'PT404',
      message = format('There is no table %s with a retention policy.', coalesce(clean_up.relation, 'null')),
      hint = 'ops.retention_policies names them.';
  end if;
  removed := 0;
  has_more := false;
  if v_policy.keep is null or not v_policy.is_enabled then
    return next;
    return;
  end if;
  if exists (select from pg_catalog.pg_partitioned_table as p where p.partrelid = v_relation) then
    return query
    select d.removed, d.has_more
    from ops.drop_old_partitions(v_relation, v_policy.time_column, now() - v_policy.keep, v_most_batches) as d;
    return;
  end if;
  for i in 1..v_most_batches loop
    -- A row that somebody holds is not waited for: the next run finds it again.
    execute format(
      'delete from %s as t where t.ctid = any (array('
      'select o.ctid from %s as o where o.%I < $1 limit $2 for update skip locked))',
      v_relation, v_relation, v_policy.time_column
    ) using now() - v_policy.keep, v_policy.batch_size;
    get diagnostics v_rows = row_count;
    removed := removed + v_rows;
    exit when v_rows < v_policy.batch_size;
  end loop;
  execute format('select exists (select from %s as t where t.%I < $1)', v_relation, v_policy.time_column)
  into has_more using now() - v_policy.keep;
  return next;
end
$$;
comment on function ops.clean_up(text) is
  'Deletes the old rows of one table, by its retention policy, in batches, at most twenty of them; '
  'of a partitioned table drops the partitions that hold old rows only. Returns the rows removed '
  'and whether old ones are left. Raises PT404 for a table without a policy.';
revoke all on function ops.clean_up(text) from public, anon, authenticated, service_role;


create function ops.tune_partitions()
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_partition record;
  v_option record;
  v_tuned integer := 0;
begin
  -- A partitioned table takes no storage settings, so a new partition cannot inherit any.
  for v_partition in
    select c.oid::regclass as name, s.options
    from pg_catalog.pg_inherits as i
    join pg_catalog.pg_class as c on c.oid = i.inhrelid
    cross join lateral (
      select t.reloptions as options
      from pg_catalog.pg_inherits as k
      join pg_catalog.pg_class as t on t.oid = k.inhrelid
      where k.inhparent = i.inhparent and t.relkind = 'r' and t.reloptions is not null
      order by t.oid desc
      limit 1
    ) as s
    where c.relispartition
      and c.relkind = 'r'
      and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
      and c.reloptions is null
    order by c.oid
  loop
    for v_option in
      select o.option_name, o.option_value from pg_catalog.pg_options_to_table(v_partition.options) as o
    loop
      execute format('alter table %s set (%I = %L)', v_partition.name, v_option.option_name, v_option.option_value);
    end loop;
    v_tuned := v_tuned + 1;
  end loop;
  return v_tuned;
end
$$;
comment on function ops.tune_partitions() is
  'Gives partitions without storage settings those of their youngest sibling that has some. Returns '
  'how many it changed.';
revoke all on function ops.tune_partitions() from public, anon, authenticated, service_role;


create function ops.get_autovacuum_setting(options text[], name text)
  returns numeric
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return coalesce(
    (
      select o.option_value::numeric
      from pg_catalog.pg_options_to_table(get_autovacuum_setting.options) as o
      where o.option_name = get_autovacuum_setting.name
    ),
    current_setting(get_autovacuum_setting.name)::numeric
  );
end
$$;
comment on function ops.get_autovacuum_setting(text[], text) is
  'A setting of autovacuum as it holds for a table with these storage settings, which win, or for '
  'the server.';
revoke all on function ops.get_autovacuum_setting(text[], text) from public, anon, authenticated, service_role;


create function ops.list_upkeep()
  returns table (
    relation text,
    vacuum_share numeric,
    analyze_share numeric,
    freeze_share numeric
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    c.oid::regclass::text,
    greatest(
      pg_stat_get_dead_tuples(c.oid) / greatest(
        1,
        ops.get_autovacuum_setting(c.reloptions, 'autovacuum_vacuum_threshold')
          + ops.get_autovacuum_setting(c.reloptions, 'autovacuum_vacuum_scale_factor') * r.number
      ),
      -- Minus one: insertions never count.
      case when ops.get_autovacuum_setting(c.reloptions, 'autovacuum_vacuum_insert_threshold') >= 0 then
        pg_stat_get_ins_since_vacuum(c.oid) / greatest(
          1,
          ops.get_autovacuum_setting(c.reloptions, 'autovacuum_vacuum_insert_threshold')
            + ops.get_autovacuum_setting(c.reloptions, 'autovacuum_vacuum_insert_scale_factor') * r.number
        )
      end
    ),
    pg_stat_get_mod_since_analyze(c.oid) / greatest(
      1,
      ops.get_autovacuum_setting(c.reloptions, 'autovacuum_analyze_threshold')
        + ops.get_autovacuum_setting(c.reloptions, 'autovacuum_analyze_scale_factor') * r.number
    ),
    greatest(
      greatest(age(c.relfrozenxid), age(t.relfrozenxid))
        / ops.get_autovacuum_setting(c.reloptions, 'autovacuum_freeze_max_age'),
      greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid))
        / ops.get_autovacuum_setting(c.reloptions, 'autovacuum_multixact_freeze_max_age')
    )
  from pg_catalog.pg_class as c
  left join pg_catalog.pg_class as t on t.oid = c.reltoastrelid
  cross join lateral (select greatest(c.reltuples, 0)::numeric) as r (number)
  where c.relkind in ('r', 'm')
    and c.relpersistence = 'p'
    and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace);
end
$$;
comment on function ops.list_upkeep() is
  'For each table of ours how far it is towards its own thresholds of autovacuum: 1 is due. '
  'vacuum_share: dead or inserted rows; analyze_share: changed rows; freeze_share: age towards the '
  'forced vacuum against wraparound.';
revoke all on function ops.list_upkeep() from public, anon, authenticated, service_role;


create function ops.plan_maintenance(mode text default 'quick', is_direct boolean default true)
  returns table (
    place integer,
    name text,
    target text,
    reason text,
    statement text,
    is_transactional boolean,
    lock_timeout_ms integer,
    statement_timeout_ms integer
  )
  language plpgsql
  volatile
  security definer -- reads retention policies and the statistics of all tables
  set search_path = ''
as $$
declare
  -- A full run takes on, in a quiet hour, what autovacuum would have to do soon.
  v_due numeric;
  v_freeze_due numeric;
begin
  perform private.require_operator();
  if plan_maintenance.mode is null or plan_maintenance.mode not in ('quick', 'full') then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('mode must be quick or full, not %s.', coalesce(plan_maintenance.mode, 'null'));
  end if;
  v_due := case plan_maintenance.mode when 'full' then 0.2 else 1 end;
  v_freeze_due := case plan_maintenance.mode when 'full' then 0.5 else 0.75 end;
  return query
  with upkeep as materialized (
    select
      u.relation,
      u.analyze_share,
      u.vacuum_share,
      u.freeze_share,
      u.freeze_share >= v_freeze_due as is_freeze_due,
      u.vacuum_share > v_due as is_vacuum_due,
      u.analyze_share > v_due as is_analyze_due
    from ops.list_upkeep() as u
  ),
  -- Autovacuum analyzes partitions and never their parent. Analyzing the parent analyzes its
  -- partitions after it, within the hour.
  parents as (
    select c.oid::regclass::text as relation
    from pg_catalog.pg_class as c
    where c.relkind = 'p'
      and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
      and exists (
        select from pg_catalog.pg_inherits as i
        where i.inhparent = c.oid
          and greatest(pg_stat_get_last_analyze_time(i.inhrelid), pg_stat_get_last_autoanalyze_time(i.inhrelid))
            > coalesce(pg_stat_get_last_analyze_time(c.oid) + interval '1 hour', '-infinity')
      )
  ),
  invalid as (
    select i.indexrelid::regclass::text as index, c.relname ~ '_cc(new|old)[0-9]*$' as is_leftover
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indexrelid
    where not i.indisvalid
      and c.relkind = 'i'
      and not i.indisexclusion
      and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
      -- One that is being built is invalid until it is done.
      and not exists (select from pg_catalog.pg_stat_progress_create_index as p where p.relid = i.indrelid)
  ),
  bloated as (
    select c.oid::regclass::text as index, f.facts
    from ops.check_index_bloat() as f
    join pg_catalog.pg_class as c on c.oid = to_regclass(f.key)
    join pg_catalog.pg_index as i on i.indexrelid = c.oid
    where f.status in ('warn', 'critical')
      and c.relkind = 'i'
      and i.indisvalid
      and not i.indisexclusion
      and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
      and plan_maintenance.is_direct
      and plan_maintenance.mode = 'full'
  ),
  steps (stage, name, target, reason, statement, is_transactional, lock_timeout_ms, statement_timeout_ms) as (
    select 1, 'clean_up', p.relation, format('keeps %s', p.keep), format('select * from ops.clean_up(%L)', p.relation),
      true, 2000, 60000
    from ops.retention_policies as p
    join pg_catalog.pg_class as c on c.oid = to_regclass(p.relation)
    where p.is_enabled and p.keep is not null and c.relkind <> 'p'
      -- pg_cron's table may belong to somebody who lets nobody delete.
      and has_schema_privilege(c.relnamespace, 'usage') and has_table_privilege(c.oid, 'delete, update')
    union all
    select 2, 'refresh_view', l.name, 'shows the state of now',
      format('select * from ops.refresh_materialized_view(%L)', l.name), true, 2000, 120000
    from ops.list_materialized_views() as l
    union all
    select 3, 'analyze', u.relation, format('changed rows at %s %% of its threshold', round(u.analyze_share * 100)),
      format('analyze %s', u.relation), true, 2000, 60000
    from upkeep as u
    -- Over a direct connection the vacuum below does it.
    where u.is_analyze_due and not (plan_maintenance.is_direct and (u.is_vacuum_due or u.is_freeze_due))
    union all
    select 3, 'analyze', p.relation, 'a partition was analyzed since', format('analyze %s', p.relation),
      true, 2000, 60000
    from parents as p
    union all
    -- Late in a transaction, and the last of those that lock: both stop all writing to the table.
    select 4, 'clean_up', p.relation, format('keeps %s', p.keep), format('select * from ops.clean_up(%L)', p.relation),
      true, 2000, 60000
    from ops.retention_policies as p
    join pg_catalog.pg_class as c on c.oid = to_regclass(p.relation)
    where p.is_enabled and p.keep is not null and c.relkind = 'p'
    union all
    select 5, 'add_partitions', 'all', 'months ahead', 'select * from ops.add_partitions()', true, 2000, 60000
    union all
    select 6, case when u.is_freeze_due then 'freeze' else 'vacuum' end, u.relation,
      case
        when u.is_freeze_due then format('age at %s %% of the forced vacuum', round(u.freeze_share * 100))
        else format('dead or new rows at %s %% of its threshold', round(u.vacuum_share * 100))
      end,
      format('vacuum (%sanalyze) %s', case when u.is_freeze_due then 'freeze, ' else '' end, u.relation),
      false, 5000, 600000
    from upkeep as u
    where plan_maintenance.is_direct and (u.is_vacuum_due or u.is_freeze_due)
    union all
    select 7, 'drop_leftover', i.index, 'left by a rebuild that broke off', format('drop index concurrently %s', i.index),
      false, 60000, 120000
    from invalid as i
    where plan_maintenance.is_direct and i.is_leftover
    union all
    -- Waits for every older transaction twice. Nobody who reads or writes waits for it.
    select 8, 'reindex', i.index, 'invalid', format('reindex index concurrently %s', i.index), false, 60000, 1800000
    from invalid as i
    where plan_maintenance.is_direct and not i.is_leftover and plan_maintenance.mode = 'full'
    union all
    select 9, 'reindex', b.index, format('%s %% empty', b.facts ->> 'bloat_percent'),
      format('reindex index concurrently %s', b.index), false, 60000, 1800000
    from bloated as b
  )
  select
    row_number() over (order by s.stage, s.target)::integer,
    s.name,
    s.target,
    s.reason,
    s.statement,
    s.is_transactional,
    s.lock_timeout_ms,
    s.statement_timeout_ms
  from steps as s
  order by 1;
end
$$;
comment on function ops.plan_maintenance(text, boolean) is
  'What a maintenance run (quick or full) would do now, in order: the step, its target, why, the '
  'statement and its limits in milliseconds. is_transactional: whether it can run in a transaction; '
  'without is_direct only those are returned. A full run takes on what has come a fifth of the way '
  'to its threshold, and rebuilds indexes that are invalid or that check_index_bloat worries about. '
  'Raises 42501 unless the service role or a platform administrator asks, 22023 for an unknown mode.';
revoke all on function ops.plan_maintenance(text, boolean) from public, anon, authenticated, service_role;
grant execute on function ops.plan_maintenance(text, boolean) to authenticated, service_role;


create function ops.begin_maintenance(mode text, is_direct boolean)
  returns uuid
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_key constant bigint := hashtextextended('ops.maintenance', 0);
  v_run uuid;
begin
  -- Over a direct connection the lock lasts as long as the connection: who dies lets go of it.
  if not (
    case
      when begin_maintenance.is_direct then pg_try_advisory_lock(v_key)
      else pg_try_advisory_xact_lock(v_key)
    end
  ) then
    raise exception using
      errcode = 'PT409',
      message = 'Maintenance is running already.',
      hint = 'Try again when it has finished: ops.maintenance_runs shows it.';
  end if;
  -- Whoever left one open no longer holds the lock, so is no longer there.
  update ops.maintenance_runs as r
  set status = 'failed', finished_at = clock_timestamp(), error = 'It broke off: its connection ended.'
  where r.status = 'running';
  insert into ops.maintenance_runs (mode, is_direct)
  values (begin_maintenance.mode, begin_maintenance.is_direct)
  returning id into v_run;
  return v_run;
end
$$;
comment on function ops.begin_maintenance(text, boolean) is
  'Opens a run and keeps others out: until the transaction ends, or with is_direct until '
  'ops.finish_maintenance or the end of the connection. Closes runs that broke off. Returns its id. '
  'Raises PT409 when another run is at work.';
revoke all on function ops.begin_maintenance(text, boolean) from public, anon, authenticated, service_role;


create function ops.record_maintenance_step(
  run_id uuid,
  name text,
  target text,
  status text,
  duration_ms numeric default 0,
  row_count bigint default null,
  has_more boolean default false,
  error_code text default null,
  error text default null
)
  returns ops.maintenance_steps
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_step ops.maintenance_steps;
begin
  insert into ops.maintenance_steps (
    run_id, place, name, target, started_at, duration_ms, row_count, has_more, status, error_code, error
  )
  select
    record_maintenance_step.run_id,
    coalesce(max(s.place), 0) + 1,
    record_maintenance_step.name,
    record_maintenance_step.target,
    clock_timestamp() - make_interval(secs => record_maintenance_step.duration_ms::double precision / 1000),
    record_maintenance_step.duration_ms,
    record_maintenance_step.row_count,
    record_maintenance_step.has_more,
    record_maintenance_step.status,
    record_maintenance_step.error_code,
    record_maintenance_step.error
  from ops.maintenance_steps as s
  where s.run_id = record_maintenance_step.run_id
  returning * into v_step;
  return v_step;
end
$$;
comment on function ops.record_maintenance_step(uuid, text, text, text, numeric, bigint, boolean, text, text) is
  'Writes down a step that ended now, as the next of its run, and returns it.';
revoke all on function ops.record_maintenance_step(uuid, text, text, text, numeric, bigint, boolean, text, text)
  from public, anon, authenticated, service_role;


create function ops.run_maintenance_step(run_id uuid, name text, target text)
  returns ops.maintenance_steps
  language plpgsql
  volatile
  security invoker
  set search_path = ''
  -- Whoever waits for a table here makes all others queue behind.
  set lock_timeout = '2s'
as $$
declare
  v_started constant timestamptz := clock_timestamp();
  v_rows bigint;
  v_has_more boolean := false;
  v_code text;
  v_error text;
begin
  begin
    case run_maintenance_step.name
      when 'clean_up' then
        select c.removed, c.has_more into v_rows, v_has_more
        from ops.clean_up(run_maintenance_step.target) as c;
      when 'refresh_view' then
        select r.row_count, r.error_code, r.error into v_rows, v_code, v_error
        from ops.refresh_materialized_view(run_maintenance_step.target) as r;
      when 'analyze' then
        execute format('analyze %s', run_maintenance_step.target::regclass);
      when 'add_partitions' then
        select sum(a.created) into v_rows from ops.add_partitions() as a;
        perform ops.tune_partitions();
    end case;
  exception
    when query_canceled or admin_shutdown or crash_shutdown then
      raise;
    when others then
      get stacked diagnostics v_code = returned_sqlstate, v_error = message_text;
  end;
  return ops.record_maintenance_step(
    run_maintenance_step.run_id,
    run_maintenance_step.name,
    run_maintenance_step.target,
    case when v_code is null then 'succeeded' else 'failed' end,
    duration_ms => extract(epoch from clock_timestamp() - v_started) * 1000,
    row_count => v_rows,
    has_more => v_has_more,
    error_code => v_code,
    error => v_error
  );
end
$$;
comment on function ops.run_maintenance_step(uuid, text, text) is
  'Does one transactional step of the plan and writes down how it went. A step that fails undoes '
  'what it did and raises nothing; a cancellation goes through.';
revoke all on function ops.run_maintenance_step(uuid, text, text) from public, anon, authenticated, service_role;


create function ops.finish_maintenance(run_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_run ops.maintenance_runs;
  v_steps jsonb;
begin
  select coalesce(jsonb_agg(to_jsonb(s) - 'run_id' - 'place' order by s.place), '[]') into v_steps
  from ops.maintenance_steps as s
  where s.run_id = finish_maintenance.run_id;
  update ops.maintenance_runs as r
  set
    finished_at = clock_timestamp(),
    status = case
      when not v_steps @> '[{"status": "failed"}]' and not v_steps @> '[{"status": "skipped"}]' then 'succeeded'
      when v_steps @> '[{"status": "succeeded"}]' or not v_steps @> '[{"status": "failed"}]' then 'partial'
      else 'failed'
    end
  where r.id = finish_maintenance.run_id and r.status = 'running'
  returning * into v_run;
  if not found then
    raise exception using errcode = 'PT404', message = 'There is no such run of the maintenance at work.';
  end if;
  if v_run.is_direct then
    perform pg_advisory_unlock(hashtextextended('ops.maintenance', 0));
  end if;
  return to_jsonb(v_run) || jsonb_build_object('steps', v_steps);
end
$$;
comment on function ops.finish_maintenance(uuid) is
  'Closes a run, lets others in, and returns it with its steps. Raises PT404 unless it is at work.';
revoke all on function ops.finish_maintenance(uuid) from public, anon, authenticated, service_role;


create function ops.run_database_maintenance(mode text default 'quick')
  returns jsonb
  language plpgsql
  volatile
  security definer -- deletes, refreshes and analyzes what belongs to the owner
  set search_path = ''
as $$
declare
  v_started constant timestamptz := clock_timestamp();
  v_run uuid;
  v_step record;
  v_limit_ms numeric;
  v_budget interval;
begin
  perform private.require_operator();
  -- A statement cannot move its own time limit, and running into it would undo every step.
  select s.setting::numeric into v_limit_ms from pg_catalog.pg_settings as s where s.name = 'statement_timeout';
  v_budget := make_interval(
    secs => (case v_limit_ms when 0 then 120 else least(120, v_limit_ms / 2000) end)::double precision
  );
  for v_step in
    select p.name, p.target
    from ops.plan_maintenance(run_database_maintenance.mode, is_direct => false) as p
    order by p.place
  loop
    -- Opened here, because the plan refuses an unknown mode.
    v_run := coalesce(v_run, ops.begin_maintenance(run_database_maintenance.mode, is_direct => false));
    if clock_timestamp() - v_started < v_budget then
      perform ops.run_maintenance_step(v_run, v_step.name, v_step.target);
    else
      perform ops.record_maintenance_step(v_run, v_step.name, v_step.target, 'skipped', error => 'No time was left.');
    end if;
  end loop;
  return ops.finish_maintenance(v_run);
end
$$;
comment on function ops.run_database_maintenance(text) is
  'Does what a quick or full run can do in one transaction: deletes by retention, refreshes the '
  'materialized views, analyzes what changed, drops old partitions and makes new ones. A step that '
  'fails stops no other; none is begun after half of the caller''s statement_timeout, or two '
  'minutes. Vacuum and reindex need a direct connection: ops.plan_maintenance() shows them. '
  'Returns the run with its steps. Raises 42501 unless the service role or a platform administrator '
  'asks, 22023 for an unknown mode, PT409 when another run is at work.';
revoke all on function ops.run_database_maintenance(text) from public, anon, authenticated, service_role;
grant execute on function ops.run_database_maintenance(text) to authenticated, service_role;


insert into ops.schedules (name, description, cron, kind, target, body, timeout_seconds)
values
  (
    'run-maintenance-quick',
    'Clean-up, partitions, views, and tables over their thresholds.',
    '0 2 * * *',
    'function',
    'run-maintenance',
    '{"mode": "quick"}',
    150
  ),
  (
    'run-maintenance-full',
    'The same with invalid indexes, and tables on the way to their thresholds.',
    '0 3 * * 0',
    'function',
    'run-maintenance',
    '{"mode": "full"}',
    150
  );
