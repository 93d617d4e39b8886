-- The server as a whole: transaction ids, replication, cache, what its counters say, time-outs of
-- the roles. (P1) Counters run since their last reset: every rate below is over that window and
-- says so, and a check that needs a longer window than there is says that instead of ok.

create function ops.get_wraparound_risk()
  returns table (
    kind text,
    name text,
    xid_age bigint,
    xid_percent_of_limit numeric,
    xid_percent_of_freeze numeric,
    multixact_age bigint,
    multixact_percent_of_limit numeric,
    multixact_percent_of_freeze numeric
  )
  language plpgsql
  stable
  security definer -- for platform administrators, whatever else they may read
  set search_path = ''
as $$
declare
  -- Ids are compared in a circle of 2^32: half of it lies in the past.
  v_limit constant numeric := 2147483648::numeric;
  v_freeze constant numeric := current_setting('autovacuum_freeze_max_age')::numeric;
  v_multixact_freeze constant numeric := current_setting('autovacuum_multixact_freeze_max_age')::numeric;
begin
  perform private.require_operator();
  return query
  with aged as (
    select 'database' as kind, d.datname::text as name, age(d.datfrozenxid) as xid_age,
      mxid_age(d.datminmxid) as multixact_age, v_freeze as freeze, v_multixact_freeze as multixact_freeze
    from pg_catalog.pg_database as d
    union all
    (
      select case c.relkind when 'm' then 'materialized view' when 't' then 'toast' else 'table' end,
        coalesce(o.oid, c.oid)::regclass::text,
        -- Storage of another kind than heap has no such ids, and zero would be older than any.
        age(nullif(c.relfrozenxid, '0')), mxid_age(nullif(c.relminmxid, '0')),
        -- A table may ask for an earlier vacuum than the server does, and never for a later one.
        least(v_freeze, (
          select s.option_value::numeric from pg_catalog.pg_options_to_table(c.reloptions) as s
          where s.option_name = 'autovacuum_freeze_max_age'
        )),
        least(v_multixact_freeze, (
          select s.option_value::numeric from pg_catalog.pg_options_to_table(c.reloptions) as s
          where s.option_name = 'autovacuum_multixact_freeze_max_age'
        ))
      from pg_catalog.pg_class as c
      left join pg_catalog.pg_class as o on o.reltoastrelid = c.oid and c.relkind = 't'
      where c.relkind in ('r', 'm', 't') and c.relpersistence <> 't'
    )
  ),
  rated as (
    select a.kind, a.name, a.xid_age::bigint, round(100 * a.xid_age / v_limit, 3) as xid_limit,
      round(100 * a.xid_age / a.freeze, 1) as xid_freeze, a.multixact_age::bigint,
      round(100 * a.multixact_age / v_limit, 3) as multixact_limit,
      round(100 * a.multixact_age / a.multixact_freeze, 1) as multixact_freeze
    from aged as a
  )
  select r.*
  from rated as r
  order by greatest(r.xid_freeze, r.multixact_freeze) desc nulls last, r.kind, r.name
  limit 200;
end
$$;
comment on function ops.get_wraparound_risk() is
  'How old the oldest transaction and multixact ids are in each database, and in each table, '
  'materialized view and TOAST table (named after its table) of this one; the 200 nearest to their '
  'freeze. ages in ids; percent_of_limit: of the 2^31 after which the server refuses writes; '
  'percent_of_freeze: of the age at which autovacuum freezes the table whatever else it does, above '
  '100 while it has not. Raises 42501 unless the service role or a platform administrator asks.';
revoke all on function ops.get_wraparound_risk() from public, anon, authenticated, service_role;
grant execute on function ops.get_wraparound_risk() to authenticated, service_role;


create function ops.get_replication_stats()
  returns table (
    key text,
    kind text,
    name text,
    slot_type text,
    database_name text,
    is_active boolean,
    state text,
    retained_bytes bigint,
    lag_bytes bigint,
    lag_seconds numeric,
    inactive_seconds numeric,
    invalidation_reason text
  )
  language plpgsql
  stable
  security definer -- sees the sessions of all roles
  set search_path = ''
