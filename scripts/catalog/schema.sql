-- The schema of a database as rows (kind, name, definition), read from pg_catalog. Run with an empty search_path, so that
-- every name is printed with its schema. Parameters: $1 schemas of the platform, $2 whether partitions count.
-- The platform's own objects are left out; what migrations hang on them (triggers, policies, grants) is in.
-- Each definition is a list of lines "property: value"; a property that has its default is left out.

with
schemas as (
  select n.oid, n.nspname, n.nspname = any ($1::text[]) as is_platform
  from pg_namespace as n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
),
ours as (select * from schemas where not is_platform),
-- Parts of an extension are described by its version.
members as (select d.classid, d.objid from pg_depend as d where d.deptype = 'e'),
relations as (
  select c.*, n.is_platform, format('%I.%I', n.nspname, c.relname) as name,
    -- What the server copies from the parent table to its partitions is not ours to compare when they do not count.
    c.relispartition as is_partition
  from pg_class as c
  join schemas as n on n.oid = c.relnamespace
  where not exists (select from members as m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
    and ($2 or not c.relispartition)
),
tables as (select * from relations where relkind in ('r', 'p', 'v', 'm', 'f', 'c') and not is_platform),

entries (kind, name, definition) as (
  select 'schema', quote_ident(n.nspname), concat_ws(E'\n',
    'owner: ' || pg_get_userbyid(n.nspowner),
    'grants: ' || (select string_agg(a::text, ' ' order by a::text) from unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a))
  from pg_namespace as n
  join ours as o on o.oid = n.oid

  union all
  select 'database', 'this one',
    'grants: ' || (
      select string_agg(a::text, ' ' order by a::text) from unnest(coalesce(d.datacl, acldefault('d', d.datdba))) as a
    )
  from pg_database as d
  where d.datname = current_database()

  union all
  select
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'c' then 'composite type'
      when 'f' then 'foreign table' else 'table' end,
    c.name,
    concat_ws(E'\n',
      'owner: ' || pg_get_userbyid(c.relowner),
      case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end,
      'options: ' || array_to_string(c.reloptions, ', '),
      'toast options: ' || (select array_to_string(t.reloptions, ', ') from pg_class as t where t.oid = c.reltoastrelid),
      'access method: ' || (select a.amname from pg_am as a where a.oid = c.relam and a.amname <> 'heap'),
      'tablespace: ' || (select t.spcname from pg_tablespace as t where t.oid = c.reltablespace),
      case when c.relrowsecurity then 'row level security: on' end,
      case when c.relforcerowsecurity then 'row level security: forced' end,
      case when c.relkind = 'm' and not c.relispopulated then 'not populated' end,
      case c.relreplident when 'n' then 'replica identity: nothing' when 'f' then 'replica identity: full' when 'i' then 'replica identity: index' end,
      'partitioned by: ' || pg_get_partkeydef(c.oid),
      'inherits: ' || (select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno) from pg_inherits as i where i.inhrelid = c.oid),
      'bound: ' || pg_get_expr(c.relpartbound, c.oid),
      'of type: ' || nullif(c.reloftype, 0)::regtype::text,
      case when exists (select from pg_trigger as t where t.tgrelid = c.oid and t.tgisinternal and t.tgenabled <> 'O')
        then 'foreign keys: switched off' end,
      'grants: ' || (select string_agg(a::text, ' ' order by a::text) from unnest(coalesce(c.relacl, acldefault('r', c.relowner))) as a),
      case when c.relkind in ('v', 'm') then E'definition:\n' || pg_get_viewdef(c.oid) end)
  from tables as c

  union all
  select 'column', format('%s.%I', c.name, a.attname), concat_ws(E'\n',
    -- The rank and not attnum: a dropped column leaves a hole that no one can see.
    'position: ' || row_number() over (partition by a.attrelid order by a.attnum),
    'type: ' || format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    case when a.attgenerated = '' then 'default: ' else 'generated: ' end || pg_get_expr(d.adbin, d.adrelid),
    'identity: ' || nullif(a.attidentity::text, ''),
    'collation: ' || (select l.oid::regcollation::text from pg_collation as l where l.oid = a.attcollation and l.oid <> t.typcollation),
    'storage: ' || case when a.attstorage <> t.typstorage then a.attstorage::text end,
    'compression: ' || nullif(a.attcompression::text, ''),
    'statistics: ' || nullif(a.attstattarget, -1),
    -- pg_attver is the server's own: newer minor versions (15.20) keep there when a column was last changed.
    'options: ' || (
      select string_agg(o, ', ' order by place) from unnest(a.attoptions) with ordinality as u (o, place)
      where o !~ '^pg_attver='
    ),
    case when not a.attislocal then 'inherited' end,
    'grants: ' || (select string_agg(g::text, ' ' order by g::text) from unnest(a.attacl) as g))
  from pg_attribute as a
  join tables as c on c.oid = a.attrelid
  join pg_type as t on t.oid = a.atttypid
  left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped

  union all
  select 'constraint', format('%I on %s', k.conname, coalesce(c.name, k.contypid::regtype::text)), concat_ws(E'\n',
    'definition: ' || pg_get_constraintdef(k.oid),
    case when not k.convalidated then 'not validated' end,
    case when k.condeferrable then 'deferrable' end,
    case when k.condeferred then 'deferred' end,
    case when not k.conislocal then 'inherited' end)
  from pg_constraint as k
  left join relations as c on c.oid = k.conrelid
  where k.connamespace in (select oid from ours) and (c.oid is not null or k.contypid <> 0) and k.contype <> 't'

  union all
  select 'index', i.indexrelid::regclass::text, concat_ws(E'\n',
    'definition: ' || pg_get_indexdef(i.indexrelid),
    case when not i.indisvalid then 'not valid' end,
    case when not i.indisready then 'not ready' end,
    case when i.indisclustered then 'clustered' end,
    case when i.indisreplident then 'replica identity' end,
    'statistics: ' || (select string_agg(a.attnum || '=' || a.attstattarget, ' ' order by a.attnum) from pg_attribute as a
      where a.attrelid = i.indexrelid and a.attstattarget >= 0),
    'inherits: ' || (select h.inhparent::regclass::text from pg_inherits as h where h.inhrelid = i.indexrelid))
  from pg_index as i
  join tables as c on c.oid = i.indrelid

  union all
  select 'sequence', c.name, concat_ws(E'\n',
    'owner: ' || pg_get_userbyid(c.relowner),
    format('type: %s, start %s, by %s, from %s to %s, cache %s, cycle %s', format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle),
    'owned by: ' || (select format('%s.%I', d.refobjid::regclass, a.attname) from pg_depend as d
      join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass),
    'grants: ' || (select string_agg(a::text, ' ' order by a::text) from unnest(coalesce(c.relacl, acldefault('s', c.relowner))) as a))
  from relations as c
  join pg_sequence as s on s.seqrelid = c.oid
  where not c.is_platform

  union all
  select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
    concat_ws(E'\n',
      'owner: ' || pg_get_userbyid(p.proowner),
      'grants: ' || (select string_agg(a::text, ' ' order by a::text) from unnest(coalesce(p.proacl, acldefault('f', p.proowner))) as a),
      case when p.prokind <> 'a' then pg_get_functiondef(p.oid)
        else (select (to_jsonb(g) - 'aggfnoid')::text from pg_aggregate as g where g.aggfnoid = p.oid) end)
  from pg_proc as p
  join ours as n on n.oid = p.pronamespace
  where not exists (select from members as m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)

  union all
  select 'trigger', format('%I on %s', t.tgname, c.name),
    concat_ws(E'\n', pg_get_triggerdef(t.oid), 'fires: ' || case t.tgenabled when 'D' then 'never' when 'R' then 'on replicas' when 'A' then 'always' end)
  from pg_trigger as t
  join relations as c on c.oid = t.tgrelid
  where not t.tgisinternal

  union all
  select 'policy', format('%I on %s', p.polname, c.name), concat_ws(E'\n',
    'for: ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    case when not p.polpermissive then 'restrictive' end,
    'to: ' || (select string_agg(case r when 0 then 'public' else pg_get_userbyid(r) end, ', ' order by pg_get_userbyid(r)) from unnest(p.polroles) as r),
    'using: ' || pg_get_expr(p.polqual, p.polrelid),
    'check: ' || pg_get_expr(p.polwithcheck, p.polrelid))
  from pg_policy as p
  join relations as c on c.oid = p.polrelid

  union all
  select 'rule', format('%I on %s', r.rulename, c.name), concat_ws(E'\n', pg_get_ruledef(r.oid), 'fires: ' || nullif(r.ev_enabled::text, 'O'))
  from pg_rewrite as r
  join tables as c on c.oid = r.ev_class
  where r.rulename <> '_RETURN'

  union all
  select case t.typtype when 'e' then 'enum' when 'd' then 'domain' else 'range' end, format('%I.%I', n.nspname, t.typname),
    concat_ws(E'\n',
      'owner: ' || pg_get_userbyid(t.typowner),
      'grants: ' || (select string_agg(a::text, ' ' order by a::text) from unnest(coalesce(t.typacl, acldefault('T', t.typowner))) as a),
      'values: ' || (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum as e where e.enumtypid = t.oid),
      'type: ' || format_type(nullif(t.typbasetype, 0), t.typtypmod),
      case when t.typnotnull then 'not null' end,
      'default: ' || t.typdefault,
      'collation: ' || (select l.oid::regcollation::text from pg_collation as l where l.oid = t.typcollation and t.typtype = 'd'),
      'range: ' || (select (to_jsonb(r) - 'rngtypid' - 'rngmultitypid')::text from pg_range as r where r.rngtypid = t.oid))
  from pg_type as t
  join ours as n on n.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'r') and not exists (select from members as m where m.classid = 'pg_type'::regclass and m.objid = t.oid)

  union all
  select 'statistics', format('%I.%I', n.nspname, s.stxname), concat_ws(E'\n', pg_get_statisticsobjdef(s.oid), 'target: ' || nullif(s.stxstattarget, -1))
  from pg_statistic_ext as s
  join ours as n on n.oid = s.stxnamespace

  union all
  -- The rarer kinds by name only.
  select o.type, o.identity, 'owner: ' || pg_get_userbyid(r.owner)
  from (
    select 'pg_collation'::regclass as class, oid, collnamespace as namespace, collowner as owner from pg_collation
    union all select 'pg_operator'::regclass, oid, oprnamespace, oprowner from pg_operator
    union all select 'pg_opclass'::regclass, oid, opcnamespace, opcowner from pg_opclass
    union all select 'pg_opfamily'::regclass, oid, opfnamespace, opfowner from pg_opfamily
    union all select 'pg_conversion'::regclass, oid, connamespace, conowner from pg_conversion
    union all select 'pg_ts_config'::regclass, oid, cfgnamespace, cfgowner from pg_ts_config
    union all select 'pg_ts_dict'::regclass, oid, dictnamespace, dictowner from pg_ts_dict
    union all select 'pg_foreign_server'::regclass, oid, (select min(oid::bigint)::oid from ours), srvowner from pg_foreign_server
  ) as r
  cross join lateral pg_identify_object(r.class, r.oid, 0) as o
  where r.namespace in (select oid from ours) and not exists (select from members as m where m.classid = r.class and m.objid = r.oid)

  union all
  select 'extension', quote_ident(e.extname), format(E'version: %s\nschema: %I', e.extversion, n.nspname)
  from pg_extension as e
  join pg_namespace as n on n.oid = e.extnamespace

  union all
  select 'publication', quote_ident(p.pubname), concat_ws(E'\n',
    'owner: ' || pg_get_userbyid(p.pubowner),
    format('all tables %s, insert %s, update %s, delete %s, truncate %s, via root %s', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot))
  from pg_publication as p
  union all
  select 'published table', format('%s in %I', r.prrelid::regclass, p.pubname), concat_ws(E'\n',
    'columns: ' || (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute as a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::smallint[])),
    'where: ' || pg_get_expr(r.prqual, r.prrelid))
  from pg_publication_rel as r
  join pg_publication as p on p.oid = r.prpubid
  union all
  select 'published schema', format('%s in %I', r.pnnspid::regnamespace, p.pubname), ''
  from pg_publication_namespace as r
  join pg_publication as p on p.oid = r.pnpubid

  union all
  select 'event trigger', quote_ident(e.evtname), concat_ws(E'\n',
    format('on %s execute %s, fires %s', e.evtevent, e.evtfoid::regprocedure, e.evtenabled), 'tags: ' || array_to_string(e.evttags, ', '))
  from pg_event_trigger as e
  where pg_get_userbyid(e.evtowner) !~ '^supabase_'

  union all
  select 'default privileges', format('%s on %s in %s', pg_get_userbyid(d.defaclrole),
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end,
      coalesce(nullif(d.defaclnamespace, 0)::regnamespace::text, 'all schemas')),
    'grants: ' || coalesce((select string_agg(a::text, ' ' order by a::text) from unnest(d.defaclacl) as a), '')
  from pg_default_acl as d
  where pg_get_userbyid(d.defaclrole) !~ '^supabase_'

  union all
  select 'setting', format('%s = %s', coalesce(pg_get_userbyid(nullif(s.setrole, 0)), 'everybody'), c), ''
  from pg_db_role_setting as s
  cross join lateral unnest(s.setconfig) as c
  where s.setdatabase = (select d.oid from pg_database as d where d.datname = current_database())

  union all
  -- Grants that postgres made on the platform's tables and functions.
  select 'grant', g.name, string_agg(g.line, E'\n' order by g.line)
  from (
    select c.name, format('%s to %s', x.privilege_type, case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end) as line
    from relations as c
    cross join lateral aclexplode(c.relacl) as x
    where c.is_platform and pg_get_userbyid(x.grantor) = 'postgres'
    union all
    select p.oid::regprocedure::text, format('%s to %s', x.privilege_type, case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end)
    from pg_proc as p
    join schemas as n on n.oid = p.pronamespace and n.is_platform
    cross join lateral aclexplode(p.proacl) as x
    where pg_get_userbyid(x.grantor) = 'postgres'
  ) as g
  group by g.name

  union all
  select 'comment', format('%s %s', o.type, o.identity), d.description
  from pg_description as d
  cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) as o
  -- Objects made after initdb, and schema public.
  where (d.objoid >= 16384 or o.type = 'schema' and o.identity = 'public')
    and not exists (select from members as m where m.classid = d.classoid and m.objid = d.objoid)
    and coalesce(substring(o.identity from ' on ([^. ]+)\.'), split_part(o.identity, '.', 1)) <> all ($1::text[])
    and ($2 or not exists (select from pg_class as c where d.classoid = 'pg_class'::regclass and c.oid = d.objoid and c.relispartition))
)
select e.kind, e.name, e.definition from entries as e
