-- A number taken from a sequence that all tenants share tells how many rows the others made; setval spoils it for all.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(9);

create view tests.sequences as
  select c.oid, format('%I.%I', n.nspname, c.relname) as name from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind = 'S' and n.nspname !~ '^(pg_|information_schema$|auth$|tests$)'
    and exists (select from unnest(array['anon', 'authenticated', 'service_role']) as r where has_schema_privilege(r,
      n.oid, 'usage'));
create view tests.held as
  select s.name, r as role from tests.sequences as s, unnest(array['anon', 'authenticated']) as r
  where has_sequence_privilege(r, s.oid, 'usage, select, update');
-- The values that a caller is handed: ids and defaults.
create view tests.counted as
  select t.name, a.attname from tests.tables as t
  join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef as d on d.adrelid = t.oid and d.adnum = a.attnum
  where a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) ~ 'nextval';

select is_empty('select * from tests.held', 'S4 no sequence is in the hands of users or visitors');
select is_empty('select * from tests.counted', 'S4 no column of ours counts through all tenants');
select is_empty(
  $$select t.name, t.tenant_column from tests.holders as t
    where t.is_enrolled and not exists (select from pg_attribute as a
      where a.attrelid = t.oid and a.attname = 'id' and a.atttypid = 'uuid'::regtype)$$,
  'S4 ids are uuids: none tells how many came before it'
);
-- Of two ids made one after the other by two tenants only the time shows: the rest is chance.
select is(
  (select count(distinct right(private.uuid_v7()::text, 12)) from generate_series(1, 1000)), 1000::bigint,
  'S4 the rest of an id is another every time'
);

-- Planted: what a serial column hands out, and that the rules see it. (Supabase's old defaults grant the sequence too.)
create table public.careless (
  tenant_id uuid not null, id uuid not null default private.uuid_v7(), number serial,
    constraint careless_pkey primary key (tenant_id, id)
);
call private.enroll('public.careless', read => 'viewer', write => 'member', insertable => '{tenant_id}');
insert into public.careless (tenant_id) select tests.tenant_id('globex') from generate_series(1, 41);
grant usage, select on sequence public.careless_number_seq to authenticated;
select is(
  tests.value_as('acme_member',
    $$insert into public.careless (tenant_id) values (tests.tenant_id('acme')) returning number$$), '42',
  'S4 by a serial a member of one tenant learns how many rows the other has'
);
select is((select array_agg(distinct name) from tests.held), '{public.careless_number_seq}', 'S4 the grant is noticed');
select is((select array_agg(name || ' ' || attname) from tests.counted), '{public.careless number}',
  'S4 and the column');
revoke all on sequence public.careless_number_seq from anon, authenticated;
select is_empty(
  $$select statement, tests.answer('acme_owner', statement)
    from (values ('select nextval(''public.careless_number_seq'')'),
    ('select setval(''public.careless_number_seq'', 1)'), ('select last_value from public.careless_number_seq'),
    ('select pg_sequence_last_value(''public.careless_number_seq'')')) as v (statement)
    where tests.answer('acme_owner', statement) <> '42501 permission denied for sequence careless_number_seq'$$,
  'S4 a sequence that is not granted is neither moved, set nor read'
);
select is_empty(
  $$select who, tests.value_as(who, 'select last_value from pg_sequences where schemaname = ''public''')
    from unnest(array['acme_owner', 'stranger', 'visitor']) as who
    where tests.value_as(who, 'select last_value from pg_sequences where schemaname = ''public''') is not null$$,
  'S4 nor looked up in the catalogue'
);

select * from finish();
rollback;