as $$
declare
  v_now pg_lsn;
begin
  perform private.require_operator();
  perform ops.require_statistics();
  v_now := case
    when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
    else pg_catalog.pg_current_wal_insert_lsn()
  end;
  return query
  select format('standby %s %s', r.application_name, r.client_addr), 'standby', r.application_name, null::text,
    null::text, true, r.state, null::bigint,
    (case when r.replay_lsn > v_now then 0 else v_now - r.replay_lsn end)::bigint,
    round(extract(epoch from r.replay_lag), 1), null::numeric, null::text
  from pg_catalog.pg_stat_replication as r
  union all
  select format('slot %s', s.slot_name), 'slot', s.slot_name::text, s.slot_type, s.database::text, s.active,
    s.wal_status, (case when s.restart_lsn > v_now then 0 else v_now - s.restart_lsn end)::bigint,
    (case when s.confirmed_flush_lsn > v_now then 0 else v_now - s.confirmed_flush_lsn end)::bigint,
    null,
    -- Both came with PostgreSQL 17.
    case when not s.active then ops.seconds_since((to_jsonb(s) ->> 'inactive_since')::timestamptz) end,
    to_jsonb(s) ->> 'invalidation_reason'
  from pg_catalog.pg_replication_slots as s
  where not s.temporary
  order by 2, 3;
end
$$;
comment on function ops.get_replication_stats() is
  'The standbys that are connected and the lasting replication slots. state: of a slot, what became '
  'of the WAL it needs (reserved, extended, unreserved, lost); retained_bytes: WAL kept for a slot; '
  'lag_bytes: what a standby has not replayed or a logical slot''s reader has not confirmed; '
  'lag_seconds: a standby''s replay lag, null while nothing happens; inactive_seconds: since when '
  'nobody reads the slot, null where the server does not know (before 17). Raises 42501 unless the '
  'service role or a platform administrator asks, 0A000 when the statistics cannot be read.';
revoke all on function ops.get_replication_stats() from public, anon, authenticated, service_role;
grant execute on function ops.get_replication_stats() to authenticated, service_role;


create function ops.get_database_counters()
  returns table (
    counted_since timestamptz,
    window_seconds numeric,
    commits bigint,
    rollbacks bigint,
    rollback_percent numeric,
    deadlocks bigint,
    deadlocks_per_hour numeric,
    temp_files bigint,
    temp_bytes bigint,
    temp_bytes_per_hour numeric,
    conflicts bigint,
    checksum_failures bigint,
    checkpoints_since timestamptz,
    checkpoints_window_seconds numeric,
    checkpoints_timed bigint,
    checkpoints_requested bigint,
    checkpoints_requested_percent numeric
  )
  language plpgsql
  stable
  security definer -- for platform administrators, whatever else they may read
  set search_path = ''
as $$
declare
  v_timed bigint;
  v_requested bigint;
  v_checkpoints_since timestamptz;
