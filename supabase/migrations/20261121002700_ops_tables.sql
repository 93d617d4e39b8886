-- How large tables are, how much of that is empty space, whether autovacuum keeps up with each
-- table's own thresholds, which sequences run out, which constraints were never validated. (P1)
-- Nothing here waits for a lock: a size or a last value that cannot be read at once is null, or the
-- figure of the last analyze.

create function ops.get_table_sizes()
  returns table (
    schema_name name,
    table_name name,
    partition_of text,
    total_bytes bigint,
    table_bytes bigint,
    index_bytes bigint,
    toast_bytes bigint,
    row_estimate bigint,
    share_percent numeric,
    is_estimated boolean
  )
  language plpgsql
  stable
  security definer -- reads the size of all tables
  set search_path = ''
as $$
declare
  v_block constant bigint := current_setting('block_size')::bigint;
  v_database constant bigint := pg_database_size(current_database());
begin
  perform private.require_operator();
  return query
  with measured as (
    select
      c.oid,
      n.nspname,
      c.relname,
      c.relpages,
      c.reltuples,
      c.reltoastrelid,
      i.pages as index_pages,
      ops.relation_bytes(c.oid) as total_bytes,
      i.bytes as index_bytes,
      case when c.reltoastrelid = 0 then 0 else ops.relation_bytes(c.reltoastrelid) end as toast_bytes,
      (select t.relpages from pg_catalog.pg_class as t where t.oid = c.reltoastrelid) as toast_pages
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    cross join lateral (
      select
        coalesce(sum(x.relpages), 0) as pages,
        -- Null as soon as one of them is locked.
        case when bool_and(s.bytes is not null) is not false then coalesce(sum(s.bytes), 0) end as bytes
      from pg_catalog.pg_index as p
      join pg_catalog.pg_class as x on x.oid = p.indexrelid
      cross join lateral ops.relation_bytes(x.oid) as s (bytes)
      where p.indrelid = c.oid
    ) as i
    where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  ),
  known as (
    select
      m.*,
      m.total_bytes is not null and m.index_bytes is not null and m.toast_bytes is not null as is_measured
    from measured as m
  ),
  sized as (
    select
      k.*,
      case when k.is_measured then k.index_bytes else k.index_pages * v_block end as final_index_bytes,
      case when k.is_measured then k.toast_bytes else coalesce(k.toast_pages, 0) * v_block end as final_toast_bytes,
      case
        when k.is_measured then greatest(k.total_bytes - k.index_bytes - k.toast_bytes, 0)
        else k.relpages * v_block
      end as final_table_bytes
    from known as k
  )
  select
    s.nspname,
    s.relname,
    (
      select format('%I.%I', rn.nspname, r.relname)
      from pg_catalog.pg_class as r
      join pg_catalog.pg_namespace as rn on rn.oid = r.relnamespace
      where r.oid = pg_partition_root(s.oid)
    ),
    (s.final_table_bytes + s.final_index_bytes + s.final_toast_bytes)::bigint,
    s.final_table_bytes::bigint,
    s.final_index_bytes::bigint,
    s.final_toast_bytes::bigint,
    case when s.reltuples >= 0 then s.reltuples::bigint end,
    round(100.0 * (s.final_table_bytes + s.final_index_bytes + s.final_toast_bytes) / nullif(v_database, 0), 2),
    not s.is_measured
  from sized as s
  order by 4 desc, 1, 2;
end
$$;
comment on function ops.get_table_sizes() is
  'Tables, partitions and materialized views, the largest first. partition_of: the partitioned '
  'table; total_bytes = table_bytes + index_bytes + toast_bytes; row_estimate: of the last analyze, '
  'null before the first; share_percent: of the whole database; is_estimated: somebody holds a lock, '
  'so the sizes are those of the last analyze. Raises 42501 unless the service role or a platform '
  'administrator asks.';
revoke all on function ops.get_table_sizes() from public, anon, authenticated, service_role;
grant execute on function ops.get_table_sizes() to authenticated, service_role;


