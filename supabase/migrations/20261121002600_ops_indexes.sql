-- Which indexes are missing, and which do nothing. (P1) An index that nothing reads may still be
-- needed: as a key, for a foreign key, as a replica identity. Each function says what may go and
-- why. All of it is read from the catalogue and the statistics: no table is locked, so that one
-- being altered delays nobody. pg_get_expr and pg_get_indexdef open the table of an expression;
-- expressions are compared as they are stored instead.

create function ops.statistics_since()
  returns timestamptz
  language sql
  stable
  security invoker
  set search_path = ''
  -- After a crash all counters begin anew, and only those of the background writer say so.
  return (
    select greatest(d.stats_reset, b.stats_reset)
    from pg_catalog.pg_stat_database as d
    cross join pg_catalog.pg_stat_bgwriter as b
    where d.datname = current_database()
  );
comment on function ops.statistics_since() is
  'Since when the statistics of this database have been counted, at the latest. Null when not known.';
revoke all on function ops.statistics_since() from public, anon, authenticated, service_role;


create function ops.split_expressions(expressions text)
  returns text[]
  language sql
  immutable
  security invoker
  set search_path = ''
  return (
    select array_agg(e.expression order by e.place)
    from (
      select d.place, string_agg(d.token, '' order by d.number) as expression
      from (
        select c.*, count(*) filter (where c.token = '{' and c.depth = 1) over (order by c.number) as place
        from (
          select
            m.words[1] as token,
            m.number,
            sum(case m.words[1] when '{' then 1 when '}' then -1 else 0 end) over (order by m.number) as depth
          -- Where in its statement an expression stood is no part of it. A brace in a name has a
          -- backslash before it.
          from regexp_matches(
            regexp_replace(split_expressions.expressions, ':location -?\d+', '', 'g'), '\\.|[{}]|[^{}\\]+', 'g'
          ) with ordinality as m (words, number)
        ) as c
      ) as d
      where d.depth > 0 or d.token = '}'
      group by d.place
    ) as e
  );
comment on function ops.split_expressions(text) is
  'The expressions of a stored list of expressions, such as those of an index, each as text that is '
  'equal for equal expressions. Null for none.';
revoke all on function ops.split_expressions(text) from public, anon, authenticated, service_role;