begin
  perform private.require_operator();
  -- Moved by PostgreSQL 17.
  if to_regclass('pg_catalog.pg_stat_checkpointer') is not null then
    select c.num_timed, c.num_requested, c.stats_reset into v_timed, v_requested, v_checkpoints_since
    from pg_catalog.pg_stat_checkpointer as c;
  else
    select b.checkpoints_timed, b.checkpoints_req, b.stats_reset into v_timed, v_requested, v_checkpoints_since
    from pg_catalog.pg_stat_bgwriter as b;
  end if;
  return query
  with counted as (
    select d.xact_commit, d.xact_rollback, d.deadlocks, d.temp_files, d.temp_bytes, d.conflicts, d.checksum_failures,
      -- A database whose counters nobody reset counts since those of the server began.
      coalesce(d.stats_reset, least(
        (select b.stats_reset from pg_catalog.pg_stat_bgwriter as b),
        (select a.stats_reset from pg_catalog.pg_stat_archiver as a),
        (select w.stats_reset from pg_catalog.pg_stat_wal as w)
      )) as since
    from pg_catalog.pg_stat_database as d
    where d.datname = current_database()
  ),
  timed as (
    select c.*, greatest(extract(epoch from statement_timestamp() - c.since), 1) as seconds from counted as c
  )
  select t.since, round(t.seconds), t.xact_commit, t.xact_rollback,
    round(100.0 * t.xact_rollback / nullif(t.xact_commit + t.xact_rollback, 0), 2),
    t.deadlocks, round(t.deadlocks * 3600 / t.seconds, 3),
    t.temp_files, t.temp_bytes, round(t.temp_bytes * 3600 / t.seconds),
    t.conflicts, t.checksum_failures,
    v_checkpoints_since, round(greatest(extract(epoch from statement_timestamp() - v_checkpoints_since), 1)),
    v_timed, v_requested, round(100.0 * v_requested / nullif(v_timed + v_requested, 0), 1)
  from timed as t;
end
$$;
comment on function ops.get_database_counters() is
  'One row: what this database has counted since counted_since (its last reset, or when the server '
  'began to count), and the checkpoints of the server since checkpoints_since. Rates are averages '
  'over those windows: rollback_percent of all transactions, deadlocks_per_hour, '
  'temp_bytes_per_hour, checkpoints_requested_percent of all checkpoints. conflicts: queries '
  'cancelled by replay on a standby; checksum_failures: null where checksums are off. Raises 42501 '
  'unless the service role or a platform administrator asks.';
revoke all on function ops.get_database_counters() from public, anon, authenticated, service_role;
grant execute on function ops.get_database_counters() to authenticated, service_role;


create function ops.get_cache_hit_ratio(top integer default 20)
  returns table (
    kind text,
    relation text,
    blocks_hit bigint,
    blocks_read bigint,
    hit_percent numeric
  )
  language plpgsql
  stable
  security definer -- for platform administrators, whatever else they may read
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  with counted as materialized (
    select 'tables' as kind, t.relid, (coalesce(t.heap_blks_hit, 0) + coalesce(t.toast_blks_hit, 0))::bigint as hit,
      (coalesce(t.heap_blks_read, 0) + coalesce(t.toast_blks_read, 0))::bigint as read
    from pg_catalog.pg_statio_user_tables as t
    union all
    select 'indexes', i.indexrelid, i.idx_blks_hit, i.idx_blks_read
    from pg_catalog.pg_statio_user_indexes as i
  ),
  ranked as (
    select c.kind, c.relid, c.hit, c.read,
      row_number() over (partition by c.kind order by c.read desc, c.relid) as place
    from counted as c
    where c.read > 0
  ),
  shown as (
    select k.kind, null::oid as relid, coalesce(sum(c.hit), 0)::bigint as hit,
      coalesce(sum(c.read), 0)::bigint as read
    from (values ('tables'), ('indexes')) as k (kind)
    left join counted as c on c.kind = k.kind
    group by k.kind
    union all
    select r.kind, r.relid, r.hit, r.read from ranked as r where r.place <= get_cache_hit_ratio.top
  )
  select s.kind, s.relid::regclass::text, s.hit, s.read, round(100.0 * s.hit / nullif(s.hit + s.read, 0), 2)
  from shown as s
  order by s.kind desc, s.relid is not null, s.read desc;
end
$$;
comment on function ops.get_cache_hit_ratio(integer) is
  'How many blocks were found in the server''s own cache since the statistics began, tables (with '
  'TOAST) and indexes apart: a row for all of a kind (relation null), then the top relations (20 '
  'unless told) by blocks read. blocks of 8 kB; hit_percent null where nothing was read. What the '
  'operating system''s cache answered counts as read. Raises 42501 unless the service role or a '
  'platform administrator asks.';
revoke all on function ops.get_cache_hit_ratio(integer) from public, anon, authenticated, service_role;
grant execute on function ops.get_cache_hit_ratio(integer) to authenticated, service_role;