create function ops.measure_table(table_id oid)
  returns table (free_bytes bigint, dead_bytes bigint, dead_rows bigint)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
  -- It opens the table: it does not wait for one that is being altered.
  set lock_timeout = '10ms'
as $$
declare
  v_schema name;
begin
  if measure_table.table_id is null then
    return;
  end if;
  select n.nspname into v_schema
  from pg_catalog.pg_extension as e
  join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
  where e.extname = 'pgstattuple';
  if not found then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'The extension pgstattuple is not installed.',
      hint = 'Ask for the estimate, or create the extension.';
  end if;
  return query execute format(
    'select p.approx_free_space::bigint, p.dead_tuple_len, p.dead_tuple_count'
    ' from %I.pgstattuple_approx(%L::oid::regclass) as p', v_schema, measure_table.table_id
  );
exception
  when lock_not_available or undefined_table then
    return;
end
$$;
comment on function ops.measure_table(oid) is
  'Free and dead space of a table by pgstattuple_approx, which reads what is not marked visible to '
  'all. free_bytes, dead_bytes: bytes. No row when the table is locked, or null. Raises 0A000 without '
  'the extension.';
revoke all on function ops.measure_table(oid) from public, anon, authenticated, service_role;


create function ops.get_table_bloat_stats(is_exact boolean default false)
  returns table (
    kind text,
    schema_name name,
    table_name name,
    index_name name,
    size_bytes bigint,
    bloat_bytes bigint,
    bloat_percent numeric,
    row_estimate bigint,
    dead_rows bigint,
    method text,
    remedy text
  )
  language plpgsql
  volatile
  security definer -- reads the statistics of all columns
  set search_path = ''
as $$
declare
  v_block constant numeric := current_setting('block_size')::numeric;
