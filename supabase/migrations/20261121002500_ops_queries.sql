-- Which statements cost the most. (P1) pg_stat_statements may stand in any schema, in any version,
-- or not at all; without it, or without the right to read the statements of others, this says so
-- instead of showing an empty list.

create function ops.read_statements()
  returns table (
    query_id bigint,
    role_name name,
    calls bigint,
    total_ms double precision,
    max_ms double precision,
    row_count bigint,
    blocks_hit bigint,
    blocks_read bigint,
    temp_blocks bigint,
    query text
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_schema name;
  v_view oid;
  v_infix text;
begin
  select n.nspname, c.oid into v_schema, v_view
  from pg_catalog.pg_extension as e
  join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
  join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = 'pg_stat_statements'
  where e.extname = 'pg_stat_statements';
  if not found then
    raise exception using
      errcode = 'feature_not_supported', message = 'The extension pg_stat_statements is not installed.';
  end if;
  -- Without it the view shows the statements of others with neither text nor number.
  if not pg_has_role(current_user, 'pg_read_all_stats', 'usage') then
    raise exception using
      errcode = 'feature_not_supported', message = format('The role %I is no member of pg_read_all_stats.', current_user);
  end if;
  -- An extension that was never updated after a move to a newer server has the older names.
  v_infix := case
    when exists (
      select from pg_catalog.pg_attribute as a where a.attrelid = v_view and a.attname = 'total_exec_time'
    ) then '_exec'
    else ''
  end;
  -- Constants are taken out of a statement, but not of one that defines something, such as a role
  -- with its password: nothing from the first literal on is shown.
  return query execute format(
    'select s.queryid, r.rolname, sum(s.calls)::bigint, sum(s.%I), max(s.%I), sum(s.rows)::bigint,'
    ' sum(s.shared_blks_hit)::bigint, sum(s.shared_blks_read)::bigint, sum(s.temp_blks_written)::bigint,'
    ' regexp_replace(min(s.query), %L, %L)'
    ' from %I.pg_stat_statements as s'
    ' join pg_catalog.pg_database as d on d.oid = s.dbid and d.datname = current_database()'
    ' left join pg_catalog.pg_roles as r on r.oid = s.userid'
    ' group by s.queryid, r.rolname',
    format('total%s_time', v_infix), format('max%s_time', v_infix),
    '(''|\$([[:alpha:]_]\w*)?\$).*$', '...', v_schema
  );
exception
  when object_not_in_prerequisite_state then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'pg_stat_statements is installed but not loaded (shared_preload_libraries).';
end
$$;
comment on function ops.read_statements() is
  'What pg_stat_statements knows of the statements of this database, all roles, one row a statement '
  'and role. total_ms, max_ms: execution time in milliseconds. temp_blocks: written. query: up to '
  'its first literal. Raises 0A000 when the extension or the right to read it is missing.';
revoke all on function ops.read_statements() from public, anon, authenticated, service_role;


create function ops.statements_since()
  returns timestamptz
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_schema name;
  v_since timestamptz;
begin
  select n.nspname into v_schema
  from pg_catalog.pg_extension as e
  join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
  join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = 'pg_stat_statements_info'
  where e.extname = 'pg_stat_statements';
  if not found then
    return null;
  end if;
  execute format('select i.stats_reset from %I.pg_stat_statements_info as i', v_schema) into v_since;
  return v_since;
exception
  when object_not_in_prerequisite_state then
    return null;
end
$$;
comment on function ops.statements_since() is
  'Since when pg_stat_statements has counted. Null when it is not there or does not say.';
revoke all on function ops.statements_since() from public, anon, authenticated, service_role;


create function ops.get_slow_queries(minimum_calls bigint default 50, maximum_rows integer default 50)
  returns table (
    query_id bigint,
    role_name name,
    calls bigint,
    mean_ms numeric,
    max_ms numeric,
    total_ms numeric,
    share_percent numeric,
    row_count bigint,
    cache_hit_percent numeric,
    temp_blocks bigint,
    query text,
    statistics_since timestamptz
  )
  language plpgsql
  stable
  security definer -- reads the statements of all roles
  set search_path = ''
as $$
declare
  v_since constant timestamptz := ops.statements_since();
begin
  perform private.require_operator();
  return query
  select
    s.query_id,
    s.role_name,
    s.calls,
    round((s.total_ms / nullif(s.calls, 0))::numeric, 3),
    round(s.max_ms::numeric, 3),
    round(s.total_ms::numeric, 3),
    round((100 * s.total_ms / nullif(s.all_ms, 0))::numeric, 2),
    s.row_count,
    round(100.0 * s.blocks_hit / nullif(s.blocks_hit + s.blocks_read, 0), 2),
    s.temp_blocks,
    s.query,
    v_since
  from (select r.*, sum(r.total_ms) over () as all_ms from ops.read_statements() as r) as s
  where s.calls >= coalesce(get_slow_queries.minimum_calls, 0)
  order by s.total_ms / nullif(s.calls, 0) desc nulls last
  limit greatest(get_slow_queries.maximum_rows, 0);
end
$$;
comment on function ops.get_slow_queries(bigint, integer) is
  'The statements of this database that take longest on average, all roles, from pg_stat_statements. '
  'minimum_calls: those called less often are left out; maximum_rows: how many at most. '
  'mean_ms, max_ms, total_ms: execution time in milliseconds; share_percent: of the time of all '
  'statements; cache_hit_percent: blocks found in memory; temp_blocks: written to temporary files; '
  'query: up to its first literal; statistics_since: null when not known. Raises 42501 unless the '
  'service role or a platform administrator asks, 0A000 when the extension or the right to read it '
  'is missing.';
revoke all on function ops.get_slow_queries(bigint, integer) from public, anon, authenticated, service_role;
grant execute on function ops.get_slow_queries(bigint, integer) to authenticated, service_role;


create function ops.check_slow_queries()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    concat_ws(' ', s.query_id, s.role_name),
    j.status,
    format('A statement of %s takes %s ms on average, over %s calls.', s.role_name, s.mean_ms, s.calls)
      || case
        when s.statistics_since > now() - interval '1 hour' then ' The statistics are younger than an hour.'
        else ''
      end,
    jsonb_build_object(
      'query', left(s.query, 500),
      'mean_ms', s.mean_ms,
      'max_ms', s.max_ms,
      'calls', s.calls,
      'share_percent', s.share_percent,
      'cache_hit_percent', s.cache_hit_percent,
      'temp_blocks', s.temp_blocks,
      'statistics_age_seconds', round(extract(epoch from now() - s.statistics_since))
    ),
    null::text
  from ops.get_slow_queries(0, 1000) as s
  cross join lateral ops.judge('slow_queries', 'mean_ms', s.mean_ms) as j (status)
  where j.status <> 'ok' and ops.judge('slow_queries', 'calls', s.calls) <> 'ok'
  order by s.total_ms desc
  limit 20;
end
$$;
comment on function ops.check_slow_queries() is
  'Statements whose mean time is beyond mean_ms and that were called at least as often as calls '
  'says; the 20 that cost most. Key: query id and role. Raises 0A000 without pg_stat_statements.';
revoke all on function ops.check_slow_queries() from public, anon, authenticated, service_role;


insert into ops.health_checks (name, title, description, category, is_required)
values (
  'slow_queries',
  'Slow queries',
  'Statements that take long on average and are called often.',
  'queries',
  false
);
insert into ops.health_thresholds (check_name, measure, unit, default_warn, default_critical, description)
values
  ('slow_queries', 'mean_ms', 'ms', 100, 1000, 'Mean execution time of a statement.'),
  ('slow_queries', 'calls', 'calls', 50, null, 'Called less often, a statement is not judged.');