create function ops.setting_milliseconds(value text)
  returns numeric
  language sql
  immutable
  security invoker
  set search_path = ''
return case
  when setting_milliseconds.value ~ '^\s*[0-9]+(\.[0-9]+)?\s*$' then setting_milliseconds.value::numeric
  else extract(epoch from setting_milliseconds.value::interval) * 1000
end;
comment on function ops.setting_milliseconds(text) is
  'A time-out as it is written in a setting (8s, 1min, 500) in milliseconds.';
revoke all on function ops.setting_milliseconds(text) from public, anon, authenticated, service_role;


create function ops.get_role_timeouts()
  returns table (
    role_name text,
    can_login boolean,
    is_api_role boolean,
    statement_timeout_ms numeric,
    idle_in_transaction_session_timeout_ms numeric,
    lock_timeout_ms numeric
  )
  language plpgsql
  stable
  security definer -- for platform administrators, whatever else they may read
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  with roles as (
    select r.oid, r.rolname::text as name, r.rolcanlogin,
      r.rolname in ('anon', 'authenticated', 'authenticator') as is_api_role
    from pg_catalog.pg_roles as r
    where r.rolcanlogin or r.rolname in ('anon', 'authenticated', 'authenticator', 'service_role')
  ),
  settings as (
    select s.setrole, s.setdatabase, split_part(c.setting, '=', 1) as name,
      ops.setting_milliseconds(substr(c.setting, strpos(c.setting, '=') + 1)) as ms
    from pg_catalog.pg_db_role_setting as s
    cross join lateral unnest(s.setconfig) as c (setting)
    where (s.setdatabase = 0 or s.setdatabase = (
        select d.oid from pg_catalog.pg_database as d where d.datname = current_database()
      ))
      and split_part(c.setting, '=', 1)
        in ('statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout')
  ),
  effective as (
    select r.oid, p.name,
      -- Zero is none.
      nullif(coalesce(
        (
          select s.ms from settings as s
          where s.name = p.name and s.setrole in (0, r.oid)
          order by (s.setrole <> 0 and s.setdatabase <> 0) desc, s.setrole <> 0 desc, s.setdatabase <> 0 desc
          limit 1
        ),
        -- The server's own value is hidden behind one that this session's role or client has set.
        case
          when p.source in ('default', 'configuration file', 'command line', 'environment variable', 'override')
            then p.reset_val::numeric
          else p.boot_val::numeric
        end
      ), 0) as ms
    from roles as r
    cross join pg_catalog.pg_settings as p
    where p.name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout')
  )
  select r.name, r.rolcanlogin, r.is_api_role,
    max(e.ms) filter (where e.name = 'statement_timeout'),
    max(e.ms) filter (where e.name = 'idle_in_transaction_session_timeout'),
    max(e.ms) filter (where e.name = 'lock_timeout')
  from roles as r
  join effective as e on e.oid = r.oid
  group by r.name, r.rolcanlogin, r.is_api_role
  order by r.is_api_role desc, r.name;
end
$$;
comment on function ops.get_role_timeouts() is
  'The time-outs that a new session of each login role and each role of the API has in this '
  'database, in milliseconds, null for none: set for the role in the database, the role, the '
  'database, all roles, or the server. is_api_role: serves requests of the API. Raises 42501 unless '
  'the service role or a platform administrator asks.';
revoke all on function ops.get_role_timeouts() from public, anon, authenticated, service_role;
grant execute on function ops.get_role_timeouts() to authenticated, service_role;