begin
  perform private.require_operator();
  -- How many blocks would the rows need, freshly written? A row of a table is a header of 23 bytes
  -- and a bitmap of one bit a column if any value is null, rounded up to 8; the values, each of its
  -- average stored width where it is not null; what alignment costs: on average half of what a
  -- column asks for beyond the one before it; rounded up to 8, and 4 bytes for the pointer to it.
  -- A block has a header of 24 bytes and is filled as far as fillfactor says.
  -- An entry of a btree index is a header of 8 bytes (16 with a bitmap), the values, rounded up to
  -- 8, and 4 bytes for the pointer. A block has a header of 24 bytes, 16 bytes of its own and, but
  -- on the last of a level, the first key of the next one; above each fanout of blocks stands
  -- another; and the first block is of the index itself. Duplicates that the index stores once make
  -- it smaller than this, so that its bloat is never shown too high.
  return query
  with columns as (
    select
      a.attrelid,
      a.attnum,
      a.attname,
      s.null_frac,
      s.avg_width,
      case a.attalign when 'd' then 8 when 'i' then 4 when 's' then 2 else 1 end as align,
      a.attlen
    from pg_catalog.pg_class as t
    join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
    join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_stats as s
      on s.schemaname = n.nspname and s.tablename = t.relname and s.attname = a.attname and not s.inherited
    where t.relkind in ('r', 'm', 'i') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and pg_has_role(current_user, t.relowner, 'usage')
  ),
  padded as materialized (
    select
      c.*,
      -- A value of varying width begins anywhere while it is short.
      case when c.attlen < 0 then 0 else greatest(c.align - lag(
        case when c.attlen < 0 then 1 else c.align end, 1, 8
      ) over (partition by c.attrelid order by c.attnum), 0) / 2.0 end as padding
    from columns as c
  ),
  row_widths as (
    select
      p.attrelid,
      -- Not known before the first analyze.
      bool_and(p.avg_width is not null) as is_known,
      8 * ceil((23 + case when bool_or(p.null_frac > 0) then ceil(count(*) / 8.0) else 0 end) / 8.0)
        + 8 * ceil(sum((1 - p.null_frac) * p.avg_width + p.padding)::numeric / 8) + 4 as bytes
    from padded as p
    group by p.attrelid
  ),
  entry_widths as (
    select
      i.indexrelid,
      bool_and(p.avg_width is not null) as is_known,
      case when bool_or(p.null_frac > 0) then 16 else 8 end
        + 8 * ceil(sum((1 - p.null_frac) * p.avg_width)::numeric / 8) + 4 as bytes
    from pg_catalog.pg_index as i
    cross join lateral unnest(i.indkey::smallint[]) with ordinality as k (number, place)
    -- The statistics of an expression are kept with the index.
    left join padded as p
      on p.attrelid = case when k.number > 0 then i.indrelid else i.indexrelid end
      and p.attnum = case when k.number > 0 then k.number else k.place end
    group by i.indexrelid
  ),
  relations as (
    select
      'table' as kind,
      c.oid,
      c.oid as table_oid,
      null::name as index_name,
      w.bytes,
      (v_block - 24) * coalesce(
        (
          select o.option_value::numeric from pg_options_to_table(c.reloptions) as o
          where o.option_name = 'fillfactor'
        ),
        100
      ) / 100 as usable
    from row_widths as w
    join pg_catalog.pg_class as c on c.oid = w.attrelid and c.relkind in ('r', 'm')
    where w.is_known
    union all
    select
      'index', c.oid, i.indrelid, c.relname, w.bytes,
      (v_block - 40 - w.bytes) * coalesce(
        (
          select o.option_value::numeric from pg_options_to_table(c.reloptions) as o
          where o.option_name = 'fillfactor'
        ),
        90
      ) / 100
    from entry_widths as w
    join pg_catalog.pg_index as i on i.indexrelid = w.indexrelid
    join pg_catalog.pg_class as c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_catalog.pg_am as m on m.oid = c.relam and m.amname = 'btree'
    where w.is_known
  ),
  needed as (
    select
      r.*,
      c.relpages,
      c.reltuples,
      case r.kind
        when 'table' then ceil(c.reltuples / greatest(floor(r.usable / r.bytes), 1))
        else 1 + ceil(
          ceil(c.reltuples / greatest(floor(r.usable / r.bytes), 2)) * (1 + 1 / greatest(floor(r.usable / r.bytes) - 1, 1))
        )
      end as pages,
      case when r.kind = 'table' then pg_stat_get_dead_tuples(r.oid) end as dead
    from relations as r
    join pg_catalog.pg_class as c on c.oid = r.oid
    where c.reltuples >= 0 and c.relpages > 0
  ),
  estimated as (
    select
      n.*,
      n.relpages * v_block as size_bytes,
      case
        -- Rows deleted since the last analyze are still among its rows.
        when e.free_bytes is null then least(
          greatest((n.relpages - n.pages)::numeric * v_block, coalesce(n.dead, 0) * n.bytes, 0), n.relpages * v_block
        )
        else e.free_bytes + e.dead_bytes
      end as bloat_bytes,
      e.dead_rows,
      e.free_bytes is not null as is_measured
    from needed as n
    left join lateral ops.measure_table(
      case when get_table_bloat_stats.is_exact and n.kind = 'table' then n.oid end
    ) as e on true
  )
  select
    e.kind,
    n.nspname,
    t.relname,
    e.index_name,
    e.size_bytes::bigint,
    round(e.bloat_bytes)::bigint,
    round(100 * e.bloat_bytes / e.size_bytes, 1),
    e.reltuples::bigint,
    case when e.is_measured then e.dead_rows else e.dead end,
    case when e.is_measured then 'measured' else 'estimated' end,
    case e.kind
      when 'table' then format('vacuum (full, analyze) %I.%I;', n.nspname, t.relname)
      else format('reindex index concurrently %I.%I;', n.nspname, e.index_name)
    end
  from estimated as e
  join pg_catalog.pg_class as t on t.oid = e.table_oid
  join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
  order by e.bloat_bytes desc, 2, 3, 4;
