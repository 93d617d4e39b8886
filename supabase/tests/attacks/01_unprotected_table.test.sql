-- Row level security off, on without grants taken back, or void because the API may become the owner: in every schema
-- that a role of the API may use, whoever made the table.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(10);

create view tests.usable_tables as
  select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity, c.relowner
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'f') and n.nspname !~ '^(pg_|information_schema$|tests$)'
    and exists (
      select from unnest(array['anon', 'authenticated', 'service_role']) as r where has_schema_privilege(r, n.oid,
        'usage')
    );
create view tests.unprotected as
  select t.name from tests.usable_tables as t
  where not t.relrowsecurity
    and exists (
      select from unnest(array['anon', 'authenticated']) as r
      where has_any_column_privilege(r, t.oid, 'select, insert, update, references')
        or has_table_privilege(r, t.oid, 'delete, truncate, trigger')
    );

select cmp_ok((select count(*) from tests.usable_tables), '>', 30::bigint,
  'S2 the API roles may use schemas with many tables');
select is_empty('select * from tests.unprotected', 'S2 none of them is open');
select is_empty(
  $$select t.name, r from tests.usable_tables as t, unnest(array['anon', 'authenticated', 'service_role',
    'authenticator']) as r
    where pg_has_role(r, t.relowner, 'member')$$,
  'S2 none belongs to a role that the API can become: an owner is bound by no policy'
);

-- Attacked, and not only looked at.
select is_empty(
  $$select who, name, tests.answer(who, 'select from ' || name)
    from tests.usable_tables cross join (values ('visitor'), ('stranger')) as w (who)
    where name <> 'public.users' and tests.answer(who, 'select from ' || name)
      !~ '^(0 rows$|42501 permission denied)'$$,
  'S2 a visitor and a member of no tenant read no row of any'
);
select is(tests.answer('visitor', 'select from public.users'), '42501 permission denied for table users',
  'S2 nor a visitor the profiles');
select is(tests.answer('stranger', 'select from public.users'), '1 rows', 'C2 of which a stranger sees their own');
select is_empty(
  $$select name from tests.holders where tests.answer('operator', 'select from ' || name) = '0 rows'$$,
  'S2 the rows are there'
);

-- The rule notices what a careless migration makes.
create table public.careless (tenant_id uuid);
grant select on public.careless to authenticated;
select is((select array_agg(name) from tests.unprotected), '{public.careless}',
  'S2 a table without row level security is noticed');
alter table public.careless enable row level security;
select is_empty('select * from tests.unprotected', 'S2 and no longer when it is on');
insert into public.careless values (tests.tenant_id('globex'));
select is(tests.answer('acme_owner', 'select from public.careless'), '0 rows',
  'S2 on, without a policy, it shows nothing');

select * from finish();
rollback;