insert into ops.health_checks (name, title, description, category, is_required)
values
  ('wraparound', 'Transaction id wraparound', 'Transaction ids left before the server refuses writes.', 'server',
    true),
  ('multixact_wraparound', 'Multixact wraparound', 'Multixact ids left before the server refuses writes.', 'server',
    true),
  ('replication', 'Replication', 'Slots that keep WAL for nobody, and standbys that lag behind.', 'server', true),
  ('temp_files', 'Temporary files', 'Sorts and hashes that did not fit into work_mem.', 'server', false),
  ('deadlocks', 'Deadlocks', 'Transactions cancelled because each waited for the other.', 'server', false),
  ('rollbacks', 'Rollbacks', 'Share of the transactions that were rolled back.', 'server', false),
  ('checkpoints_requested', 'Requested checkpoints', 'Checkpoints forced before their time, by too much WAL.',
    'server', false),
  ('cache_hit', 'Cache hit ratio', 'Share of blocks found in the server''s cache.', 'server', false),
  ('role_timeouts', 'Time-outs of the API''s roles', 'Roles that serve the API need a statement_timeout.', 'server',
    true);

insert into ops.health_thresholds (check_name, measure, unit, worse, default_warn, default_critical, description)
values
  ('wraparound', 'percent_of_limit', 'percent', 'above', 50, 80, 'Age of the oldest transaction id, of 2^31.'),
  ('wraparound', 'percent_of_freeze', 'percent', 'above', 110, null,
    'The same, of the age at which autovacuum freezes: above 100 it does not keep up.'),
  ('multixact_wraparound', 'percent_of_limit', 'percent', 'above', 50, 80,
    'Age of the oldest multixact id, of 2^31.'),
  ('multixact_wraparound', 'percent_of_freeze', 'percent', 'above', 110, null,
    'The same, of the age at which autovacuum freezes: above 100 it does not keep up.'),
  ('replication', 'retained_bytes', 'bytes', 'above', 1073741824, 5368709120, 'WAL kept for a slot.'),
  ('replication', 'inactive_seconds', 'seconds', 'above', 1800, null,
    'Time that nobody reads a slot. Where the server does not know it, an inactive slot is a warning.'),
  ('replication', 'lag_bytes', 'bytes', 'above', 104857600, 1073741824, 'WAL that a standby has not replayed.'),
  ('replication', 'lag_seconds', 'seconds', 'above', 30, 300, 'Replay lag of a standby.'),
  ('temp_files', 'bytes_per_hour', 'bytes', 'above', 1073741824, 5368709120, 'Written to temporary files.'),
  ('temp_files', 'window_seconds', 'seconds', 'below', 3600, null, 'At or below it, the check is skipped.'),
  ('deadlocks', 'deadlocks_per_hour', 'deadlocks', 'above', 1, 20, 'Deadlocks, averaged over the window.'),
  ('deadlocks', 'window_seconds', 'seconds', 'below', 3600, null, 'At or below it, the check is skipped.'),
  ('rollbacks', 'percent', 'percent', 'above', 10, 30, 'Rolled back, of all transactions.'),
  ('rollbacks', 'transactions', 'transactions', 'below', 1000, null, 'At or below it, the check is skipped.'),
  ('rollbacks', 'window_seconds', 'seconds', 'below', 3600, null, 'At or below it, the check is skipped.'),
  ('checkpoints_requested', 'percent', 'percent', 'above', 50, 90, 'Requested, of all checkpoints.'),
  ('checkpoints_requested', 'checkpoints', 'checkpoints', 'below', 10, null, 'At or below it, the check is skipped.'),
  ('checkpoints_requested', 'window_seconds', 'seconds', 'below', 3600, null,
    'At or below it, the check is skipped.'),
  ('cache_hit', 'tables_percent', 'percent', 'below', 95, 90, 'Blocks of tables found in the cache.'),
  ('cache_hit', 'indexes_percent', 'percent', 'below', 95, 90, 'Blocks of indexes found in the cache.'),
  ('cache_hit', 'blocks', 'blocks', 'below', 10000, null, 'At or below it, tables or indexes are not judged.'),
  ('role_timeouts', 'statement_timeout_seconds', 'seconds', 'above', 300, null,
    'Longest time that a role of the API may allow a statement. None counts as endless.');