end
$$;
comment on function ops.get_table_bloat_stats(boolean) is
  'Empty space in tables and btree indexes of ours. is_exact: measure the tables with '
  'pgstattuple_approx, which reads much of them; otherwise estimated from the statistics of the '
  'last analyze, and not before the first. kind: table or index; size_bytes, bloat_bytes: bytes; '
  'dead_rows: of a table; method: estimated or measured; remedy: SQL, of which vacuum full locks the '
  'table while it runs. Raises 42501 unless the service role or a platform administrator asks, '
  '0A000 when is_exact needs an extension that is missing.';
revoke all on function ops.get_table_bloat_stats(boolean) from public, anon, authenticated, service_role;
grant execute on function ops.get_table_bloat_stats(boolean) to authenticated, service_role;


create function ops.find_bloat(check_name text, kind text)
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I', b.schema_name, coalesce(b.index_name, b.table_name)),
    j.status,
    format('%s %% of the %s %I.%I is empty space.', b.bloat_percent, b.kind, b.schema_name,
      coalesce(b.index_name, b.table_name)),
    jsonb_strip_nulls(jsonb_build_object(
      'table', format('%I.%I', b.schema_name, b.table_name),
      'size_bytes', b.size_bytes,
      'bloat_bytes', b.bloat_bytes,
      'bloat_percent', b.bloat_percent,
      'row_estimate', b.row_estimate,
      'dead_rows', b.dead_rows
    )),
    b.remedy
  from ops.get_table_bloat_stats() as b
  cross join lateral (
    select
      ops.judge(find_bloat.check_name, 'bloat_percent', b.bloat_percent) as by_percent,
      ops.judge(find_bloat.check_name, 'bloat_bytes', b.bloat_bytes) as by_bytes
  ) as s
  -- Both have to be bad: half of a small table is little, and a little of a large one is usual.
  cross join lateral (
    select case
      when 'ok' in (s.by_percent, s.by_bytes) then 'ok'
      when 'warn' in (s.by_percent, s.by_bytes) then 'warn'
      else 'critical'
    end as status
  ) as j
  where b.kind = find_bloat.kind and j.status <> 'ok';
end
$$;
comment on function ops.find_bloat(text, text) is
  'Tables or indexes (kind) with more empty space than both thresholds of a check allow.';
revoke all on function ops.find_bloat(text, text) from public, anon, authenticated, service_role;


create function ops.check_table_bloat()
  returns setof ops.finding
  language sql
  volatile
  security invoker
  set search_path = ''
  return ops.find_bloat('table_bloat', 'table');
comment on function ops.check_table_bloat() is
  'Tables that are mostly empty space, by percent and by bytes. Key: schema.table.';
revoke all on function ops.check_table_bloat() from public, anon, authenticated, service_role;


create function ops.check_index_bloat()
  returns setof ops.finding
  language sql
  volatile
  security invoker
  set search_path = ''
  return ops.find_bloat('index_bloat', 'index');
comment on function ops.check_index_bloat() is
  'Btree indexes that are mostly empty space, by percent and by bytes. Key: schema.index.';
revoke all on function ops.check_index_bloat() from public, anon, authenticated, service_role;


