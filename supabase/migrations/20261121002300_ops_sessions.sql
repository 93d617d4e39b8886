-- Who is connected, who waits for whom, and who holds back the cleaning up of old rows. (P1) Only
-- statistics and catalogue views are read, so that none of this waits behind what it looks for.

create function ops.require_statistics()
  returns void
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  -- Without this right the state of others' sessions reads as null, which would pass for health.
  if not pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage') then
    raise exception using
      errcode = 'feature_not_supported',
      message = format('The role %s may not see the sessions of others.', current_user),
      hint = format('grant pg_monitor to %I;', current_user);
  end if;
end
$$;
comment on function ops.require_statistics() is
  'Raises 0A000 when the current role does not see the statistics of all sessions.';
revoke all on function ops.require_statistics() from public, anon, authenticated, service_role;


create function ops.session_key(pid integer, backend_start timestamptz)
  returns text
  language sql
  stable
  security invoker
  set search_path = ''
return session_key.pid
  || to_char(session_key.backend_start at time zone 'utc', ' YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function ops.session_key(integer, timestamptz) is
  'A name of a session that no later one gets: process ids are used again.';
revoke all on function ops.session_key(integer, timestamptz) from public, anon, authenticated, service_role;


create function ops.session_remedy(pid integer, backend_start timestamptz, state text)
  returns text
  language sql
  stable
  security invoker
  set search_path = ''
return format(
  'select pg_%s_backend(a.pid) from pg_stat_activity as a where a.pid = %s and a.backend_start = %L;',
  -- A session that is idle in its transaction has no query to cancel.
  case when session_remedy.state = 'active' then 'cancel' else 'terminate' end,
  session_remedy.pid,
  to_char(session_remedy.backend_start at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US"+00"')
);
comment on function ops.session_remedy(integer, timestamptz, text) is
  'SQL that ends what a session does: its query where it runs one, else the session. Does nothing '
  'when the session is gone and another one got its process id.';
revoke all on function ops.session_remedy(integer, timestamptz, text)
  from public, anon, authenticated, service_role;


create function ops.seconds_since(moment timestamptz)
  returns numeric
  language sql
  stable
  security invoker
  set search_path = ''
return case
  when seconds_since.moment is not null
    then greatest(0, round(extract(epoch from statement_timestamp() - seconds_since.moment), 1))
end;
comment on function ops.seconds_since(timestamptz) is
  'Seconds from a moment to the statement; 0 for what began after it, null for null.';
revoke all on function ops.seconds_since(timestamptz) from public, anon, authenticated, service_role;


create function ops.shown_query(query text)
  returns text
  language sql
  immutable
  security invoker
  set search_path = ''
return left(
  case
    -- Where it is not plain which quote ends which, nothing from the first one on is shown.
    when shown_query.query ~ '\\''|--|/\*|\$([A-Za-z_]\w*)?\$|"[^"]*'''
      then regexp_replace(shown_query.query, '(''|\$([A-Za-z_]\w*)?\$).*', '?')
    else regexp_replace(shown_query.query, '''([^'']|'''')*(''|$)', '?', 'g')
  end,
  500
);
comment on function ops.shown_query(text) is
  'A query without its literals, which are data of tenants or passwords and would go where alerts go; '
  'cut after 500 characters.';
revoke all on function ops.shown_query(text) from public, anon, authenticated, service_role;


create function ops.get_connection_stats()
  returns table (
    used integer,
    max_usable integer,
    reserved integer,
    percent_used numeric,
    by_state jsonb,
    by_application jsonb,
    limits jsonb
  )
  language plpgsql
  stable
  security definer -- sees the sessions of all roles
  set search_path = ''
as $$
declare
  -- reserved_connections came with PostgreSQL 16.
  v_reserved constant integer := current_setting('superuser_reserved_connections')::integer
    + coalesce(current_setting('reserved_connections', true)::integer, 0);
  v_usable constant integer := current_setting('max_connections')::integer - v_reserved;
begin
  perform private.require_operator();
  perform ops.require_statistics();
  return query
  with sessions as materialized (
    select a.usename::text as role_name, a.application_name, a.datname::text as database_name,
      coalesce(a.state, 'starting') as state
    from pg_catalog.pg_stat_activity as a
    where a.backend_type = 'client backend'
  ),
  limited as (
    select 'role' as kind, r.rolname::text as name, r.rolconnlimit as connection_limit,
      (select count(*) from sessions as s where s.role_name = r.rolname) as connections
    from pg_catalog.pg_roles as r
    where r.rolconnlimit > 0
    union all
    select 'database', d.datname::text, d.datconnlimit,
      (select count(*) from sessions as s where s.database_name = d.datname)
    from pg_catalog.pg_database as d
    where d.datconnlimit > 0
  )
  select
    (select count(*)::integer from sessions),
    v_usable,
    v_reserved,
    (select round(100.0 * count(*) / v_usable, 1) from sessions),
    (
      select coalesce(jsonb_object_agg(g.state, g.connections), '{}')
      from (select s.state, count(*) as connections from sessions as s group by s.state) as g
    ),
    (
      select coalesce(jsonb_agg(to_jsonb(g) order by g.connections desc, g.role_name, g.application_name), '[]')
      from (
        select s.role_name, s.application_name, count(*) as connections
        from sessions as s
        group by s.role_name, s.application_name
      ) as g
    ),
    (
      select coalesce(
        jsonb_agg(
          to_jsonb(l) || jsonb_build_object('percent_used', round(100.0 * l.connections / l.connection_limit, 1))
          order by l.kind, l.name
        ),
        '[]'
      )
      from limited as l
    );
end
$$;
comment on function ops.get_connection_stats() is
  'One row about the connections of clients to the whole server. used; max_usable: max_connections '
  'without those reserved for superusers; percent_used of max_usable; by_state: connections for '
  'each state; by_application: role_name, application_name, connections; limits: the roles and '
  'databases that have a limit of their own, with kind, name, connections, connection_limit, '
  'percent_used. Raises 42501 unless the service role or a platform administrator asks, 0A000 when '
  'the statistics cannot be read.';
revoke all on function ops.get_connection_stats() from public, anon, authenticated, service_role;
grant execute on function ops.get_connection_stats() to authenticated, service_role;


create function ops.get_blocking_locks()
  returns table (
    waiting_pid integer,
    waiting_role text,
    waiting_application text,
    waiting_seconds numeric,
    lock_type text,
    lock_mode text,
    relation text,
    waiting_query text,
    blocked_by integer[],
    chain integer[],
    root_key text,
    root_pid integer,
    root_backend_start timestamptz,
    root_prepared text,
    root_role text,
    root_application text,
    root_state text,
    root_transaction_seconds numeric,
    root_query text
  )
  language plpgsql
  stable
  security definer -- sees the sessions of all roles
  set search_path = ''
as $$
begin
  perform private.require_operator();
  perform ops.require_statistics();
  return query
  with recursive locks as materialized (
    select l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid,
      l.objsubid, l.virtualtransaction, l.pid, l.mode, l.granted, l.waitstart
    from pg_catalog.pg_locks as l
  ),
  waiting as materialized (
    select distinct on (l.pid) l.pid, l.waitstart, b.pids
    from locks as l
    cross join lateral (
      select array_agg(distinct p order by p) as pids from unnest(pg_catalog.pg_blocking_pids(l.pid)) as p
    ) as b
    -- Null: the lock was given between the two looks.
    where not l.granted and b.pids is not null
    order by l.pid
  ),
  -- One step a session: to whoever does not wait, else to whoever waits longest. In a queue everybody
  -- is blocked by everybody ahead, so that following each way would take exponential time.
  steps as materialized (
    select w.pid, n.pid as next_pid
    from waiting as w
    cross join lateral (
      select p.pid
      from unnest(w.pids) as p (pid)
      left join waiting as o on o.pid = p.pid
      order by o.pid is not null, o.waitstart nulls last, p.pid
      limit 1
    ) as n
  ),
  walks as (
    select s.pid, array[s.pid, s.next_pid] as pids, s.next_pid as last_pid from steps as s
    union all
    select w.pid, w.pids || s.next_pid, s.next_pid
    from walks as w
    join steps as s on s.pid = w.last_pid
    where s.next_pid <> all (w.pids)
  ),
  chains as (
    select distinct on (w.pid) w.pid, w.pids,
      -- A circle has no root: the server's deadlock detector ends it.
      case when not exists (select from steps as s where s.pid = w.last_pid) then w.last_pid end as root_pid
    from walks as w
    order by w.pid, cardinality(w.pids) desc
  ),
  -- Whoever prepared a transaction is gone: pg_blocking_pids says 0. Its locks are those without a pid.
  prepared as (
    select distinct on (l.pid) l.pid, p.gid, p.prepared, p.owner::text as owner
    from locks as l
    join locks as h
      on h.granted
      and h.pid is null
      and (h.locktype, h.database, h.relation, h.page, h.tuple, h.virtualxid, h.transactionid, h.classid, h.objid,
        h.objsubid)
        is not distinct from (l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid,
        l.classid, l.objid, l.objsubid)
    -- Among its locks is the one on its own id.
    join locks as x on x.pid is null and x.virtualtransaction = h.virtualtransaction
    join pg_catalog.pg_prepared_xacts as p on p.transaction = x.transactionid
    where not l.granted
    order by l.pid, p.prepared
  )
  select
    c.pid,
    a.usename::text,
    a.application_name,
    ops.seconds_since(w.waitstart),
    l.locktype,
    l.mode,
    -- Who waits for a transaction holds the lock of the row in question.
    (
      select case
        when t.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
          then t.relation::regclass::text
      end
      from locks as t
      where t.pid = c.pid
        and t.relation is not null
        and (not t.granted or (t.locktype = 'tuple' and l.locktype = 'transactionid'))
      order by t.granted
      limit 1
    ),
    ops.shown_query(a.query),
    w.pids,
    c.pids,
    case when r.pid is null then 'prepared ' || p.gid else ops.session_key(r.pid, r.backend_start) end,
    c.root_pid,
    r.backend_start,
    p.gid,
    coalesce(r.usename::text, p.owner),
    r.application_name,
    case when p.gid is null then r.state else 'prepared' end,
    ops.seconds_since(coalesce(r.xact_start, p.prepared)),
    ops.shown_query(r.query)
  from chains as c
  join waiting as w on w.pid = c.pid
  join locks as l on l.pid = c.pid and not l.granted
  left join pg_catalog.pg_stat_activity as a on a.pid = c.pid
  left join pg_catalog.pg_stat_activity as r on r.pid = c.root_pid
  left join prepared as p on c.root_pid = 0 and p.pid = c.pids[cardinality(c.pids) - 1]
  order by 4 desc nulls last, 1;
end
$$;
comment on function ops.get_blocking_locks() is
  'A row for each session that waits for a lock, longest first. waiting_seconds; lock_type and '
  'lock_mode wanted; relation: null when it belongs to another database or the lock is on none; '
  'blocked_by: process ids directly in the way, 0 for a prepared transaction; chain: from the '
  'waiting session over whoever it waits for to the root; root_key: names the root over several '
  'looks, null in a deadlock; root_prepared: the name of the prepared transaction that is the root; '
  'root_transaction_seconds: age of the root''s transaction. Queries are shown without '
  'literals, 500 characters at most. '
  'Raises 42501 unless the service role or a platform administrator asks, 0A000 when the statistics '
  'cannot be read.';
revoke all on function ops.get_blocking_locks() from public, anon, authenticated, service_role;
grant execute on function ops.get_blocking_locks() to authenticated, service_role;


create function ops.get_long_transactions(minimum interval default '1 minute')
  returns table (
    session_key text,
    pid integer,
    backend_start timestamptz,
    role_name text,
    database_name text,
    application_name text,
    state text,
    is_idle_in_transaction boolean,
    transaction_seconds numeric,
    query_seconds numeric,
    idle_seconds numeric,
    wait_event text,
    query text
  )
  language plpgsql
  stable
  security definer -- sees the sessions of all roles
  set search_path = ''
as $$
begin
  perform private.require_operator();
  perform ops.require_statistics();
  return query
  select
    ops.session_key(a.pid, a.backend_start),
    a.pid,
    a.backend_start,
    a.usename::text,
    a.datname::text,
    a.application_name,
    a.state,
    a.state like 'idle in transaction%',
    ops.seconds_since(a.xact_start),
    case when a.state = 'active'
      then ops.seconds_since(a.query_start) end,
    case when a.state like 'idle in transaction%'
      then ops.seconds_since(a.state_change) end,
    a.wait_event_type || ': ' || a.wait_event,
    ops.shown_query(a.query)
  from pg_catalog.pg_stat_activity as a
  where a.backend_type = 'client backend'
    and a.pid <> pg_catalog.pg_backend_pid()
    -- A transaction that failed and was not ended has no start any more.
    and (a.xact_start is not null or a.state like 'idle in transaction%')
    and greatest(statement_timestamp() - coalesce(a.xact_start, a.state_change), '0')
      >= coalesce(get_long_transactions.minimum, '0')
  order by coalesce(a.xact_start, a.state_change);
end
$$;
comment on function ops.get_long_transactions(interval) is
  'The sessions of clients whose transaction is at least as old as minimum (default a minute; '
  'null: all), oldest first, without the caller''s own. transaction_seconds since its begin, null '
  'when it failed; query_seconds of '
  'the query that runs, else null; idle_seconds since the last query of a transaction that is left '
  'open, else null; query: the one that runs or ran last, without literals, 500 characters at most. Raises 42501 '
  'unless the service role or a platform administrator asks, 0A000 when the statistics cannot be read.';
revoke all on function ops.get_long_transactions(interval) from public, anon, authenticated, service_role;
grant execute on function ops.get_long_transactions(interval) to authenticated, service_role;


create function ops.get_xmin_holders()
  returns table (
    key text,
    kind text,
    name text,
    database_name text,
    horizon text,
    age_transactions bigint,
    age_seconds numeric,
    state text,
    facts jsonb,
    remedy text
  )
  language plpgsql
  stable
  security definer -- sees the sessions of all roles
  set search_path = ''
as $$
begin
  perform private.require_operator();
  perform ops.require_statistics();
  return query
  with holders as (
    select ops.session_key(a.pid, a.backend_start) as key, 'session' as kind, a.pid::text as name,
      a.datname::text as database_name, 'data' as horizon,
      greatest(age(a.backend_xmin), age(a.backend_xid)) as age_transactions, a.xact_start as since, a.state,
      jsonb_build_object(
        'role_name', a.usename, 'application_name', a.application_name, 'query', ops.shown_query(a.query)
      ) as facts,
      ops.session_remedy(a.pid, a.backend_start, a.state) as remedy
    from pg_catalog.pg_stat_activity as a
    where a.pid <> pg_catalog.pg_backend_pid()
      and coalesce(a.backend_xmin, a.backend_xid) is not null
      and a.backend_type not in ('walsender', 'autovacuum worker')
      -- A vacuum shows a horizon and is the one kind of session whose horizon nobody respects.
      and not exists (select from pg_catalog.pg_stat_progress_vacuum as v where v.pid = a.pid)
    union all
    select 'prepared ' || p.gid, 'prepared transaction', p.gid, p.database::text, 'data', age(p.transaction),
      p.prepared, 'prepared', jsonb_build_object('role_name', p.owner), format('rollback prepared %L;', p.gid)
    from pg_catalog.pg_prepared_xacts as p
    union all
    select format('slot %s %s', s.slot_name, h.horizon), 'replication slot', s.slot_name::text,
      -- What a slot holds back, it holds back in every database.
      null, h.horizon, age(h.xmin),
      case when not s.active then (to_jsonb(s) ->> 'inactive_since')::timestamptz end,
      case when s.active then 'active' else 'inactive' end,
      jsonb_build_object('slot_type', s.slot_type, 'plugin', s.plugin, 'wal_status', s.wal_status),
      case when not s.active then format('select pg_drop_replication_slot(%L);', s.slot_name) end
    from pg_catalog.pg_replication_slots as s
    cross join lateral (values ('data', s.xmin), ('catalog', s.catalog_xmin)) as h (horizon, xmin)
    where h.xmin is not null
    union all
    select format('standby %s %s', r.application_name, r.client_addr), 'standby', r.application_name, null, 'data',
      age(r.backend_xmin), null, r.state,
      jsonb_build_object('role_name', r.usename, 'client_address', r.client_addr), null
    from pg_catalog.pg_stat_replication as r
    where r.backend_xmin is not null
  )
  select h.key, h.kind, h.name, h.database_name, h.horizon, h.age_transactions::bigint,
    ops.seconds_since(h.since), h.state, h.facts, h.remedy
  from holders as h
  order by h.age_transactions desc, h.key;
end
$$;
comment on function ops.get_xmin_holders() is
  'What keeps vacuum from removing dead rows, oldest first, without the caller''s own session. kind: '
  'session, prepared transaction, replication slot, standby (by its feedback); database_name: null '
  'for what counts in every database; horizon: data, or catalog for the system tables alone; '
  'age_transactions: transactions begun since; age_seconds of the transaction, or since the slot is '
  'inactive where the server knows, else null; remedy: SQL that would end it. Raises 42501 unless '
  'the service role or a platform administrator asks, 0A000 when the statistics cannot be read.';
revoke all on function ops.get_xmin_holders() from public, anon, authenticated, service_role;
grant execute on function ops.get_xmin_holders() to authenticated, service_role;


insert into ops.health_checks (name, title, description, category)
values
  ('connections', 'Connections', 'Connections of clients against what the server, a role or a database allows.',
    'sessions'),
  ('blocking_locks', 'Blocking locks', 'Sessions that wait for a lock, by the session at the root of their chain.',
    'sessions'),
  ('long_transactions', 'Long transactions', 'Transactions that have been open for long, whatever they do.',
    'sessions'),
  ('idle_in_transaction', 'Idle in transaction', 'Sessions that left a transaction open and do nothing.', 'sessions'),
  ('long_queries', 'Long queries', 'Queries of clients that have been running for long.', 'sessions'),
  ('xmin_horizon', 'Old transaction horizon',
    'What keeps vacuum from removing dead rows: sessions, slots, prepared transactions, standbys.', 'sessions');

insert into ops.health_thresholds (check_name, measure, unit, default_warn, default_critical, description)
values
  ('connections', 'percent_used', 'percent', 70, 85, 'Connections used of those that may be.'),
  ('blocking_locks', 'waiting_seconds', 'seconds', 60, 300, 'The longest wait behind one root.'),
  ('blocking_locks', 'sessions_behind', 'sessions', 3, null, 'How many sessions wait behind one root.'),
  ('long_transactions', 'transaction_seconds', 'seconds', 600, 3600, 'Age of a transaction.'),
  ('idle_in_transaction', 'idle_seconds', 'seconds', 300, 1800, 'Time since the last query of an open transaction.'),
  ('long_queries', 'query_seconds', 'seconds', 300, 1800, 'Time that a query has been running.'),
  ('xmin_horizon', 'age_seconds', 'seconds', 3600, 86400, 'Age of a transaction, or time that a slot is inactive.'),
  ('xmin_horizon', 'age_transactions', 'transactions', 5000000, 50000000,
    'Transactions begun since the horizon that is held.');


create function ops.check_connections()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  with measured as (
    select 'server' as key, 'The server' as what, s.used::bigint as connections, s.max_usable::bigint as most,
      s.percent_used, jsonb_build_object('by_state', s.by_state, 'by_application', s.by_application) as facts
    from ops.get_connection_stats() as s
    union all
    select l.kind || ' ' || l.name, format('%s %s', initcap(l.kind), l.name), l.connections, l.connection_limit,
      l.percent_used, '{}'
    from ops.get_connection_stats() as s
    cross join lateral jsonb_to_recordset(s.limits)
      as l (kind text, name text, connections bigint, connection_limit bigint, percent_used numeric)
  )
  select m.key, j.status, format('%s uses %s of %s connections.', m.what, m.connections, m.most),
    jsonb_build_object('connections', m.connections, 'connection_limit', m.most, 'percent_used', m.percent_used)
      || m.facts,
    null::text
  from measured as m
  cross join lateral (select ops.judge('connections', 'percent_used', m.percent_used)) as j (status)
  where j.status <> 'ok'
$$;
comment on function ops.check_connections() is
  'Whether the connections run out: of the server, of a role and of a database with a limit.';
revoke all on function ops.check_connections() from public, anon, authenticated, service_role;


create function ops.check_blocking_locks()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  with roots as (
    select coalesce(b.root_key, 'deadlock') as key, max(b.root_pid) as pid,
      max(b.root_backend_start) as backend_start, max(b.root_prepared) as prepared, max(b.root_role) as role_name,
      max(b.root_application) as application_name, max(b.root_state) as state,
      max(b.root_transaction_seconds) as transaction_seconds, max(b.root_query) as query, count(*) as sessions_behind, max(b.waiting_seconds) as waiting_seconds,
      jsonb_agg(
        jsonb_build_object(
          'pid', b.waiting_pid, 'waiting_seconds', b.waiting_seconds, 'lock_type', b.lock_type,
          'lock_mode', b.lock_mode, 'relation', b.relation, 'chain', b.chain, 'query', b.waiting_query
        )
        order by b.waiting_seconds desc nulls last, b.waiting_pid
      ) as waiting
    from ops.get_blocking_locks() as b
    group by 1
  )
  select r.key, j.status,
    format('%s %s behind %s, for %s s at most.', r.sessions_behind,
      case r.sessions_behind when 1 then 'session waits' else 'sessions wait' end,
      case
        when r.prepared is not null then format('the prepared transaction %s', r.prepared)
        when r.pid is null then 'each other'
        else format('process %s (%s)', r.pid, r.state)
      end,
      coalesce(r.waiting_seconds, 0)),
    jsonb_build_object(
      'sessions_behind', r.sessions_behind, 'waiting_seconds', r.waiting_seconds, 'root_pid', r.pid,
      'root_role', r.role_name, 'root_application', r.application_name, 'root_state', r.state,
      'root_transaction_seconds', r.transaction_seconds, 'root_query', r.query, 'waiting', r.waiting
    ),
    case
      when r.prepared is not null then format('rollback prepared %L;', r.prepared)
      when r.backend_start is not null then ops.session_remedy(r.pid, r.backend_start, r.state)
    end
  from roots as r
  cross join lateral (
    select case
      when 'critical' in (t.by_time, t.by_number) then 'critical'
      when 'warn' in (t.by_time, t.by_number) then 'warn'
      else 'ok'
    end
    from (
      select ops.judge('blocking_locks', 'waiting_seconds', r.waiting_seconds) as by_time,
        ops.judge('blocking_locks', 'sessions_behind', r.sessions_behind) as by_number
    ) as t
  ) as j (status)
  where j.status <> 'ok'
$$;
comment on function ops.check_blocking_locks() is
  'A finding for each session or prepared transaction behind which others wait, with whom and how long.';
revoke all on function ops.check_blocking_locks() from public, anon, authenticated, service_role;


create function ops.check_long_transactions()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select t.session_key, j.status,
    format('Process %s (%s) has had a transaction open for %s s.', t.pid, t.role_name, t.transaction_seconds),
    to_jsonb(t) - 'session_key',
    ops.session_remedy(t.pid, t.backend_start, t.state)
  from ops.get_long_transactions('0') as t
  cross join lateral (
    select ops.judge('long_transactions', 'transaction_seconds', t.transaction_seconds)
  ) as j (status)
  where j.status <> 'ok'
$$;
comment on function ops.check_long_transactions() is 'A finding for each transaction that is open for too long.';
revoke all on function ops.check_long_transactions() from public, anon, authenticated, service_role;


create function ops.check_idle_in_transaction()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select t.session_key, j.status,
    format('Process %s (%s) left a transaction open and has done nothing for %s s.', t.pid, t.role_name,
      t.idle_seconds),
    to_jsonb(t) - 'session_key',
    ops.session_remedy(t.pid, t.backend_start, t.state)
  from ops.get_long_transactions('0') as t
  cross join lateral (select ops.judge('idle_in_transaction', 'idle_seconds', t.idle_seconds)) as j (status)
  where t.is_idle_in_transaction and j.status <> 'ok'
$$;
comment on function ops.check_idle_in_transaction() is
  'A finding for each session that does nothing for too long while its transaction is open.';
revoke all on function ops.check_idle_in_transaction() from public, anon, authenticated, service_role;


create function ops.check_long_queries()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select t.session_key, j.status,
    format('A query of process %s (%s) has been running for %s s.', t.pid, t.role_name, t.query_seconds),
    to_jsonb(t) - 'session_key',
    ops.session_remedy(t.pid, t.backend_start, t.state)
  from ops.get_long_transactions('0') as t
  cross join lateral (select ops.judge('long_queries', 'query_seconds', t.query_seconds)) as j (status)
  where j.status <> 'ok'
$$;
comment on function ops.check_long_queries() is
  'A finding for each query of a client that runs for too long.';
revoke all on function ops.check_long_queries() from public, anon, authenticated, service_role;


create function ops.check_xmin_horizon()
  returns setof ops.finding
  language sql
  stable
  security invoker
  set search_path = ''
as $$
  select h.key, j.status,
    format('Vacuum keeps what died in the last %s transactions, because of %s %s.', h.age_transactions, h.kind,
      h.name),
    jsonb_build_object(
      'kind', h.kind, 'name', h.name, 'horizon', h.horizon, 'state', h.state, 'age_transactions', h.age_transactions,
      'age_seconds', h.age_seconds
    ) || h.facts,
    h.remedy
  from ops.get_xmin_holders() as h
  cross join lateral (
    select case
      when 'critical' in (t.by_time, t.by_number) then 'critical'
      when 'warn' in (t.by_time, t.by_number) then 'warn'
      else 'ok'
    end
    from (
      select ops.judge('xmin_horizon', 'age_seconds', h.age_seconds) as by_time,
        ops.judge('xmin_horizon', 'age_transactions', h.age_transactions) as by_number
    ) as t
  ) as j (status)
  where j.status <> 'ok'
    -- Sessions in other databases hold back nothing here.
    and coalesce(h.database_name, current_database()) = current_database()
$$;
comment on function ops.check_xmin_horizon() is
  'A finding for each session, prepared transaction, slot or standby that keeps vacuum from its work.';
revoke all on function ops.check_xmin_horizon() from public, anon, authenticated, service_role;