create function ops.require_sample(check_name text, measure text, value numeric)
  returns void
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if require_sample.value is null
    or ops.judge(require_sample.check_name, require_sample.measure, require_sample.value) <> 'ok'
  then
    raise exception using
      errcode = 'feature_not_supported',
      message = format(
        'Too little is known to judge: %s is %s, and has to be above %s.',
        require_sample.measure,
        coalesce(require_sample.value::text, 'unknown'),
        (
          select coalesce(t.warn, t.default_warn)
          from ops.health_thresholds as t
          where t.check_name = require_sample.check_name and t.measure = require_sample.measure
        )
      );
  end if;
end
$$;
comment on function ops.require_sample(text, text, numeric) is
  'Raises 0A000 when a check has seen too little (time, transactions, blocks) to judge, by its row of '
  'ops.health_thresholds.';
revoke all on function ops.require_sample(text, text, numeric) from public, anon, authenticated, service_role;


create function ops.check_wraparound()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select r.kind || ' ' || r.name, j.status,
    format('The oldest transaction id of %s %s is %s old: %s %% of what may be, %s %% of when autovacuum freezes.',
      r.kind, r.name, r.xid_age, r.xid_percent_of_limit, r.xid_percent_of_freeze),
    jsonb_build_object(
      'kind', r.kind, 'name', r.name, 'age_transactions', r.xid_age, 'percent_of_limit', r.xid_percent_of_limit,
      'percent_of_freeze', r.xid_percent_of_freeze
    ),
    case when r.kind <> 'database' then format('vacuum (freeze, verbose) %s;', r.name) end
  from ops.get_wraparound_risk() as r
  cross join lateral (
    select case
      when 'critical' in (t.by_limit, t.by_freeze) then 'critical'
      when 'warn' in (t.by_limit, t.by_freeze) then 'warn'
      else 'ok'
    end
    from (
      select ops.judge('wraparound', 'percent_of_limit', r.xid_percent_of_limit) as by_limit,
        ops.judge('wraparound', 'percent_of_freeze', r.xid_percent_of_freeze) as by_freeze
    ) as t
  ) as j (status)
  where j.status <> 'ok'
$$;
comment on function ops.check_wraparound() is
  'A finding for each database and table whose transaction ids run out or are not frozen in time.';
revoke all on function ops.check_wraparound() from public, anon, authenticated, service_role;


create function ops.check_multixact_wraparound()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select r.kind || ' ' || r.name, j.status,
    format('The oldest multixact id of %s %s is %s old: %s %% of what may be, %s %% of when autovacuum freezes.',
      r.kind, r.name, r.multixact_age, r.multixact_percent_of_limit, r.multixact_percent_of_freeze),
    jsonb_build_object(
      'kind', r.kind, 'name', r.name, 'age_multixacts', r.multixact_age,
      'percent_of_limit', r.multixact_percent_of_limit, 'percent_of_freeze', r.multixact_percent_of_freeze
    ),
    case when r.kind <> 'database' then format('vacuum (freeze, verbose) %s;', r.name) end
  from ops.get_wraparound_risk() as r
  cross join lateral (
    select case
      when 'critical' in (t.by_limit, t.by_freeze) then 'critical'
      when 'warn' in (t.by_limit, t.by_freeze) then 'warn'
      else 'ok'
    end
    from (
      select ops.judge('multixact_wraparound', 'percent_of_limit', r.multixact_percent_of_limit) as by_limit,
        ops.judge('multixact_wraparound', 'percent_of_freeze', r.multixact_percent_of_freeze) as by_freeze
    ) as t
  ) as j (status)
  where j.status <> 'ok'
$$;
comment on function ops.check_multixact_wraparound() is
  'A finding for each database and table whose multixact ids run out or are not frozen in time.';
revoke all on function ops.check_multixact_wraparound() from public, anon, authenticated, service_role;