create function ops.get_vacuum_stats()
  returns table (
    schema_name name,
    table_name name,
    row_estimate bigint,
    dead_rows bigint,
    vacuum_threshold bigint,
    vacuum_factor numeric,
    modified_rows bigint,
    analyze_threshold bigint,
    analyze_factor numeric,
    last_vacuum_at timestamptz,
    last_analyze_at timestamptz,
    is_autovacuum_enabled boolean,
    is_vacuuming boolean,
    is_analyzing boolean
  )
  language plpgsql
  stable
  security definer -- reads the statistics of all tables and the progress of all roles
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  with tables as (
    select
      c.oid,
      n.nspname,
      c.relname,
      greatest(c.reltuples, 0) as reltuples,
      -- A setting of the table comes before that of the server.
      coalesce(o.settings ->> 'autovacuum_vacuum_threshold', current_setting('autovacuum_vacuum_threshold'))::numeric
        + coalesce(o.settings ->> 'autovacuum_vacuum_scale_factor', current_setting('autovacuum_vacuum_scale_factor'))::numeric
        * greatest(c.reltuples, 0)::numeric as vacuum_at,
      coalesce(o.settings ->> 'autovacuum_analyze_threshold', current_setting('autovacuum_analyze_threshold'))::numeric
        + coalesce(o.settings ->> 'autovacuum_analyze_scale_factor', current_setting('autovacuum_analyze_scale_factor'))::numeric
        * greatest(c.reltuples, 0)::numeric as analyze_at,
      current_setting('autovacuum')::boolean
        and coalesce((o.settings ->> 'autovacuum_enabled')::boolean, true) as is_enabled
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    cross join lateral (
      select jsonb_object_agg(p.option_name, p.option_value) as settings
      from pg_options_to_table(c.reloptions) as p
    ) as o
    where c.relkind in ('r', 'm') and c.relpersistence <> 't'
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  )
  select
    t.nspname,
    t.relname,
    t.reltuples::bigint,
    pg_stat_get_dead_tuples(t.oid),
    t.vacuum_at::bigint,
    round(pg_stat_get_dead_tuples(t.oid) / greatest(t.vacuum_at, 1), 2),
    pg_stat_get_mod_since_analyze(t.oid),
    t.analyze_at::bigint,
    round(pg_stat_get_mod_since_analyze(t.oid) / greatest(t.analyze_at, 1), 2),
    greatest(pg_stat_get_last_vacuum_time(t.oid), pg_stat_get_last_autovacuum_time(t.oid)),
    greatest(pg_stat_get_last_analyze_time(t.oid), pg_stat_get_last_autoanalyze_time(t.oid)),
    t.is_enabled,
    exists (
      select from pg_catalog.pg_stat_progress_vacuum as v
      where v.datname = current_database() and v.relid = t.oid
    ),
    exists (
      select from pg_catalog.pg_stat_progress_analyze as a
      where a.datname = current_database() and a.relid = t.oid
    )
  from tables as t
  order by 6 desc, 9 desc, 1, 2;
end
$$;
comment on function ops.get_vacuum_stats() is
  'How far each table is beyond its own autovacuum thresholds, the worst first. dead_rows against '
  'vacuum_threshold, modified_rows (since the last analyze) against analyze_threshold, as factors; '
  'thresholds from the table''s settings, else the server''s; last_vacuum_at, last_analyze_at: by '
  'hand or by autovacuum; is_vacuuming, is_analyzing: somebody is at it now. Raises 42501 unless '
  'the service role or a platform administrator asks.';
revoke all on function ops.get_vacuum_stats() from public, anon, authenticated, service_role;
grant execute on function ops.get_vacuum_stats() to authenticated, service_role;


create function ops.check_autovacuum()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I', v.schema_name, v.table_name),
    j.status,
    format('%I.%I has %s dead rows, %s times what autovacuum waits for.', v.schema_name, v.table_name, v.dead_rows,
      v.vacuum_factor)
      || case
        when v.is_vacuuming then ' A vacuum is at it now.'
        when not v.is_autovacuum_enabled then ' Autovacuum is off for it.'
        else ''
      end,
    jsonb_build_object(
      'dead_rows', v.dead_rows,
      'threshold_rows', v.vacuum_threshold,
      'factor', v.vacuum_factor,
      'row_estimate', v.row_estimate,
      'last_vacuum_age_seconds', round(extract(epoch from now() - v.last_vacuum_at)),
      'is_autovacuum_enabled', v.is_autovacuum_enabled,
      'is_vacuuming', v.is_vacuuming
    ),
    case when not v.is_vacuuming then format('vacuum (analyze) %I.%I;', v.schema_name, v.table_name) end
  from ops.get_vacuum_stats() as v
  cross join lateral ops.judge('autovacuum', 'factor', v.vacuum_factor) as j (status)
  where j.status <> 'ok' and ops.judge('autovacuum', 'dead_rows', v.dead_rows) <> 'ok';
end
$$;
comment on function ops.check_autovacuum() is
  'Tables whose dead rows are beyond their own autovacuum threshold by factor, from dead_rows on. '
  'Key: schema.table.';
revoke all on function ops.check_autovacuum() from public, anon, authenticated, service_role;