create function ops.list_indexes()
  returns table (
    index_id oid,
    table_id oid,
    schema_name name,
    table_name name,
    index_name name,
    method name,
    key_count integer,
    columns smallint[],
    -- For each key: column or expression, operator class with its options, collation, sort order.
    keys text[],
    included smallint[],
    predicate text,
    options text,
    is_unique boolean,
    is_primary boolean,
    is_nulls_not_distinct boolean,
    is_expression boolean,
    is_partial boolean,
    is_usable boolean,
    is_replica_identity boolean,
    backs_constraint boolean,
    is_partitioned boolean,
    is_attached boolean
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    i.indexrelid,
    i.indrelid,
    n.nspname,
    t.relname,
    c.relname,
    m.amname,
    i.indnkeyatts::integer,
    -- An int2vector counts from 0.
    (i.indkey::smallint[])[0:i.indnkeyatts - 1],
    k.keys,
    coalesce((i.indkey::smallint[])[i.indnkeyatts:i.indnatts - 1], '{}'),
    regexp_replace(i.indpred::text, ':location -?\d+', '', 'g'),
    c.reloptions::text,
    i.indisunique,
    i.indisprimary,
    i.indnullsnotdistinct,
    i.indexprs is not null,
    i.indpred is not null,
    i.indisvalid and i.indisready and i.indislive,
    i.indisreplident,
    -- A foreign key depends on the index of the key it refers to.
    i.indisexclusion or exists (select from pg_catalog.pg_constraint as o where o.conindid = i.indexrelid),
    c.relkind = 'I',
    c.relispartition
  from pg_catalog.pg_index as i
  join pg_catalog.pg_class as c on c.oid = i.indexrelid
  join pg_catalog.pg_class as t on t.oid = i.indrelid
  join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
  join pg_catalog.pg_am as m on m.oid = c.relam
  cross join lateral (
    select case when i.indexprs is not null then ops.split_expressions(i.indexprs::text) end as expressions
  ) as x
  cross join lateral (
    select array_agg(
      concat_ws(
        ' ',
        case
          when i.indkey[p - 1] = 0
            then x.expressions[cardinality(array_positions((i.indkey::smallint[])[0:p - 1], 0::smallint))]
          else i.indkey[p - 1]::text
        end,
        i.indclass[p - 1], i.indcollation[p - 1], i.indoption[p - 1], a.attoptions::text
      )
      order by p
    ) as keys
    from generate_series(1, i.indnkeyatts::integer) as p
    join pg_catalog.pg_attribute as a on a.attrelid = i.indexrelid and a.attnum = p
  ) as k
  -- What the caller could change: not the catalogue, not what an extension or the platform owns.
  where pg_has_role(current_user, t.relowner, 'usage')
    and t.relkind in ('r', 'p', 'm')
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (
      select from pg_catalog.pg_depend as d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = t.oid and d.deptype = 'e'
    );
end
$$;
comment on function ops.list_indexes() is
  'The indexes on tables of ours, in a form that can be compared. predicate: the stored expression; '
  'is_usable: valid and ready; is_attached: part of the index of a partitioned table.';
revoke all on function ops.list_indexes() from public, anon, authenticated, service_role;


create function ops.list_foreign_keys()
  returns table (
    constraint_id oid,
    constraint_name name,
    table_id oid,
    schema_name name,
    table_name name,
    column_names name[],
    is_partitioned boolean,
    row_estimate bigint,
    serving_indexes oid[]
  )
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    o.oid,
    o.conname,
    o.conrelid,
    n.nspname,
    t.relname,
    (
      select array_agg(a.attname order by u.place)
      from unnest(o.conkey) with ordinality as u (number, place)
      join pg_catalog.pg_attribute as a on a.attrelid = o.conrelid and a.attnum = u.number
    ),
    t.relkind = 'p',
    greatest(t.reltuples, 0)::bigint,
    (
      select array_agg(i.indexrelid)
      from pg_catalog.pg_index as i
      join pg_catalog.pg_class as c on c.oid = i.indexrelid
      join pg_catalog.pg_am as m on m.oid = c.relam
      cross join lateral (
        select
          coalesce(array_agg(k.number order by k.place), '{}') as columns,
          -- Whether each can be searched by equality: of its operator class, under the column's own collation.
          coalesce(bool_and(
            exists (
              select from pg_catalog.pg_opclass as p
              join pg_catalog.pg_amop as s on s.amopfamily = p.opcfamily and s.amoppurpose = 's'
              where p.oid = i.indclass[k.place - 1]
                and s.amopopr = o.conffeqop[array_position(o.conkey, k.number)]
            )
            and i.indcollation[k.place - 1] in (0, a.attcollation)
          ), false) as is_searchable
        from unnest((i.indkey::smallint[])[0:least(i.indnkeyatts, cardinality(o.conkey)) - 1])
          with ordinality as k (number, place)
        join pg_catalog.pg_attribute as a on a.attrelid = o.conrelid and a.attnum = k.number
      ) as l
      where i.indrelid = o.conrelid and i.indisvalid and i.indisready
        -- A partial index knows only some of the rows. One that leaves out the nulls of the key knows
        -- all that refer to something; and that they are compared tells the planner so.
        and (
          i.indpred is null
          -- Not written out with pg_get_expr: that opens the table, which may be locked.
          or substring(
            i.indpred::text
            from '^\{NULLTEST :arg \{VAR :varno 1 :varattno (\d+) [^{}]*\} :nulltesttype 1 [^{}]*\}$'
          )::smallint = any (o.conkey)
        )
        -- A block range index reads whole ranges.
        and m.amname <> 'brin'
        and l.is_searchable
        -- In any order, as all are compared; or a key of its own that holds at most one row.
        and (
          l.columns @> o.conkey
          or (i.indisunique and cardinality(l.columns) = i.indnkeyatts and l.columns <@ o.conkey)
        )
    )
  from pg_catalog.pg_constraint as o
  join pg_catalog.pg_class as t on t.oid = o.conrelid
  join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
  where o.contype = 'f' and o.conparentid = 0 and pg_has_role(current_user, t.relowner, 'usage');
end
$$;
comment on function ops.list_foreign_keys() is
  'The foreign keys of tables of ours, each with the indexes that find the referring rows of one '
  'referred row. serving_indexes: null when there is none; row_estimate: of the last analyze.';
revoke all on function ops.list_foreign_keys() from public, anon, authenticated, service_role;


create function ops.get_unused_indexes(maximum_scans bigint default 0)
  returns table (
    schema_name name,
    table_name name,
    index_name name,
    scans bigint,
    last_scan_at timestamptz,
    size_bytes bigint,
    is_primary boolean,
    is_unique boolean,
    backs_constraint boolean,
    supports_foreign_key boolean,
    is_replica_identity boolean,
    is_expression boolean,
    is_partial boolean,
    statistics_since timestamptz,
    has_standby boolean,
    may_go boolean,
    because text,
    remedy text
  )
  language plpgsql
  stable
  security definer -- reads the statistics of all tables, and whether there is a standby
  set search_path = ''
as $$
declare
  v_since constant timestamptz := ops.statistics_since();
begin
  perform private.require_operator();
  return query
  with indexes as materialized (
    select i.*, coalesce(r.root, i.index_id) as root_id
    from ops.list_indexes() as i
    cross join lateral (select pg_partition_root(i.index_id)::oid as root) as r
  ),
  -- The index of a partitioned table is read in its partitions.
  used as (
    select
      i.root_id,
      sum(coalesce(pg_stat_get_numscans(i.index_id), 0))::bigint as scans,
      -- From PostgreSQL 16 on.
      max((to_jsonb(s) ->> 'last_idx_scan')::timestamptz) as last_scan_at,
      sum(case when i.is_partitioned then 0 else ops.relation_bytes(i.index_id) end)::bigint as size_bytes
    from indexes as i
    left join pg_catalog.pg_stat_all_indexes as s on s.indexrelid = i.index_id
    group by i.root_id
    having sum(coalesce(pg_stat_get_numscans(i.index_id), 0)) <= get_unused_indexes.maximum_scans
  ),
  serving as (
    select
      s.index_id,
      bool_or(i.is_unique or i.backs_constraint or i.is_replica_identity or u.root_id is null)
        over (partition by f.constraint_id) as one_stays,
      min(s.index_id) over (partition by f.constraint_id) as oldest
    from ops.list_foreign_keys() as f
    cross join lateral unnest(f.serving_indexes) as s (index_id)
    join indexes as i on i.index_id = s.index_id
    left join used as u on u.root_id = s.index_id
  ),
  -- Of several that could all go one has to stay: the oldest.
  needed as (
    select distinct s.index_id from serving as s where not s.one_stays and s.index_id = s.oldest
  ),
  judged as (
    select
      i.*,
      u.scans as all_scans,
      u.last_scan_at,
      u.size_bytes,
      d.index_id is not null as is_needed,
      exists (select from pg_catalog.pg_stat_replication)
        or exists (select from pg_catalog.pg_replication_slots as p where p.slot_type = 'physical') as has_standby
    from used as u
    join indexes as i on i.index_id = u.root_id
    left join needed as d on d.index_id = i.index_id
  )
  select
    j.schema_name,
    j.table_name,
    j.index_name,
    j.all_scans,
    j.last_scan_at,
    j.size_bytes,
    j.is_primary,
    j.is_unique,
    j.backs_constraint,
    j.is_needed,
    j.is_replica_identity,
    j.is_expression,
    j.is_partial,
    v_since,
    j.has_standby,
    w.because is null,
    coalesce(w.because, case
      when j.has_standby then 'Nothing here reads it. A standby counts for itself: look there too.'
      else 'Nothing reads it.'
    end),
    case
      when w.because is not null then null
      when j.is_partitioned then format('drop index %I.%I;', j.schema_name, j.index_name)
      else format('drop index concurrently %I.%I;', j.schema_name, j.index_name)
    end
  from judged as j
  cross join lateral (
    select case
      when j.is_primary then 'It is the primary key.'
      when j.is_unique then 'It keeps rows unique.'
      when j.backs_constraint then 'A constraint rests on it.'
      when j.is_replica_identity then 'It identifies rows for replication.'
      when j.is_needed then 'It alone serves a foreign key.'
      when not j.is_usable then 'It is invalid, which is another matter.'
    end as because
  ) as w
  order by w.because is not null, j.size_bytes desc nulls last, 1, 3;
end
$$;
comment on function ops.get_unused_indexes(bigint) is
  'Indexes on tables of ours that were read no more than maximum_scans times since statistics_since; '
  'an index made later is younger than that. size_bytes: null when it is locked; last_scan_at: from '
  'PostgreSQL 16 on; supports_foreign_key: no other index would; has_standby: reads there are not '
  'counted here; may_go, because: whether it can be dropped, and why (not); remedy: SQL that drops '
  'it. Those of a partitioned table are counted with their partitions. Raises 42501 unless the '
  'service role or a platform administrator asks.';
revoke all on function ops.get_unused_indexes(bigint) from public, anon, authenticated, service_role;
grant execute on function ops.get_unused_indexes(bigint) to authenticated, service_role;


create function ops.check_unused_indexes()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_days constant numeric := extract(epoch from now() - ops.statistics_since()) / 86400;
begin
  if v_days is null then
    raise exception using
      errcode = 'feature_not_supported', message = 'Nobody knows since when reads of indexes are counted.';
  end if;
  if ops.judge('unused_indexes', 'statistics_days', v_days) <> 'ok' then
    raise exception using
      errcode = 'feature_not_supported',
      message = format('Reads of indexes are counted for %s days only.', round(v_days, 1));
  end if;
  return query
  select
    format('%I.%I', u.schema_name, u.index_name),
    j.status,
    format('The index %I on %I.%I is not read.', u.index_name, u.schema_name, u.table_name)
      || case when u.has_standby then ' A standby counts for itself: look there too.' else '' end,
    jsonb_build_object(
      'table', format('%I.%I', u.schema_name, u.table_name),
      'size_bytes', u.size_bytes,
      'scans', u.scans,
      'statistics_days', round(v_days, 1),
      'is_expression', u.is_expression,
      'is_partial', u.is_partial
    ),
    u.remedy
  from ops.get_unused_indexes() as u
  cross join lateral ops.judge('unused_indexes', 'size_bytes', u.size_bytes) as j (status)
  where u.may_go and j.status <> 'ok';
end
$$;
comment on function ops.check_unused_indexes() is
  'Indexes that nothing reads and that may go, from size_bytes on. Key: schema.index. Raises 0A000 '
  'when the statistics are younger than statistics_days.';
revoke all on function ops.check_unused_indexes() from public, anon, authenticated, service_role;


create function ops.get_duplicate_indexes()
  returns table (
    schema_name name,
    table_name name,
    index_name name,
    kept_index_name name,
    kind text,
    size_bytes bigint,
    because text,
    remedy text
  )
  language plpgsql
  stable
  security definer -- reads the size of all indexes
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  with indexes as materialized (
    -- Those of partitions follow the one of the partitioned table.
    select i.*, i.is_unique or i.backs_constraint or i.is_replica_identity as must_stay
    from ops.list_indexes() as i
    where i.is_usable and not i.is_attached
  ),
  pairs as (
    select
      a.index_id,
      b.index_id as kept_id,
      case when a.keys = b.keys then 'identical' else 'prefix' end as kind
    from indexes as a
    join indexes as b
      on b.table_id = a.table_id
      and b.index_id <> a.index_id
      and b.predicate is not distinct from a.predicate
    where not a.backs_constraint and not a.is_replica_identity
      and a.included <@ (b.columns || b.included)
      and (
        (
          a.keys = b.keys
          -- What a unique index forbids, the other has to forbid as well.
          and (not a.is_unique or (b.is_unique and b.is_nulls_not_distinct = a.is_nulls_not_distinct))
          and (a.method = 'btree' or a.options is not distinct from b.options)
          -- Of two that could both go, one stays: the one that must, that does more, the older.
          and (
            b.backs_constraint or b.is_replica_identity
            or (b.is_unique and not a.is_unique)
            or (b.is_unique = a.is_unique and (
              not b.included <@ (a.columns || a.included)
              or b.index_id < a.index_id
            ))
          )
        )
        -- A longer index serves what its first columns serve. Other methods than btree do not read so.
        or (
          not a.is_unique and a.method = 'btree' and b.key_count > a.key_count
          and b.keys[:a.key_count] = a.keys
        )
      )
  )
  select distinct on (a.schema_name, a.index_name)
    a.schema_name,
    a.table_name,
    a.index_name,
    b.index_name,
    p.kind,
    ops.relation_bytes(a.index_id),
    case p.kind
      when 'identical' then format('%I does the same.', b.index_name)
      else format('%I begins with the same columns.', b.index_name)
    end,
    case
      when a.is_partitioned then format('drop index %I.%I;', a.schema_name, a.index_name)
      else format('drop index concurrently %I.%I;', a.schema_name, a.index_name)
    end
  from pairs as p
  join indexes as a on a.index_id = p.index_id
  join indexes as b on b.index_id = p.kept_id
  -- One that may itself go for another is no reason.
  where not exists (select from pairs as o where o.index_id = p.kept_id)
  order by a.schema_name, a.index_name, p.kind, b.must_stay desc, b.key_count, b.index_id;
end
$$;
comment on function ops.get_duplicate_indexes() is
  'Indexes on tables of ours that another one makes superfluous. kind: identical, or prefix (a '
  'longer one begins with the same columns). Columns, expressions, operator classes, collations, '
  'sort orders, INCLUDE, predicate, uniqueness with its nulls and method are compared; one that a constraint rests on '
  'never goes. size_bytes: of the one that may go, null when it is locked. Raises 42501 unless the '
  'service role or a platform administrator asks.';
revoke all on function ops.get_duplicate_indexes() from public, anon, authenticated, service_role;
grant execute on function ops.get_duplicate_indexes() to authenticated, service_role;


create function ops.check_duplicate_indexes()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I', d.schema_name, d.index_name),
    j.status,
    format('The index %I on %I.%I may go: %s', d.index_name, d.schema_name, d.table_name, d.because),
    jsonb_build_object(
      'table', format('%I.%I', d.schema_name, d.table_name),
      'kept_index', d.kept_index_name,
      'kind', d.kind,
      'size_bytes', d.size_bytes
    ),
    d.remedy
  from ops.get_duplicate_indexes() as d
  cross join lateral ops.judge('duplicate_indexes', 'size_bytes', coalesce(d.size_bytes, 0)) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_duplicate_indexes() is
  'Indexes that another one makes superfluous, from size_bytes on. Key: schema.index.';
revoke all on function ops.check_duplicate_indexes() from public, anon, authenticated, service_role;


create function ops.get_invalid_indexes()
  returns table (
    schema_name name,
    table_name name,
    index_name name,
    is_unique boolean,
    is_ready boolean,
    size_bytes bigint,
    because text,
    remedy text
  )
  language plpgsql
  stable
  security definer -- sees the index builds of all roles
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  select
    n.nspname,
    t.relname,
    c.relname,
    i.indisunique,
    i.indisready,
    case when c.relkind = 'I' then null else ops.relation_bytes(c.oid) end,
    case
      when c.relkind = 'I' then 'Not every partition has its part of it.'
      when c.relname ~ '_cc(new|old)\d*$' then 'A concurrent rebuild left it behind.'
      when i.indisunique then 'Building or dropping it did not end; there may be duplicates.'
      else 'Building or dropping it did not end.'
    end,
    case
      when c.relkind = 'I' then null
      when c.relname ~ '_cc(new|old)\d*$' or n.nspname = 'pg_toast' or not i.indislive
        then format('drop index concurrently %I.%I;', n.nspname, c.relname)
      else format('reindex index concurrently %I.%I;', n.nspname, c.relname)
    end
  from pg_catalog.pg_index as i
  join pg_catalog.pg_class as c on c.oid = i.indexrelid
  join pg_catalog.pg_class as t on t.oid = i.indrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where not (i.indisvalid and i.indisready and i.indislive)
    and not exists (
      select from pg_catalog.pg_stat_progress_create_index as p
      where p.datname = current_database() and p.relid in (
        select i.indrelid union all select m.oid from pg_catalog.pg_class as m where m.reltoastrelid = i.indrelid
      )
    )
    -- Somebody is at it, dropping it concurrently perhaps.
    and not exists (
      select from pg_catalog.pg_locks as l
      join pg_catalog.pg_database as d on d.oid = l.database and d.datname = current_database()
      where l.relation = i.indexrelid and l.granted
        and l.mode in ('ShareUpdateExclusiveLock', 'AccessExclusiveLock')
    )
  order by 1, 3;
end
$$;
comment on function ops.get_invalid_indexes() is
  'Indexes that are invalid or not ready, which cost writes and serve no query, and that nobody is '
  'building or dropping now. size_bytes: null when locked or partitioned; remedy: SQL, null where an '
  'index of a partition has to be made and attached. Raises 42501 unless the service role or a '
  'platform administrator asks.';
revoke all on function ops.get_invalid_indexes() from public, anon, authenticated, service_role;
grant execute on function ops.get_invalid_indexes() to authenticated, service_role;


create function ops.check_invalid_indexes()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I', v.schema_name, v.index_name),
    j.status,
    format('The index %I on %I.%I is invalid. %s', v.index_name, v.schema_name, v.table_name, v.because),
    jsonb_build_object(
      'table', format('%I.%I', v.schema_name, v.table_name),
      'is_unique', v.is_unique,
      'is_ready', v.is_ready,
      'size_bytes', v.size_bytes
    ),
    v.remedy
  from ops.get_invalid_indexes() as v
  cross join lateral ops.judge('invalid_indexes', 'indexes', 1) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_invalid_indexes() is
  'Invalid indexes that nobody is building. Key: schema.index.';
revoke all on function ops.check_invalid_indexes() from public, anon, authenticated, service_role;


create function ops.guess_columns(tables oid[])
  returns table (table_id oid, column_name name, query_id bigint, total_ms double precision)
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if guess_columns.tables is null then
    return;
  end if;
  return query
  with statements as materialized (
    select s.query_id, s.total_ms, s.query from ops.read_statements() as s
  )
  select distinct on (t.table_id, a.attname) t.table_id, a.attname, s.query_id, s.total_ms
  from unnest(guess_columns.tables) as t (table_id)
  join pg_catalog.pg_class as c on c.oid = t.table_id
  join statements as s on position(c.relname in s.query) > 0
  -- column = $1, "column" = any($1)
  cross join lateral regexp_matches(s.query, '([[:alpha:]_]\w*)"?\s*=\s*(?:any\s*\(\s*)?\$\d', 'gi') as m (words)
  join pg_catalog.pg_attribute as a
    on a.attrelid = t.table_id and a.attname = m.words[1] and a.attnum > 0 and not a.attisdropped
  where not exists (
    select from pg_catalog.pg_index as i
    where i.indrelid = t.table_id and i.indisvalid and i.indpred is null and i.indkey[0] = a.attnum
  )
  order by t.table_id, a.attname, s.total_ms desc;
exception
  -- Nobody knows the statements, so nobody can say which columns.
  when feature_not_supported then
    return;
end
$$;
comment on function ops.guess_columns(oid[]) is
  'For each table the columns that statements of pg_stat_statements compare with a value and that no '
  'index begins with, with the costliest such statement. total_ms: its time in milliseconds. Nothing '
  'where the statements cannot be read. A guess: a statement is searched as text.';
revoke all on function ops.guess_columns(oid[]) from public, anon, authenticated, service_role;


create function ops.prove_index(table_id oid, column_name name)
  returns table (cost_before numeric, cost_after numeric)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
  -- The planner opens the table: it does not wait for one that is being altered.
  set lock_timeout = '10ms'
as $$
declare
  v_schema name;
  v_of name;
  v_table name;
  v_index oid;
  v_before jsonb;
  v_after jsonb;
begin
  select n.nspname into v_schema
  from pg_catalog.pg_extension as e
  join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
  where e.extname = 'hypopg';
  if not found then
    return;
  end if;
  select n.nspname, c.relname into v_of, v_table
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where c.oid = prove_index.table_id;
  begin
    -- A statement of our own, never one that was recorded: planning calls functions, and those of a
    -- stranger's statement would be called with the owner's rights. The value is not known to the
    -- planner, as in a prepared statement.
    execute format(
      'explain (format json) select from %I.%I as t where t.%I = (select o.%I from %I.%I as o limit 1)',
      v_of, v_table, prove_index.column_name, prove_index.column_name, v_of, v_table
    ) into v_before;
    execute format(
      'select h.indexrelid from %I.hypopg_create_index(%L) as h',
      v_schema, format('create index on %I.%I (%I)', v_of, v_table, prove_index.column_name)
    ) into v_index;
    execute format(
      'explain (format json) select from %I.%I as t where t.%I = (select o.%I from %I.%I as o limit 1)',
      v_of, v_table, prove_index.column_name, prove_index.column_name, v_of, v_table
    ) into v_after;
  exception
    -- Locked, gone meanwhile, or of a type that has no equality or no order.
    when lock_not_available or undefined_table or undefined_column or undefined_function or undefined_object
      or wrong_object_type then
      v_after := null;
  end;
  if v_index is not null then
    execute format('select %I.hypopg_drop_index(%L::oid)', v_schema, v_index);
  end if;
  -- A hypothetical index is named after its number.
  if v_after::text like '%"<' || v_index || '>%' then
    cost_before := (v_before -> 0 -> 'Plan' ->> 'Total Cost')::numeric;
    cost_after := (v_after -> 0 -> 'Plan' ->> 'Total Cost')::numeric;
    return next;
  end if;
end
$$;
comment on function ops.prove_index(oid, name) is
  'What the planner estimates for finding rows by one column, without and with an index on it, in '
  'its own units; by hypopg, so no index is made. No row when hypopg is missing, the table is '
  'locked, or the planner would not use the index.';
revoke all on function ops.prove_index(oid, name) from public, anon, authenticated, service_role;


create function ops.get_missing_indexes()
  returns table (
    kind text,
    schema_name name,
    table_name name,
    column_names name[],
    constraint_name name,
    row_estimate bigint,
    seq_scans bigint,
    index_scans bigint,
    seq_scan_percent numeric,
    seq_row_percent numeric,
    query_id bigint,
    is_proved boolean,
    cost_before numeric,
    cost_after numeric,
    because text,
    remedy text
  )
  language plpgsql
  volatile
  security definer -- reads the statistics and plans of all tables and the statements of all roles
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  with counted as materialized (
    select
      r.root_id,
      sum(greatest(c.reltuples, 0))::bigint as row_estimate,
      sum(pg_stat_get_numscans(c.oid))::bigint as seq_scans,
      sum(pg_stat_get_tuples_returned(c.oid)) as seq_rows,
      sum(i.scans)::bigint as index_scans,
      sum(i.rows_read) as index_rows
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    cross join lateral (select coalesce(pg_partition_root(c.oid)::oid, c.oid) as root_id) as r
    cross join lateral (
      select
        coalesce(sum(pg_stat_get_numscans(x.indexrelid)), 0) as scans,
        -- What an index-only scan or a bitmap finds too.
        coalesce(sum(pg_stat_get_tuples_returned(x.indexrelid)), 0) as rows_read
      from pg_catalog.pg_index as x where x.indrelid = c.oid
    ) as i
    where c.relkind in ('r', 'm') and pg_has_role(current_user, c.relowner, 'usage')
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    group by r.root_id
  ),
  shares as (
    select
      s.*,
      round(100.0 * s.seq_scans / nullif(s.seq_scans + s.index_scans, 0), 1) as scan_percent,
      round(100.0 * s.seq_rows / nullif(s.seq_rows + s.index_rows, 0), 1) as row_percent
    from counted as s
  ),
  worst as materialized (
    select s.*, n.nspname, t.relname, t.relkind
    from shares as s
    join pg_catalog.pg_class as t on t.oid = s.root_id
    join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
    where ops.judge('missing_indexes', 'row_estimate', s.row_estimate) <> 'ok'
      and ops.judge('missing_indexes', 'seq_scans', s.seq_scans) <> 'ok'
      and ops.judge('missing_indexes', 'seq_scan_percent', s.scan_percent) <> 'ok'
      and ops.judge('missing_indexes', 'seq_row_percent', s.row_percent) <> 'ok'
  ),
  guesses as materialized (
    select g.*, p.cost_before, p.cost_after, coalesce(p.cost_after < p.cost_before / 2, false) as is_proved
    from ops.guess_columns((select array_agg(w.root_id) from worst as w)) as g
    left join lateral ops.prove_index(g.table_id, g.column_name) as p on true
  )
  select
    'foreign_key',
    f.schema_name,
    f.table_name,
    f.column_names,
    f.constraint_name,
    f.row_estimate,
    c.seq_scans,
    c.index_scans,
    c.scan_percent,
    c.row_percent,
    null::bigint,
    -- Whether an index could serve it is a matter of the catalogue, not of an estimate.
    true,
    null::numeric,
    null::numeric,
    format('Deleting a row that %I refers to reads the whole table.', f.constraint_name),
    format(
      case
        when f.is_partitioned then 'create index on %I.%I (%s);'
        else 'create index concurrently on %I.%I (%s);'
      end,
      f.schema_name, f.table_name,
      (
        select string_agg(quote_ident(u.name), ', ' order by u.place)
        from unnest(f.column_names) with ordinality as u (name, place)
      )
    )
  from ops.list_foreign_keys() as f
  left join shares as c on c.root_id = f.table_id
  where f.serving_indexes is null
  union all
  select
    'sequential_scans',
    w.nspname,
    w.relname,
    case when g.column_name is not null then array[g.column_name] end,
    null,
    w.row_estimate,
    w.seq_scans,
    w.index_scans,
    w.scan_percent,
    w.row_percent,
    g.query_id,
    coalesce(g.is_proved, false),
    g.cost_before,
    g.cost_after,
    case
      when g.is_proved then 'The planner would use it.'
      when g.column_name is not null then 'A guess: a statement compares this column.'
      else 'A guess: the table is read whole, and which columns are looked for is not known.'
    end,
    case
      when g.column_name is null then null
      when w.relkind = 'p' then format('create index on %I.%I (%I);', w.nspname, w.relname, g.column_name)
      else format('create index concurrently on %I.%I (%I);', w.nspname, w.relname, g.column_name)
    end
  from worst as w
  left join guesses as g on g.table_id = w.root_id
  order by 1, 2, 3, 4;
end
$$;
comment on function ops.get_missing_indexes() is
  'Indexes that would help. kind foreign_key: no index finds the referring rows (a partial one does '
  'not, unless it leaves out nulls alone; the order of the columns does not matter). kind sequential_scans: a large table read mostly as a '
  'whole, by the thresholds of the check missing_indexes; column_names: what statements compare, null '
  'when not known. row_estimate: of the last analyze; seq_scan_percent, seq_row_percent: share of '
  'whole reads among the scans and rows; is_proved: false marks a guess; cost_before, cost_after: '
  'planner units, with hypopg; query_id: a statement of pg_stat_statements; remedy: SQL. Raises '
  '42501 unless the service role or a platform administrator asks.';
revoke all on function ops.get_missing_indexes() from public, anon, authenticated, service_role;
grant execute on function ops.get_missing_indexes() to authenticated, service_role;


create function ops.check_foreign_keys_without_index()
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    format('%I.%I.%I', m.schema_name, m.table_name, m.constraint_name),
    j.status,
    format('No index serves the foreign key %I of %I.%I.', m.constraint_name, m.schema_name, m.table_name),
    jsonb_build_object('columns', m.column_names, 'row_estimate', m.row_estimate),
    m.remedy
  from ops.get_missing_indexes() as m
  cross join lateral ops.judge('foreign_keys_without_index', 'row_estimate', m.row_estimate) as j (status)
  where m.kind = 'foreign_key' and j.status <> 'ok';
end
$$;
comment on function ops.check_foreign_keys_without_index() is
  'Foreign keys whose referring rows no index finds, from row_estimate rows on. Key: '
  'schema.table.constraint.';
revoke all on function ops.check_foreign_keys_without_index() from public, anon, authenticated, service_role;


create function ops.check_missing_indexes()
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    concat_ws('.', quote_ident(m.schema_name), quote_ident(m.table_name), quote_ident(m.column_names[1])),
    ops.judge('missing_indexes', 'seq_row_percent', m.seq_row_percent),
    format('%I.%I is read mostly as a whole. %s', m.schema_name, m.table_name, m.because),
    jsonb_build_object(
      'columns', m.column_names,
      'row_estimate', m.row_estimate,
      'seq_scans', m.seq_scans,
      'index_scans', m.index_scans,
      'seq_scan_percent', m.seq_scan_percent,
      'seq_row_percent', m.seq_row_percent,
      'query_id', m.query_id::text,
      'is_proved', m.is_proved,
      'cost_before', m.cost_before,
      'cost_after', m.cost_after
    ),
    m.remedy
  from ops.get_missing_indexes() as m
  where m.kind = 'sequential_scans';
end
$$;
comment on function ops.check_missing_indexes() is
  'Large tables that are read mostly as a whole, with the index that would help where that is known. '
  'All thresholds have to be reached. Key: schema.table, or schema.table.column.';
revoke all on function ops.check_missing_indexes() from public, anon, authenticated, service_role;


insert into ops.health_checks (name, title, description, category, is_required)
values
  ('unused_indexes', 'Unused indexes', 'Indexes that nothing reads and nothing needs.', 'indexes', false),
  ('duplicate_indexes', 'Duplicate indexes', 'Indexes that do what another one does.', 'indexes', false),
  ('invalid_indexes', 'Invalid indexes', 'Indexes that cost writes and serve no query.', 'indexes', true),
  (
    'foreign_keys_without_index',
    'Foreign keys without an index',
    'Foreign keys whose referring rows are found only by reading the whole table.',
    'indexes',
    true
  ),
  ('missing_indexes', 'Missing indexes', 'Large tables that are read mostly as a whole.', 'indexes', true);
insert into ops.health_thresholds (check_name, measure, unit, worse, default_warn, default_critical, description)
values
  ('unused_indexes', 'statistics_days', 'days', 'below', 7, null, 'Younger statistics do not tell.'),
  ('unused_indexes', 'size_bytes', 'bytes', 'above', 1048576, null, 'Smaller ones are left alone.'),
  ('duplicate_indexes', 'size_bytes', 'bytes', 'above', 0, null, 'Smaller ones are left alone.'),
  ('invalid_indexes', 'indexes', 'indexes', 'above', 1, null, 'Each invalid index counts one.'),
  ('foreign_keys_without_index', 'row_estimate', 'rows', 'above', 0, null, 'Rows of the referring table.'),
  ('missing_indexes', 'row_estimate', 'rows', 'above', 10000, null, 'A smaller table is read quickly as a whole.'),
  ('missing_indexes', 'seq_scans', 'scans', 'above', 30, null, 'How often it was read as a whole.'),
  ('missing_indexes', 'seq_scan_percent', 'percent', 'above', 5, null, 'Share of whole reads among all scans.'),
  ('missing_indexes', 'seq_row_percent', 'percent', 'above', 50, null, 'Share of the rows read by them.');