create function ops.check_replication()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select r.key, j.status,
    case
      when r.kind = 'standby' then format('The standby %s lags %s bytes behind.', r.name, r.lag_bytes)
      when j.is_lost then format('The slot %s lost the WAL it needs: its reader has to begin anew.', r.name)
      else format('The slot %s (%s) keeps %s bytes of WAL.', r.name,
        case when r.is_active then 'active' else 'inactive' end, coalesce(r.retained_bytes, 0))
    end,
    to_jsonb(r) - 'key',
    case when r.kind = 'slot' and not r.is_active then format('select pg_drop_replication_slot(%L);', r.name) end
  from ops.get_replication_stats() as r
  cross join lateral (
    select t.is_lost, case
      when t.is_lost or 'critical' = any (t.judged) then 'critical'
      when 'warn' = any (t.judged) then 'warn'
      else 'ok'
    end
    from (
      select
        r.kind = 'slot' and (r.state is not distinct from 'lost' or r.invalidation_reason is not null) as is_lost,
        array[
          ops.judge('replication', 'retained_bytes', r.retained_bytes),
          ops.judge('replication', 'inactive_seconds', r.inactive_seconds),
          case when not r.is_active and r.inactive_seconds is null then 'warn' else 'ok' end,
          case when r.kind = 'standby' then ops.judge('replication', 'lag_bytes', r.lag_bytes) else 'ok' end,
          ops.judge('replication', 'lag_seconds', r.lag_seconds)
        ] as judged
    ) as t
  ) as j (is_lost, status)
  where j.status <> 'ok'
$$;
comment on function ops.check_replication() is
  'A finding for each slot that is lost, not read or keeps much WAL, and each standby that lags.';
revoke all on function ops.check_replication() from public, anon, authenticated, service_role;


create function ops.check_temp_files()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  perform ops.require_sample('temp_files', 'window_seconds', c.window_seconds) from ops.get_database_counters() as c;
  return query
  select current_database()::text, j.status,
    format('%s bytes of temporary files an hour, on average since %s.', c.temp_bytes_per_hour, c.counted_since),
    jsonb_build_object(
      'window_seconds', c.window_seconds, 'temp_files', c.temp_files, 'temp_bytes', c.temp_bytes,
      'temp_bytes_per_hour', c.temp_bytes_per_hour, 'work_mem', current_setting('work_mem')
    ),
    null::text
  from ops.get_database_counters() as c
  cross join lateral (select ops.judge('temp_files', 'bytes_per_hour', c.temp_bytes_per_hour)) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_temp_files() is
  'Whether sorts and hashes go to disk, by bytes an hour since the counters were reset. Raises 0A000 '
  'when that is too short ago.';
revoke all on function ops.check_temp_files() from public, anon, authenticated, service_role;


create function ops.check_deadlocks()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  perform ops.require_sample('deadlocks', 'window_seconds', c.window_seconds) from ops.get_database_counters() as c;
  return query
  select current_database()::text, j.status,
    format('%s deadlocks since %s: %s an hour.', c.deadlocks, c.counted_since, c.deadlocks_per_hour),
    jsonb_build_object(
      'window_seconds', c.window_seconds, 'deadlocks', c.deadlocks, 'deadlocks_per_hour', c.deadlocks_per_hour
    ),
    null::text
  from ops.get_database_counters() as c
  cross join lateral (select ops.judge('deadlocks', 'deadlocks_per_hour', c.deadlocks_per_hour)) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_deadlocks() is
  'Deadlocks an hour since the counters were reset. Raises 0A000 when that is too short ago.';
revoke all on function ops.check_deadlocks() from public, anon, authenticated, service_role;


create function ops.check_rollbacks()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  perform ops.require_sample('rollbacks', 'window_seconds', c.window_seconds),
    ops.require_sample('rollbacks', 'transactions', c.commits + c.rollbacks)
  from ops.get_database_counters() as c;
  return query
  select current_database()::text, j.status,
    format('%s %% of the transactions since %s were rolled back.', c.rollback_percent, c.counted_since),
    jsonb_build_object(
      'window_seconds', c.window_seconds, 'commits', c.commits, 'rollbacks', c.rollbacks,
      'rollback_percent', c.rollback_percent
    ),
    null::text
  from ops.get_database_counters() as c
  cross join lateral (select ops.judge('rollbacks', 'percent', c.rollback_percent)) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_rollbacks() is
  'Share of transactions rolled back since the counters were reset. Raises 0A000 when that is too '
  'short ago, or there were too few transactions.';