create function ops.check_analyze()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I', v.schema_name, v.table_name),
    j.status,
    format('%s rows of %I.%I changed since it was analyzed, %s times what autovacuum waits for.', v.modified_rows,
      v.schema_name, v.table_name, v.analyze_factor)
      || case
        when v.is_analyzing then ' It is being analyzed now.'
        when not v.is_autovacuum_enabled then ' Autovacuum is off for it.'
        else ''
      end,
    jsonb_build_object(
      'modified_rows', v.modified_rows,
      'threshold_rows', v.analyze_threshold,
      'factor', v.analyze_factor,
      'row_estimate', v.row_estimate,
      'last_analyze_age_seconds', round(extract(epoch from now() - v.last_analyze_at)),
      'is_autovacuum_enabled', v.is_autovacuum_enabled,
      'is_analyzing', v.is_analyzing
    ),
    case when not v.is_analyzing then format('analyze %I.%I;', v.schema_name, v.table_name) end
  from ops.get_vacuum_stats() as v
  cross join lateral ops.judge('analyze', 'factor', v.analyze_factor) as j (status)
  where j.status <> 'ok' and ops.judge('analyze', 'modified_rows', v.modified_rows) <> 'ok';
end
$$;
comment on function ops.check_analyze() is
  'Tables of which more changed since the last analyze than their own threshold by factor, from '
  'modified_rows on. Key: schema.table.';
revoke all on function ops.check_analyze() from public, anon, authenticated, service_role;


create function ops.read_sequence(sequence_id oid)
  returns bigint
  language plpgsql
  volatile
  security invoker
  set search_path = ''
  set lock_timeout = '10ms'
as $$
begin
  return pg_catalog.pg_sequence_last_value(read_sequence.sequence_id);
exception
  -- Somebody alters it at this moment, it is gone, or it belongs to the platform.
  when lock_not_available or undefined_table or insufficient_privilege then
    return null;
end
$$;
comment on function ops.read_sequence(oid) is
  'The last value of a sequence. Null before the first, and when it cannot be read at once.';
revoke all on function ops.read_sequence(oid) from public, anon, authenticated, service_role;


create function ops.get_sequence_exhaustion()
  returns table (
    schema_name name,
    sequence_name name,
    table_name text,
    column_name name,
    column_type text,
    sequence_type text,
    last_value bigint,
    limit_value bigint,
    limited_by text,
    used_percent numeric,
    values_left bigint,
    is_cycling boolean,
    remedy text
  )
  language plpgsql
  stable
  security definer -- reads the last value of all sequences
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  with fed as (
    -- serial and identity: the sequence belongs to the column.
    select d.objid as sequence_id, d.refobjid as table_id, d.refobjsubid as number
    from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
      and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    union
    -- default nextval('...'): the default depends on the sequence.
    select d.refobjid, f.adrelid, f.adnum
    from pg_catalog.pg_depend as d
    join pg_catalog.pg_attrdef as f on f.oid = d.objid
    where d.classid = 'pg_catalog.pg_attrdef'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
  ),
  limits as (
    select
      n.nspname,
      c.relname,
      s.*,
      l.last_value,
      f.table_id,
      a.attname,
      a.atttypid,
      a.atttypmod,
      -- A domain is as wide as what it is made of.
      w.highest
    from pg_catalog.pg_sequence as s
    join pg_catalog.pg_class as c on c.oid = s.seqrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    left join fed as f on f.sequence_id = s.seqrelid
    left join pg_catalog.pg_attribute as a on a.attrelid = f.table_id and a.attnum = f.number
    left join pg_catalog.pg_type as y on y.oid = a.atttypid
    left join (values ('int2'::regtype, 32767::bigint), ('int4'::regtype, 2147483647)) as w (type, highest)
      on w.type = coalesce(nullif(y.typbasetype, 0), y.oid)
    cross join lateral ops.read_sequence(s.seqrelid) as l (last_value)
    where n.nspname !~ '^pg_'
  ),
  bounded as (
    select
      l.*,
      case
        when l.seqincrement > 0 then least(l.seqmax, l.highest)
        else greatest(l.seqmin, - l.highest - 1)
      end as bound,
      case when l.seqincrement > 0 then l.seqmin else l.seqmax end as first
    from limits as l
  )
  select
    b.nspname,
    b.relname,
    (
      select format('%I.%I', tn.nspname, t.relname)
      from pg_catalog.pg_class as t
      join pg_catalog.pg_namespace as tn on tn.oid = t.relnamespace
      where t.oid = b.table_id
    ),
    b.attname,
    format_type(b.atttypid, b.atttypmod),
    format_type(b.seqtypid, null),
    b.last_value,
    b.bound,
    case
      when b.bound = case when b.seqincrement > 0 then b.seqmax else b.seqmin end then 'sequence'
      else 'column'
    end,
    -- In numeric: the difference of two bigint may be no bigint.
    round(100 * (coalesce(b.last_value, b.first)::numeric - b.first) / nullif(b.bound::numeric - b.first, 0), 2),
    least(
      floor(greatest((b.bound::numeric - coalesce(b.last_value, b.first)) / b.seqincrement, 0)), 9223372036854775807
    )::bigint,
    b.seqcycle,
    concat_ws(
      ' ',
      case when b.highest is not null then (
        select format('alter table %I.%I alter column %I type bigint;', tn.nspname, t.relname, b.attname)
        from pg_catalog.pg_class as t
        join pg_catalog.pg_namespace as tn on tn.oid = t.relnamespace
        where t.oid = b.table_id
      ) end,
      case when b.seqtypid <> 'int8'::regtype then format('alter sequence %I.%I as bigint;', b.nspname, b.relname) end
    )
  from bounded as b
  order by 10 desc nulls last, 1, 2, 3, 4;
