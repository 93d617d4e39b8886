-- What runs the house runs with rights over all tenants. Called by users, or turned to their own ends by the role that
-- may call it. (Edge functions and RPC over HTTP: tests/attacks/26-*.test.ts.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-calls.psql
select plan(10);

create table tests.maintenance as
  select f.oid, f.name, f.schema from tests.functions as f where f.prokind = 'f' and f.prorettype <> 'trigger'::regtype
    and f.schema = 'ops';
create table tests.records as select name from tests.tables where schema = 'ops';
select cmp_ok((select count(*) from tests.maintenance), '>=', 5::bigint, 'P2 there are functions of operation');
-- Each of them that is granted to users asks who calls; the others are not theirs to call.
select is_empty(
  $$select w.who, m.name, a.answer from tests.maintenance as m
    cross join (values ('visitor'), ('stranger'), ('acme_owner')) as w (who)
    cross join lateral (select tests.answer(w.who, tests.call_of(m.oid, 'acme', 'acme')) as answer) as a
    where a.answer not like '42501 permission denied for %'
      and a.answer <> '42501 This needs a platform administrator or the service role.'$$,
  'P2 no user calls one'
);
select is_empty(
  $$select m.name from tests.maintenance as m
    where not has_function_privilege('authenticated', m.oid, 'execute')
      and tests.answer('platform_admin', tests.call_of(m.oid, 'acme', 'acme')) not like '42501 permission denied for function %'$$,
  'P2 nor a platform administrator one that is not granted'
);
select is_empty(
  $$select w.who, r.name, s.form from tests.records as r
    cross join (values ('visitor'), ('acme_owner'), ('platform_admin')) as w (who)
    cross join (values ('select from %s'), ('insert into %s default values'), ('delete from %s')) as s (form)
    where tests.answer(w.who, format(s.form, r.name)) not like '42501 permission denied for %'$$,
  'P2 no user reads or changes what it records'
);
select is(tests.answer('service', 'select from ops.refresh_materialized_views()'),
  (select count(*) || ' rows' from tests.relations where relkind = 'm'),
  'P2 the service role does call it');

-- A schedule of kind sql runs as the owner of the database: whoever writes its text holds all rights.
select is_empty(
  $$select statement, tests.answer('service', statement) from unnest(array[
      'update ops.schedules set target = ''update private.reach set is_platform_admin = true''',
        'update ops.schedules set kind = ''sql''',
      'update ops.schedules set body = ''{}''', 'update ops.schedules set name = ''x''',
      'insert into ops.schedules (name, description, cron, kind, target) values (''x'', ''x'', ''* * * * *'', ''sql'', ''select 1'')',
      'merge into ops.schedules as s using (select 1) as x on (true) when matched then update set target = ''select 1''']) as statement
    where tests.answer('service', statement) <> '42501 permission denied for table schedules'$$,
  'P3 the service role writes the text of no schedule'
);
select is(tests.answer('service', 'update ops.schedules set is_enabled = is_enabled, cron = cron'),
  (select count(*) || ' rows' from ops.schedules),
  'P3 it says when they run');
-- The name of a view is an argument that becomes part of a statement.
select is_empty(
  $$select name, tests.answer('service', format('select ops.refresh_materialized_view(%L)', name))
    from unnest(array['monthly_usage_summary; drop table public.feedback',
      'monthly_usage_summary" with no data --', '../monthly_usage_summary', 'MONTHLY_USAGE_SUMMARY', '',
        'pg_catalog.pg_class', 'private.monthly_usage_summary']) as name
    where tests.answer('service', format('select ops.refresh_materialized_view(%L)',
      name)) not like 'PT404 There is no materialized view %'$$,
  'P2 no name but that of a view is taken'
);
-- Work for all tenants takes no tenant from its caller; work in the name of somebody takes none but a member.
select is(tests.answer('service',
  format('select public.increment_usage(tests.tenant_id(%L), user_id => tests.user_id(%L))', tenant, who)), expected,
  format('A4 the service role counts on %s in %s', who, tenant))
from (values ('globex', 'acme_member', 'PT404 There is no such member.'), ('globex', 'globex_member',
  '1 rows')) as v (tenant, who, expected);

select * from finish();
rollback;
