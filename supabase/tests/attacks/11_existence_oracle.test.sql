-- A key that is taken, a row that is there, a parent that exists: whatever another tenant holds, the answer to a
-- statement that meets it is that to one that meets nothing. Every unique key and every foreign key of every table.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(8);

-- Every key, and the columns in which its values are found: of a unique key the table's own, of a foreign key the
-- parent's.
create table tests.keys as
  select e.relation, e.tenant_column, k.name, k.kind, k.oid as child, k.source, coalesce(e.owner_column,
    '-') as owner_column,
    e.update_columns, coalesce(h.tenant_column, '-') as source_tenant, k.numbers, k.source_numbers
  from private.enrollments as e
  join (
    select i.indrelid as oid, i.indexrelid::regclass::text as name, 'unique' as kind, i.indrelid as source,
      k.numbers, k.numbers as source_numbers
    from pg_index as i
    -- Without the columns that an index carries beside its key.
    cross join lateral (select (i.indkey::smallint[])[0:i.indnkeyatts - 1] as numbers) as k
    where i.indisunique
    union all
    select c.conrelid, c.conname, 'foreign', c.confrelid, c.conkey, c.confkey from pg_constraint as c
      where c.contype = 'f'
  ) as k on k.oid = e.relation::regclass
  left join tests.holders as h on h.oid = k.source;
-- What Globex has in the columns of a key, without the tenant, under their names in the table; or values that nobody
-- has.
create function tests.key_of(k tests.keys, is_real boolean) returns jsonb language plpgsql as $$
declare
  v_row jsonb;
begin
  execute format('select to_jsonb(t) from %s as t where to_jsonb(t) ->> %L = $1 order by t::text limit 1',
    k.source::regclass,
      case k.source_tenant when '-' then 'id' else k.source_tenant end)
    into v_row using (case k.source_tenant when '-' then tests.user_id('globex_member') else tests.tenant_id('globex') end)::text;
  return (
    select coalesce(jsonb_object_agg(c.attname, case
      when is_real or v_row -> s.attname = 'null' then v_row -> s.attname
      else tests.another_value(k.source, s.attname) end), '{}')
    from unnest(k.numbers, k.source_numbers) as n (child, source)
    join pg_attribute as c on c.attrelid = k.child and c.attnum = n.child
    join pg_attribute as s on s.attrelid = k.source and s.attnum = n.source
    where c.attname <> k.tenant_column
  );
end
$$;

-- Each put into the intruder's own tenant, and into the victim's and one that is not there; by each way of putting.
create table tests.questions as
  select k.name, k.kind, p.place, w.way, r.is_real, tests.copy_of(k.relation, 'acme',
    tests.key_of(k, r.is_real)
      || jsonb_build_object(k.owner_column, tests.user_id('acme_owner'))
      || case p.place when 'own' then '{}' else jsonb_build_object(k.tenant_column,
        tests.tenant_id(case when r.is_real then 'globex' else 'nowhere' end)) end
    ) || w.way as statement
  from tests.keys as k
  cross join (values ('own'), ('theirs')) as p (place)
  cross join (values (''), (' on conflict do nothing'), (' returning *')) as w (way)
  cross join (values (true), (false)) as r (is_real);
create view tests.told as
  select q.name, q.kind, q.place, q.way, tests.answer('acme_owner', q.statement) as to_real, tests.answer('acme_owner',
    m.statement) as to_made_up
  from tests.questions as q join tests.questions as m using (name, kind, place, way)
  where q.is_real and not m.is_real;

select cmp_ok((select count(*) from tests.keys where kind = 'unique'), '>=', 15::bigint, 'S4 there are unique keys');
select cmp_ok((select count(*) from tests.keys where kind = 'foreign'), '>=', 15::bigint, 'S4 and foreign keys');
select is_empty('select * from tests.told where to_real <> to_made_up',
  'S4 what is there answers like what is not, to the letter');
select isnt_empty($$select from tests.told where to_made_up ~ '^1 rows'$$, 'S4 among the answers are rows put in');
select isnt_empty($$select from tests.told where to_real ~ '^23503 .* Key is not present in table "\w+"\.$'$$,
  'S4 references refused, without a word of the values');
select is_empty($$select * from tests.told where place = 'theirs' and to_real !~ '^42501 '$$,
  'S4 and all that is meant for the victim');

-- An update that meets a key: the address of a tenant is the one name that all of them share, and is known to be.
create table tests.updates as
  select k.relation, k.name, r.is_real, format('update %s set %I = %L where %I = tests.tenant_id(''acme'')',
    k.relation, c, v ->> c, k.tenant_column) as statement
  from tests.keys as k
  cross join (values (true), (false)) as r (is_real)
  cross join lateral tests.key_of(k, r.is_real) as v
  cross join lateral jsonb_object_keys(v) as c
  where c = any (k.update_columns) and v ->> c is not null;
select set_eq(
  $$select u.name from tests.updates as u join tests.updates as m using (relation, name) where u.is_real
    and not m.is_real
    and tests.answer('acme_owner', u.statement) <> tests.answer('acme_owner', m.statement)$$,
  $$values ('tenants_slug_key')$$,
    'S4 an update tells no more, but for the addresses of tenants, which are everybody''s'
);
select cmp_ok((select count(*) from tests.updates where is_real), '>=', 3::bigint, 'S4 there are keys to update');

select * from finish();
rollback;