end
$$;
comment on function ops.get_sequence_exhaustion() is
  'Sequences and the columns they fill (serial, identity or by default), the most used first. '
  'limit_value: the end of the sequence or of the type of the column, whichever comes first '
  '(limited_by); used_percent: of the way there; values_left: how many numbers remain; last_value: '
  'null before the first number or when somebody alters the sequence; is_cycling: begins anew at '
  'its own end; remedy: SQL, which rewrites the table where it changes a column. Raises 42501 '
  'unless the service role or a platform administrator asks.';
revoke all on function ops.get_sequence_exhaustion() from public, anon, authenticated, service_role;
grant execute on function ops.get_sequence_exhaustion() to authenticated, service_role;


create function ops.check_sequences()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    concat_ws(' ', format('%I.%I', s.schema_name, s.sequence_name), s.table_name, quote_ident(s.column_name)),
    j.status,
    format('The sequence %I.%I has used %s %% of its numbers%s.', s.schema_name, s.sequence_name, s.used_percent,
      case when s.limited_by = 'column' then format(' that fit into %s.%I', s.table_name, s.column_name) else '' end),
    jsonb_build_object(
      'used_percent', s.used_percent,
      'last_value', s.last_value,
      'limit_value', s.limit_value,
      'limited_by', s.limited_by,
      'values_left', s.values_left,
      'column_type', s.column_type,
      'sequence_type', s.sequence_type
    ),
    nullif(s.remedy, '')
  from ops.get_sequence_exhaustion() as s
  cross join lateral ops.judge('sequences', 'used_percent', s.used_percent) as j (status)
  -- One that begins anew at its own end never runs out; the column may still be too narrow for it.
  where j.status <> 'ok' and not (s.is_cycling and s.limited_by = 'sequence');
end
$$;
comment on function ops.check_sequences() is
  'Sequences that run out of numbers, by their own type or by that of the column they fill. Key: '
  'sequence, table and column.';
revoke all on function ops.check_sequences() from public, anon, authenticated, service_role;


