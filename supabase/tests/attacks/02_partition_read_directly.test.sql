-- Policies act through the parent only: each partition, read past it, would show the rows of every tenant.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(10);

create table tests.partitions as select name from tests.tables where relispartition;
select is_empty(
  $$select t.name from tests.tables as t where t.relkind = 'p' and not exists (
    select from pg_inherits as i where i.inhparent = t.oid
      and tests.answer('operator', 'select from ' || i.inhrelid::regclass) <> '0 rows')$$,
  'S4 every partitioned table has a partition with rows'
);
select is_empty(
  $$select who, name, statement, tests.answer(who, format(statement, name))
    from tests.partitions
    cross join (values ('visitor'), ('acme_owner'), ('platform_admin'), ('service')) as w (who)
    cross join (values ('select from %s'), ('select count(*) from %s'), ('table %s'), ('delete from %s'),
      ('truncate %s'),
      ('select from only %s for update'), ('insert into %s default values')) as s (statement)
    where tests.answer(who, format(statement, name)) !~ '^42501 permission denied for (table|schema) '$$,
  'S4 no partition is read, changed or emptied by anybody who comes through the API'
);
select is(tests.leak_in(tests.shown_to('acme_owner', 'select * from public.audit_log')), null,
  'S4 through the parent an owner reads no row of another tenant');
select isnt(tests.shown_to('acme_owner', 'select * from public.audit_log'), '', 'S4 but those of their own');

-- Granted by mistake: the partition's own row level security, without a policy, keeps it shut.
create function tests.shown_when_granted(partition text) returns text language plpgsql as $$
begin
  execute format('grant select on %s to authenticated', partition);
  raise exception using errcode = 'UNDO0', message = tests.shown_to('acme_owner', 'select * from ' || partition);
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select is_empty($$select name from tests.partitions where tests.shown_when_granted(name) <> ''$$,
  'S4 not even a partition that is granted shows a row');

-- Made by the house's own function, and by hand.
select lives_ok('select ops.add_partitions(14)', 'P2 more months are made');
select is_empty(
  $$select name from tests.tables where relispartition and not exists (select from tests.partitions as p
    where p.name = tables.name)
    and tests.answer('acme_owner', 'select from ' || name) not like '42501 %'$$,
  'S4 these are shut too'
);
select cmp_ok((select count(*) from tests.tables where relispartition), '>', (select count(*) from tests.partitions),
  'S4 there were new ones');
create table public.careless partition of public.audit_log for values from ('1999-01-01') to ('2000-01-01');
grant select on public.careless to authenticated;
insert into public.audit_log (tenant_id, created_at, actor_role, verb, table_name, row_key)
values (tests.tenant_id('globex'), '1999-06-01', 'x', 'insert', 'x', '{}');
select is(tests.answer('acme_owner', 'select from public.careless'), '1 rows',
  'S4 one made by hand is a hole when granted: no policy of the parent applies');
select isnt_empty(
  $$select name from tests.tables where relispartition and (schema <> 'private' or not relrowsecurity)$$,
  'S4 which the rule of the catalogue notices (catalog/partitions_are_closed)'
);

select * from finish();
rollback;
