-- A plain view reads, and writes, as its owner. Each view anywhere in our schemas, through each kind of caller.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(9);

create table tests.views as
  select r.oid, r.name, r.schema, has_table_privilege('authenticated', r.oid, 'select') as is_readable
  from tests.relations as r where r.relkind = 'v';
create view tests.serving as select name from tests.views where is_readable and name <> 'private.my_reach';
select cmp_ok((select count(*) from tests.serving), '>=', 6::bigint, 'S4 there are views to read');
select is_empty(
  $$select who, name from tests.serving, unnest(array['acme_owner', 'acme_customer', 'acme_inactive',
    'stranger']) as who
    where tests.leak_in(tests.shown_to(who, 'select * from ' || name)) is not null$$,
  'S4 none shows anything of another tenant'
);
select is_empty(
  $$select name from tests.serving where tests.leak_in(tests.shown_to('globex_owner', 'select * from '
    || name)) is null$$,
  'S4 each shows it to those whose it is'
);
select is_empty(
  $$select who, name, tests.answer(who, 'select from ' || name)
    from (select 'visitor' as who, name from tests.views union all select 'acme_owner', name from tests.views
      where not is_readable) as v
    where tests.answer(who, 'select from ' || name) not like '42501 permission denied for %'$$,
  'S4 a visitor reads none, nor a member one that is not for members'
);
select is(tests.answer('acme_owner', 'select from private.my_reach'), '1 rows',
  'S1 of reach a caller sees their own row');
select is(
  tests.leak_in(tests.shown_to('acme_owner', 'select * from private.my_reach')), null,
    'S1 with nothing of another tenant'
);

-- A simple view can be written through, with the rights of its owner.
select is_empty(
  $$select who, name, statement, tests.answer(who, format(statement, name))
    from tests.views
    cross join (values ('acme_owner'), ('platform_admin'), ('service')) as w (who)
    cross join (values ('delete from %s'), ('insert into %s default values'),
      ('delete from %s returning *')) as s (statement)
    where tests.answer(who, format(statement, name)) !~ '^(42501 permission denied for |55000 cannot )'$$,
  'S4 nobody deletes or inserts through a view'
);
select is_empty(
  $$select v.name, a.attname, tests.answer('acme_owner', format('update %s set %I = null', v.name, a.attname))
    from tests.views as v join pg_attribute as a on a.attrelid = v.oid and a.attnum > 0
    where tests.answer('acme_owner', format('update %s set %I = null', v.name, a.attname))
      !~ '^(42501 permission denied for |55000 cannot |0A000 cannot )'$$,
  'S4 or changes a column'
);

-- What the attack sees through a view as Postgres makes it when nothing is said.
create view public.careless as select * from public.conversations;
grant select on public.careless to authenticated;
select isnt(tests.leak_in(tests.shown_to('acme_owner', 'select * from public.careless')), null,
  'S4 a view without security_invoker is a hole, and is seen');

select * from finish();
rollback;