revoke all on function ops.check_rollbacks() from public, anon, authenticated, service_role;


create function ops.check_checkpoints_requested()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  perform ops.require_sample('checkpoints_requested', 'window_seconds', c.checkpoints_window_seconds),
    ops.require_sample('checkpoints_requested', 'checkpoints', c.checkpoints_timed + c.checkpoints_requested)
  from ops.get_database_counters() as c;
  return query
  select 'server'::text, j.status,
    format('%s of %s checkpoints since %s came before their time.', c.checkpoints_requested,
      c.checkpoints_timed + c.checkpoints_requested, c.checkpoints_since),
    jsonb_build_object(
      'window_seconds', c.checkpoints_window_seconds, 'checkpoints_timed', c.checkpoints_timed,
      'checkpoints_requested', c.checkpoints_requested, 'requested_percent', c.checkpoints_requested_percent,
      'max_wal_size', current_setting('max_wal_size')
    ),
    null::text
  from ops.get_database_counters() as c
  cross join lateral (
    select ops.judge('checkpoints_requested', 'percent', c.checkpoints_requested_percent)
  ) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_checkpoints_requested() is
  'Share of checkpoints that were forced, since the counters were reset: max_wal_size may be too '
  'small. Raises 0A000 when that is too short ago, or there were too few checkpoints.';
revoke all on function ops.check_checkpoints_requested() from public, anon, authenticated, service_role;


create function ops.check_cache_hit()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  perform ops.require_sample('cache_hit', 'blocks', max(c.blocks_hit + c.blocks_read))
  from ops.get_cache_hit_ratio(0) as c;
  return query
  with found as materialized (
    select c.kind, c.relation, c.blocks_hit, c.blocks_read, c.hit_percent from ops.get_cache_hit_ratio(3) as c
  )
  select f.kind, j.status, format('%s %% of the blocks of %s were found in the cache.', f.hit_percent, f.kind),
    jsonb_build_object(
      'window_seconds', (select d.window_seconds from ops.get_database_counters() as d),
      'hit_percent', f.hit_percent, 'blocks_hit', f.blocks_hit, 'blocks_read', f.blocks_read,
      'most_read', (
        select jsonb_agg(to_jsonb(m) - 'kind' order by m.blocks_read desc)
        from found as m where m.kind = f.kind and m.relation is not null
      ),
      'shared_buffers', current_setting('shared_buffers')
    ),
    null::text
  from found as f
  cross join lateral (select ops.judge('cache_hit', f.kind || '_percent', f.hit_percent)) as j (status)
  where f.relation is null
    and ops.judge('cache_hit', 'blocks', f.blocks_hit + f.blocks_read) = 'ok'
    and j.status <> 'ok';
end
$$;
comment on function ops.check_cache_hit() is
  'Whether tables or indexes are read from disk too often. Raises 0A000 when too few blocks were '
  'read to say.';
revoke all on function ops.check_cache_hit() from public, anon, authenticated, service_role;


create function ops.check_role_timeouts()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select r.role_name, j.status,
    case
      when r.statement_timeout_ms is null then format('Statements of the role %s may run for ever.', r.role_name)
      else format('Statements of the role %s may run for %s s.', r.role_name, round(r.statement_timeout_ms / 1000, 1))
    end,
    to_jsonb(r),
    format('alter role %I set statement_timeout = %L;', r.role_name, '8s')
  from ops.get_role_timeouts() as r
  cross join lateral (
    select ops.judge(
      'role_timeouts', 'statement_timeout_seconds', coalesce(r.statement_timeout_ms / 1000, 'infinity')
    )
  ) as j (status)
  where r.is_api_role and j.status <> 'ok'
$$;
comment on function ops.check_role_timeouts() is
  'A finding for each role of the API whose statements may run for ever or too long.';
revoke all on function ops.check_role_timeouts() from public, anon, authenticated, service_role;
