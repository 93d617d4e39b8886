-- How a database fares, in one table. Paste it into the SQL editor of any Supabase project, as it is:
-- it needs no schema of ours and no extension, changes nothing and waits for nobody.
--
-- judgement: critical, warn, ok, or info (a figure without a judgement). advice may hold SQL: read it
-- before you run it, and run `concurrently` outside a transaction. Counters run since the time that
-- the section server names as statistics_since; what is called unused has been unused since then.

with
settings as (
  select
    current_setting('block_size')::numeric as block_bytes,
    current_setting('max_connections')::integer as max_connections,
    current_setting('superuser_reserved_connections')::integer as reserved_connections,
    current_setting('autovacuum_vacuum_threshold')::numeric as vacuum_threshold,
    current_setting('autovacuum_vacuum_scale_factor')::numeric as vacuum_factor,
    current_setting('autovacuum_freeze_max_age')::numeric as freeze_max_age,
    current_setting('autovacuum_multixact_freeze_max_age')::numeric as multixact_freeze_max_age,
    (
      select coalesce(d.stats_reset, pg_postmaster_start_time())
      from pg_stat_database as d
      where d.datname = current_database()
    ) as statistics_since
),
privileges as (
  select pg_has_role('pg_read_all_stats', 'usage') as may_read
),
-- Parts of the platform: their sizes matter, their indexes are not yours to change.
managed_schemas (name) as (
  values
    ('auth'), ('storage'), ('realtime'), ('_realtime'), ('vault'), ('pgsodium'), ('cron'), ('net'), ('pgmq'),
    ('graphql'), ('graphql_public'), ('extensions'), ('supabase_functions'), ('supabase_migrations'),
    ('pgbouncer'), ('_analytics'), ('_supavisor'), ('tiger'), ('topology')
),
-- Reading the size of a relation that somebody rebuilds would wait for them. A table counts as
-- locked with each of its indexes and its TOAST.
locked_relations as materialized (
  select distinct coalesce(i.indrelid, t.oid, l.relation) as relation
  from pg_locks as l
  left join pg_index as i on i.indexrelid = l.relation
  left join pg_class as t on t.reltoastrelid = coalesce(i.indrelid, l.relation)
  where l.locktype = 'relation'
    and l.mode = 'AccessExclusiveLock'
    and l.pid is distinct from pg_backend_pid()
    and l.database = (select d.oid from pg_database as d where d.datname = current_database())
),
tables as materialized (
  select
    c.oid,
    c.relname,
    n.nspname,
    format('%I.%I', n.nspname, c.relname) as subject,
    c.relpages,
    c.reltuples::numeric as row_estimate,
    c.reloptions,
    c.relfrozenxid,
    c.relminmxid,
    c.reltoastrelid,
    m.name is null and not exists (
      select from pg_depend as d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    ) as is_own,
    k.relation is not null as is_locked,
    case when k.relation is null and c.relkind <> 'p' then pg_total_relation_size(c.oid) end as total_bytes,
    case when k.relation is null and c.relkind <> 'p' then pg_indexes_size(c.oid) end as index_bytes,
    s.seq_scan,
    s.seq_tup_read,
    s.idx_scan,
    s.idx_tup_fetch,
    s.n_live_tup,
    s.n_dead_tup,
    greatest(s.last_vacuum, s.last_autovacuum) as vacuumed_at,
    greatest(s.last_analyze, s.last_autoanalyze) as analyzed_at
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  left join managed_schemas as m on m.name = n.nspname
  left join locked_relations as k on k.relation = c.oid
  left join pg_stat_all_tables as s on s.relid = c.oid
  where c.relkind in ('r', 'm', 'p')
    and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema')
),
indexes as materialized (
  select
    i.indexrelid,
    i.indrelid,
    t.subject as table_subject,
    format('%I.%I', t.nspname, c.relname) as subject,
    t.is_own,
    a.amname,
    i.indisunique,
    i.indisprimary,
    i.indisreplident,
    i.indisvalid and i.indisready as is_usable,
    i.indpred is not null as is_partial,
    i.indnkeyatts::integer as key_columns,
    i.indnatts::integer as columns,
    -- int2vector and oidvector count from 0; these arrays count from 1.
    string_to_array(i.indkey::text, ' ')::integer[] as attnums,
    string_to_array(i.indclass::text, ' ')::oid[] as classes,
    string_to_array(i.indcollation::text, ' ')::oid[] as collations,
    string_to_array(i.indoption::text, ' ')::integer[] as options,
    -- Null, equal to none, while the table is locked: writing an expression out opens the table.
    case when not t.is_locked then coalesce(pg_get_expr(i.indexprs, i.indrelid), '') end as expressions,
    case when not t.is_locked then coalesce(pg_get_expr(i.indpred, i.indrelid), '') end as predicate,
    coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_not_distinct,
    exists (select from pg_constraint as o where o.conindid = i.indexrelid) as backs_constraint,
    exists (select from pg_inherits as h where h.inhrelid = i.indexrelid) as is_of_partition,
    c.relkind = 'I' as is_partitioned,
    case when not t.is_locked and c.relkind = 'i' then pg_relation_size(i.indexrelid) end as bytes,
    coalesce(s.idx_scan, 0) as scans
  from pg_index as i
  join pg_class as c on c.oid = i.indexrelid
  join pg_am as a on a.oid = c.relam
  join tables as t on t.oid = i.indrelid
  left join pg_stat_all_indexes as s on s.indexrelid = i.indexrelid
),
sessions as materialized (
  select
    a.pid,
    format('pid %s', a.pid) as subject,
    coalesce(a.usename, '?') as role,
    coalesce(nullif(a.application_name, ''), '?') as application,
    coalesce(a.state, '?') as state,
    a.backend_type,
    a.wait_event_type,
    extract(epoch from clock_timestamp() - a.xact_start) as transaction_seconds,
    extract(epoch from clock_timestamp() - a.query_start) as query_seconds,
    extract(epoch from clock_timestamp() - a.state_change) as state_seconds,
    age(a.backend_xmin) as xmin_age,
    left(regexp_replace(a.query, '\s+', ' ', 'g'), 200) as query
  from pg_stat_activity as a
  where a.pid <> pg_backend_pid()
    and a.datname = current_database()
),
server (subject, fact, value, judgement, advice) as (
  select 'database', 'version', current_setting('server_version'), 'info', null
  union all
  select 'database', 'size', pg_size_pretty(pg_database_size(current_database())), 'info', null
  union all
  select
    'database', 'statistics_since',
    to_char(s.statistics_since at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
    case when s.statistics_since > now() - interval '7 days' then 'warn' else 'ok' end,
    case when s.statistics_since > now() - interval '7 days'
      then 'Less than a week: an index that serves a monthly report looks unused.' end
  from settings as s
  union all
  select
    'role', 'may_read_all_statistics', p.may_read::text,
    case when p.may_read then 'ok' else 'warn' end,
    case when not p.may_read then 'Sessions and queries of other roles are hidden. Run this as postgres.' end
  from privileges as p
),
connections (subject, fact, value, judgement, advice) as (
  select
    'all databases', 'used_of_available',
    format('%s of %s (%s %%)', u.used, u.available, round(u.percent)),
    case when u.percent >= 85 then 'critical' when u.percent >= 70 then 'warn' else 'ok' end,
    case when u.percent >= 70
      then 'Send the applications through the pooler, and look for sessions that are idle.' end
  from (
    select
      count(*) as used,
      s.max_connections - s.reserved_connections as available,
      100.0 * count(*) / (s.max_connections - s.reserved_connections) as percent
    from pg_stat_activity as a
    cross join settings as s
    -- The kind of another role's session may be hidden; those of the server itself have no database.
    where a.backend_type = 'client backend' or (a.backend_type is null and a.datid is not null)
    group by s.max_connections, s.reserved_connections
  ) as u
  union all
  select s.role, s.state, count(*)::text, 'info', null
  from sessions as s
  where s.backend_type = 'client backend'
  group by s.role, s.state
),
transactions (subject, fact, value, judgement, advice) as (
  select
    s.subject,
    case when s.state like 'idle in transaction%' then 'idle_in_transaction' else 'open_transaction' end,
    format('%s min, %s, %s: %s', round(s.transaction_seconds / 60), s.role, s.application, s.query),
    case when s.transaction_seconds >= 3600 then 'critical' else 'warn' end,
    format('It keeps vacuum from removing rows. select pg_terminate_backend(%s);', s.pid)
  from sessions as s
  where s.backend_type = 'client backend'
    and s.transaction_seconds >= case when s.state like 'idle in transaction%' then 300 else 600 end
),
locks (subject, fact, value, judgement, advice) as (
  select
    s.subject,
    'waits_for_lock',
    format(
      '%s s, blocked by %s: %s',
      round(s.query_seconds),
      array_to_string(b.pids, ', '),
      s.query
    ),
    case when s.query_seconds >= 300 then 'critical' else 'warn' end,
    (
      select format(
        'First in the queue is pid %s (%s): %s select pg_cancel_backend(%s);',
        r.pid, r.state, r.query, r.pid
      )
      from sessions as r
      where r.pid = any (b.pids)
      order by r.transaction_seconds desc nulls last
      limit 1
    )
  from sessions as s
  cross join lateral (select pg_blocking_pids(s.pid) as pids) as b
  where s.wait_event_type = 'Lock'
    and cardinality(b.pids) > 0
),
cache (subject, fact, value, judgement, advice) as (
  select
    h.subject, 'hit_percent',
    case when h.hits + h.misses < 10000 then 'too few reads to judge' else round(h.percent, 2)::text end,
    case
      when h.hits + h.misses < 10000 then 'info'
      when h.percent < 90 then 'critical'
      when h.percent < 95 then 'warn'
      else 'ok'
    end,
    case when h.hits + h.misses >= 10000 and h.percent < 95
      then 'Much is read from outside the cache: look at slow queries and sequential scans first.' end
  from (
    select g.subject, g.hits, g.misses, 100 * g.hits / nullif(g.hits + g.misses, 0) as percent
    from (
      select
        'tables' as subject,
        coalesce(sum(t.heap_blks_hit), 0) as hits,
        coalesce(sum(t.heap_blks_read), 0) as misses
      from pg_statio_user_tables as t
      union all
      select 'indexes', coalesce(sum(i.idx_blks_hit), 0), coalesce(sum(i.idx_blks_read), 0)
      from pg_statio_user_indexes as i
    ) as g
  ) as h
),
table_sizes (subject, fact, value, judgement, advice) as (
  (
    select
      t.subject, 'total_with_indexes',
      format(
        '%s, of which indexes %s, %s rows',
        pg_size_pretty(t.total_bytes), pg_size_pretty(t.index_bytes),
        case when t.row_estimate < 0 then 'never counted' else t.row_estimate::bigint::text end
      ),
      'info', null
    from tables as t
    where t.total_bytes is not null
    order by t.total_bytes desc, t.subject
    limit 20
  )
  union all
  select t.subject, 'total_with_indexes', 'not read: it is locked at this moment', 'info', null
  from tables as t
  where t.is_locked
),
-- A row takes an item pointer (4 bytes), a header (23 bytes and a bitmap of nulls, to a multiple of
-- 8) and the average width of its columns, to a multiple of 8. As many as fit share a page. What a
-- table has beyond the pages this needs is free space or dead rows.
row_widths as (
  select
    t.oid,
    4
      + 8 * ceil((23 + case when bool_or(p.null_frac > 0) then ceil(count(*) / 8.0) else 0 end) / 8.0)
      + 8 * ceil(sum((1 - p.null_frac) * p.avg_width)::numeric / 8) as row_bytes,
    count(*) = (
      select count(*) from pg_attribute as a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    ) as is_complete
  from tables as t
  join pg_stats as p on p.schemaname = t.nspname and p.tablename = t.relname and not p.inherited
  group by t.oid
),
bloat (subject, fact, value, judgement, advice) as (
  select
    e.subject, 'estimated_waste',
    format(
      '%s of %s (%s %%)',
      pg_size_pretty(e.waste_bytes), pg_size_pretty(e.heap_bytes), round(e.percent)
    ),
    case when e.percent >= 80 and e.waste_bytes >= 1024 ^ 3 then 'critical' else 'warn' end,
    format(
      'An estimate. New rows reuse it; to give it back: vacuum full %s; (locks it meanwhile) or pg_repack.',
      e.subject
    )
  from (
    select
      t.subject,
      t.relpages * s.block_bytes as heap_bytes,
      (t.relpages - n.pages) * s.block_bytes as waste_bytes,
      100 * (t.relpages - n.pages) / t.relpages as percent
    from tables as t
    join row_widths as w on w.oid = t.oid
    cross join settings as s
    cross join lateral (
      select coalesce((
        select o.option_value::numeric
        from pg_options_to_table(t.reloptions) as o
        where o.option_name = 'fillfactor'
      ), 100) as fillfactor
    ) as f
    cross join lateral (
      select ceil(
        t.row_estimate / greatest(1, floor((s.block_bytes - 24) * f.fillfactor / 100 / w.row_bytes))
      ) as pages
    ) as n
    where w.is_complete and t.relpages > 0 and t.row_estimate >= 0
  ) as e
  where e.waste_bytes >= 10 * 1024 ^ 2 and e.percent >= 40
),
vacuum_limits as (
  select
    t.*,
    coalesce((o.options ->> 'autovacuum_vacuum_threshold')::numeric, s.vacuum_threshold)
      + coalesce((o.options ->> 'autovacuum_vacuum_scale_factor')::numeric, s.vacuum_factor)
      * greatest(t.row_estimate, 0) as dead_row_limit,
    -- The server reads any start of false, off and no; 0 as well.
    coalesce(lower(o.options ->> 'autovacuum_enabled') ~ '^(f|of|n|0)', false) as is_switched_off
  from tables as t
  cross join settings as s
  cross join lateral (
    select coalesce(jsonb_object_agg(p.option_name, p.option_value), '{}') as options
    from pg_options_to_table(t.reloptions) as p
  ) as o
),
vacuum (subject, fact, value, judgement, advice) as (
  select
    v.subject, 'dead_rows',
    format(
      '%s dead, autovacuum begins at %s, last vacuum %s',
      v.n_dead_tup, round(v.dead_row_limit),
      coalesce(to_char(v.vacuumed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), 'never')
    ),
    case when v.n_dead_tup >= 10 * v.dead_row_limit then 'critical' else 'warn' end,
    format('Look for an old open transaction first; then: vacuum (analyze) %s;', v.subject)
  from vacuum_limits as v
  where v.n_dead_tup >= 1000 and v.n_dead_tup >= 2 * v.dead_row_limit
  union all
  select
    v.subject, 'autovacuum', 'switched off for this table', 'warn',
    format('alter table %s reset (autovacuum_enabled);', v.subject)
  from vacuum_limits as v
  where v.is_switched_off
  union all
  select
    v.subject, 'statistics', format('never analyzed, %s rows', v.n_live_tup), 'warn',
    format('The planner guesses: analyze %s;', v.subject)
  from vacuum_limits as v
  where v.analyzed_at is null and v.n_live_tup >= 1000
),
sequential_scans (subject, fact, value, judgement, advice) as (
  select
    t.subject, 'rows_read_by_sequential_scans',
    format(
      '%s rows in %s scans; %s index scans; the table has %s rows',
      t.seq_tup_read, t.seq_scan, coalesce(t.idx_scan, 0), t.n_live_tup
    ),
    'warn',
    'Look among the slow queries for one that filters this table without an index.'
  from tables as t
  where t.is_own
    and t.n_live_tup >= 10000
    and t.seq_scan >= 10
    and t.seq_tup_read / t.seq_scan >= 10000
    and t.seq_tup_read >= 10 * coalesce(t.idx_tup_fetch, 0)
),
foreign_keys (subject, fact, value, judgement, advice) as (
  select
    format('%s.%I', t.subject, k.conname), 'foreign_key_without_index',
    format('(%s) references %s', k.columns, k.confrelid::regclass),
    case when greatest(t.row_estimate, t.n_live_tup, 0) >= 10000 then 'warn' else 'info' end,
    format('create index concurrently on %s (%s);', t.subject, k.columns)
  from (
    select
      o.oid, o.conname, o.conrelid, o.confrelid, o.conkey::integer[] as attnums,
      string_agg(format('%I', a.attname), ', ' order by x.place) as columns
    from pg_constraint as o
    cross join lateral unnest(o.conkey) with ordinality as x (attnum, place)
    join pg_attribute as a on a.attrelid = o.conrelid and a.attnum = x.attnum
    where o.contype = 'f' and o.conparentid = 0
    group by o.oid
  ) as k
  join tables as t on t.oid = k.conrelid
  where t.is_own
    and not exists (
      select from indexes as i
      where i.indrelid = k.conrelid
        and i.is_usable
        -- One that leaves out the nulls of the key alone knows all that refer to something.
        and (
          not i.is_partial
          or i.predicate in (
            select format('(%I IS NOT NULL)', a.attname)
            from pg_attribute as a
            where a.attrelid = k.conrelid and a.attnum = any (k.attnums)
          )
        )
        and i.key_columns >= cardinality(k.attnums)
        -- The first columns in any order serve a look-up by equality.
        and i.attnums[:cardinality(k.attnums)] @> k.attnums
        and i.amname in ('btree', 'hash')
    )
),
unused_indexes (subject, fact, value, judgement, advice) as (
  select
    i.subject, 'unused_index', format('%s, never read', pg_size_pretty(i.bytes)),
    case when s.statistics_since > now() - interval '7 days' then 'info' else 'warn' end,
    format('If no replica and no monthly job reads it: drop index concurrently %s;', i.subject)
  from indexes as i
  cross join settings as s
  where i.is_own
    and i.scans = 0
    and i.bytes >= 1024 ^ 2
    and not (i.indisunique or i.indisprimary or i.indisreplident)
    and not (i.backs_constraint or i.is_of_partition)
),
duplicate_indexes (subject, fact, value, judgement, advice) as (
  select
    i.subject, 'covered_by_another_index',
    format('%s, %s serves the same reads', coalesce(pg_size_pretty(i.bytes), 'size not read'), min(b.subject)),
    'warn',
    format('drop index concurrently %s;', i.subject)
  from indexes as i
  join indexes as b
    on b.indrelid = i.indrelid
    and b.indexrelid <> i.indexrelid
    and b.amname = i.amname
    and b.predicate = i.predicate
    and b.expressions = i.expressions
    and b.is_usable
    and b.attnums[:i.key_columns] = i.attnums[:i.key_columns]
    and b.classes[:i.key_columns] = i.classes[:i.key_columns]
    and b.collations[:i.key_columns] = i.collations[:i.key_columns]
    and b.options[:i.key_columns] = i.options[:i.key_columns]
    and b.key_columns >= i.key_columns
    -- Whatever is only included in the one is in the other.
    and b.attnums @> i.attnums
  where i.is_own
    and not (i.indisprimary or i.indisreplident or i.backs_constraint)
    and not (i.is_of_partition or i.is_partitioned)
    and (
      (
        not i.indisunique
        and (i.amname = 'btree' or (b.key_columns = i.key_columns and b.columns = i.columns))
      )
      -- A unique index is superfluous only beside an equally strict one.
      or (
        i.indisunique and b.indisunique
        and b.key_columns = i.key_columns
        and b.nulls_not_distinct = i.nulls_not_distinct
      )
    )
    -- Of two that cover each other the younger is named, unless only the other keeps a rule.
    and not (
      b.key_columns = i.key_columns
      and b.columns = i.columns
      and b.indisunique = i.indisunique
      and not (b.indisprimary or b.indisreplident or b.backs_constraint)
      and not (b.is_of_partition or b.is_partitioned)
      and b.indexrelid > i.indexrelid
    )
  group by i.subject, i.bytes
),
invalid_indexes (subject, fact, value, judgement, advice) as (
  select
    i.subject, 'invalid_index', 'not read, but written to', 'critical',
    format('reindex index concurrently %s; or drop index concurrently %s;', i.subject, i.subject)
  from indexes as i
  where not i.is_usable
    and not i.is_partitioned
    and not exists (select from pg_stat_progress_create_index as p where p.index_relid = i.indexrelid)
),
wraparound (subject, fact, value, judgement, advice) as (
  select
    a.subject, a.fact,
    format('%s of %s (%s %% of what is possible)', a.age, a.limit_age, round(a.age / 21474836.48)),
    case
      when a.age >= 1600000000 then 'critical'
      when a.age >= 1000000000 or a.age >= 1.1 * a.limit_age then 'warn'
      else 'ok'
    end,
    case when a.age >= 1000000000 or a.age >= 1.1 * a.limit_age
      then 'Autovacuum does not keep up. End what the section old snapshots names; then vacuum (freeze) '
        'the oldest tables.'
    end
  from (
    select
      d.datname::text as subject,
      'transaction_age' as fact,
      age(d.datfrozenxid)::numeric as age,
      s.freeze_max_age as limit_age
    from pg_database as d cross join settings as s
    where d.datallowconn
    union all
    select d.datname::text, 'multixact_age', mxid_age(d.datminmxid)::numeric, s.multixact_freeze_max_age
    from pg_database as d cross join settings as s
    where d.datallowconn
  ) as a
),
xmin_holders (subject, fact, value, judgement, advice) as (
  select
    h.subject, h.fact, format('%s transactions back', h.age),
    case when h.age >= 100000000 then 'critical' else 'warn' end,
    h.advice
  from (
    select format('slot %I', r.slot_name) as subject, 'replication_slot' as fact,
      greatest(age(r.xmin), age(r.catalog_xmin))::numeric as age,
      format('If nobody reads it any more: select pg_drop_replication_slot(%L);', r.slot_name) as advice
    from pg_replication_slots as r
    union all
    select format('prepared %L', p.gid), 'prepared_transaction', age(p.transaction)::numeric,
      format('rollback prepared %L;', p.gid)
    from pg_prepared_xacts as p
    where p.database = current_database()
    union all
    select s.subject, 'session', s.xmin_age::numeric, format('select pg_terminate_backend(%s);', s.pid)
    from sessions as s
  ) as h
  where h.age >= 1000000
),
sequences (subject, fact, value, judgement, advice) as (
  select
    u.subject, 'used_up', format('%s %% of %s', round(u.percent), u.highest),
    case when u.percent >= 90 then 'critical' else 'warn' end,
    format(
      'Widen the column to bigint before it runs out: %s',
      coalesce(u.column_subject, 'see where it is used')
    )
  from (
    select
      format('%I.%I', n.nspname, c.relname) as subject,
      f.column_subject,
      least(q.seqmax, f.highest) as highest,
      100.0 * v.last_value / least(q.seqmax, f.highest) as percent
    from pg_sequence as q
    join pg_class as c on c.oid = q.seqrelid
    join pg_namespace as n on n.oid = c.relnamespace
    -- Reading a sequence waits for whoever alters it.
    cross join lateral (
      select case
        when has_sequence_privilege(q.seqrelid, 'select, usage') and not exists (
          select from pg_locks as l
          where l.locktype = 'relation'
            and l.relation = q.seqrelid
            and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        ) then pg_sequence_last_value(q.seqrelid)
      end as last_value
    ) as v
    left join lateral (
      select
        format('%s.%I', d.refobjid::regclass, a.attname) as column_subject,
        case a.atttypid
          when 'smallint'::regtype then 32767
          when 'integer'::regtype then 2147483647
        end::bigint as highest
      from pg_depend as d
      join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass
        and d.objid = q.seqrelid
        and d.refclassid = 'pg_class'::regclass
        and d.deptype in ('a', 'i')
      limit 1
    ) as f on true
    where q.seqincrement > 0 and not q.seqcycle
  ) as u
  where u.percent >= 75
),
-- The extension may be in any schema, or missing. A query in a text is not looked at before it is
-- run, and the answer comes in base64: a query somebody sent could hold what no XML may.
statement_rows as (
  select
    convert_from(
      decode(substring(x.answer::text from '<rows>([^<]*)</rows>'), 'base64'), 'UTF8'
    )::jsonb as rows
  from (
    select case when e.is_loaded and e.is_readable then query_to_xml(
      format(
        $query$
          select translate(
            encode(convert_to(coalesce(jsonb_agg(to_jsonb(q)), '[]')::text, 'UTF8'), 'base64'), E'\n', ''
          ) as rows
          from (
            select s.queryid::text, sum(s.calls) as calls, sum(s.total_exec_time) as total_ms,
              sum(s.total_exec_time) / nullif(sum(s.calls), 0) as mean_ms,
              sum(sum(s.total_exec_time)) over () as all_ms,
              left(regexp_replace(min(s.query), '\s+', ' ', 'g'), 300) as query
            from %s as s
            where s.dbid = (select d.oid from pg_database as d where d.datname = current_database())
            group by s.queryid
            order by total_ms desc
            limit 20
          ) as q
        $query$,
        e.view_name
      ), true, false, ''
    ) end as answer
    from (
      select
        format('%I.pg_stat_statements', n.nspname) as view_name,
        has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as is_readable,
        exists (select from pg_settings as g where g.name = 'pg_stat_statements.max') as is_loaded
      from pg_extension as x
      join pg_namespace as n on n.oid = x.extnamespace
      join pg_class as c on c.relnamespace = n.oid and c.relname = 'pg_stat_statements'
      where x.extname = 'pg_stat_statements'
    ) as e
  ) as x
),
slow_queries (subject, fact, value, judgement, advice) as (
  select
    format('queryid %s', coalesce(q.queryid, 'hidden')), 'mean_ms',
    format(
      '%s ms x %s calls, %s %% of all time: %s',
      round(q.mean_ms, 1), q.calls, round(100 * q.total_ms / nullif(q.all_ms, 0)), q.query
    ),
    case
      when q.calls < 50 or q.mean_ms < 100 then 'info'
      when q.mean_ms >= 1000 then 'critical'
      else 'warn'
    end,
    case when q.calls >= 50 and q.mean_ms >= 100 then 'explain (analyze, buffers) it with usual parameters.' end
  from statement_rows as r
  cross join lateral jsonb_to_recordset(r.rows)
    as q (queryid text, calls numeric, total_ms numeric, mean_ms numeric, all_ms numeric, query text)
  union all
  select
    'pg_stat_statements', 'not available', 'the extension is missing, not loaded, or not yours to read', 'info',
    'create extension pg_stat_statements with schema extensions;'
  where not exists (select from statement_rows as r where r.rows is not null)
),
findings (place, section, subject, fact, value, judgement, advice) as (
  select 1, 'server', x.* from server as x
  union all
  select 2, 'connections', x.* from connections as x
  union all
  select 3, 'long transactions', x.* from transactions as x
  union all
  select 4, 'locks', x.* from locks as x
  union all
  select 5, 'old snapshots', x.* from xmin_holders as x
  union all
  select 6, 'wraparound', x.* from wraparound as x
  union all
  select 7, 'cache', x.* from cache as x
  union all
  select 8, 'slow queries', x.* from slow_queries as x
  union all
  select 9, 'table sizes', x.* from table_sizes as x
  union all
  select 10, 'table bloat', x.* from bloat as x
  union all
  select 11, 'vacuum', x.* from vacuum as x
  union all
  select 12, 'sequential scans', x.* from sequential_scans as x
  union all
  select 13, 'foreign keys', x.* from foreign_keys as x
  union all
  select 14, 'invalid indexes', x.* from invalid_indexes as x
  union all
  select 15, 'duplicate indexes', x.* from duplicate_indexes as x
  union all
  select 16, 'unused indexes', x.* from unused_indexes as x
  union all
  select 17, 'sequences', x.* from sequences as x
),
quiet_sections (place, section) as (
  values
    (3, 'long transactions'), (4, 'locks'), (5, 'old snapshots'), (9, 'table sizes'), (10, 'table bloat'),
    (11, 'vacuum'), (12, 'sequential scans'), (13, 'foreign keys'), (14, 'invalid indexes'),
    (15, 'duplicate indexes'), (16, 'unused indexes'), (17, 'sequences')
)
select r.section, r.subject, r.fact, r.value, r.judgement, r.advice
from (
  select f.* from findings as f
  union all
  -- Silence about the sessions of others is an all-clear only for a role that sees them.
  select
    q.place, q.section, 'all', 'findings',
    case when p.may_read or q.place > 5 then 'none' else 'not visible to this role' end,
    case when p.may_read or q.place > 5 then 'ok' else 'warn' end,
    null
  from quiet_sections as q
  cross join privileges as p
  where not exists (select from findings as f where f.place = q.place)
) as r
order by r.place, array_position(array['critical', 'warn', 'ok', 'info'], r.judgement), r.subject collate "C", r.fact;