create function ops.get_not_validated_constraints()
  returns table (
    schema_name name,
    relation_name name,
    constraint_name name,
    kind text,
    is_of_domain boolean,
    remedy text
  )
  language plpgsql
  stable
  security definer -- looks at the tables of all owners, as the other functions do
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  select
    n.nspname,
    coalesce(c.relname, t.typname),
    o.conname,
    case o.contype when 'f' then 'foreign key' when 'c' then 'check' else 'not null' end,
    o.conrelid = 0,
    format(
      case
        when o.conrelid = 0 then 'alter domain %I.%I validate constraint %I;'
        else 'alter table %I.%I validate constraint %I;'
      end,
      n.nspname, coalesce(c.relname, t.typname), o.conname
    )
  from pg_catalog.pg_constraint as o
  left join pg_catalog.pg_class as c on c.oid = o.conrelid
  left join pg_catalog.pg_type as t on t.oid = o.contypid
  join pg_catalog.pg_namespace as n on n.oid = coalesce(c.relnamespace, t.typnamespace)
  -- Those of partitions follow the one of the partitioned table.
  where not o.convalidated and o.conparentid = 0 and o.coninhcount = 0
    and pg_has_role(current_user, coalesce(c.relowner, t.typowner), 'usage')
  order by 1, 2, 3;
end
$$;
comment on function ops.get_not_validated_constraints() is
  'Constraints made not valid and never validated: rows from before may break them, and the planner '
  'does not rely on them. remedy: SQL. Raises 42501 unless the service role or a platform '
  'administrator asks.';
revoke all on function ops.get_not_validated_constraints() from public, anon, authenticated, service_role;
grant execute on function ops.get_not_validated_constraints() to authenticated, service_role;


create function ops.check_not_validated_constraints()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I.%I', v.schema_name, v.relation_name, v.constraint_name),
    j.status,
    format('The %s constraint %I of %I.%I was never validated.', v.kind, v.constraint_name, v.schema_name,
      v.relation_name),
    jsonb_build_object('kind', v.kind),
    v.remedy
  from ops.get_not_validated_constraints() as v
  cross join lateral ops.judge('not_validated_constraints', 'constraints', 1) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_not_validated_constraints() is
  'Constraints that were never validated. Key: schema.table.constraint.';
revoke all on function ops.check_not_validated_constraints() from public, anon, authenticated, service_role;


insert into ops.health_checks (name, title, description, category, is_required)
values
  ('table_bloat', 'Table bloat', 'Tables that are mostly empty space.', 'tables', false),
  ('index_bloat', 'Index bloat', 'Indexes that are mostly empty space.', 'tables', false),
  ('autovacuum', 'Autovacuum', 'Tables whose dead rows are far beyond their own threshold.', 'tables', true),
  ('analyze', 'Analyze', 'Tables that changed far more than their own threshold.', 'tables', true),
  ('sequences', 'Sequences', 'Sequences that run out of numbers.', 'tables', true),
  (
    'not_validated_constraints',
    'Not validated constraints',
    'Constraints that rows from before may break.',
    'tables',
    true
  );
insert into ops.health_thresholds (check_name, measure, unit, default_warn, default_critical, description)
values
  ('table_bloat', 'bloat_percent', 'percent', 50, 80, 'Empty space of the table.'),
  ('table_bloat', 'bloat_bytes', 'bytes', 104857600, 1073741824, 'Empty space of the table.'),
  ('index_bloat', 'bloat_percent', 'percent', 50, 80, 'Empty space of the index.'),
  ('index_bloat', 'bloat_bytes', 'bytes', 104857600, 1073741824, 'Empty space of the index.'),
  ('autovacuum', 'factor', 'times', 2, 10, 'Dead rows for each one of the table''s own threshold.'),
  ('autovacuum', 'dead_rows', 'rows', 1000, null, 'Fewer dead rows are left alone.'),
  ('analyze', 'factor', 'times', 2, 10, 'Changed rows for each one of the table''s own threshold.'),
  ('analyze', 'modified_rows', 'rows', 1000, null, 'Fewer changed rows are left alone.'),
  ('sequences', 'used_percent', 'percent', 75, 90, 'Numbers used, of those that fit.'),
  ('not_validated_constraints', 'constraints', 'constraints', 1, null, 'Each counts one.');
