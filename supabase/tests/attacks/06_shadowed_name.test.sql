-- pg_temp is searched before everything else, whatever a function says of its search path. A caller's own table under
-- the name of each of ours, with rows that would open every tenant, is looked at by no policy, view or function.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-calls.psql
select plan(9);

create table tests.asked as
  select w.who, 'select * from ' || r.name as statement from tests.relations as r
  cross join (values ('stranger'), ('acme_member')) as w (who)
  where r.relkind in ('r', 'p', 'v') and r.schema in ('public', 'private') and has_table_privilege('authenticated',
    r.oid, 'select')
  union all
  select w.who, tests.call_of(c.oid, 'acme', 'acme') from tests.callable as c
  cross join (values ('stranger'), ('acme_member')) as w (who)
  where c.name !~ '(uuid_v7|create_tenant|rate_message|archive_old|calculate_workflow_analytics)';
create function tests.told() returns table (who text, statement text, answer text) language sql
  begin atomic; select a.who, a.statement, (tests.outcome(a.who, a.statement)).answer from tests.asked as a; end;
create table tests.told_before as select * from tests.told();
select cmp_ok((select count(*) from tests.told_before), '>', 60::bigint, 'S7 there is much to ask');

do $$
declare
  v_name text;
begin
  for v_name in
    select r.name from tests.relations as r where r.relkind in ('r', 'p', 'v', 'm')
      and not r.relispartition order by r.name
  loop
    execute format('create temp table if not exists %I as select * from %s', split_part(v_name, '.', 2), v_name);
    execute format('grant all on pg_temp.%I to authenticated', split_part(v_name, '.', 2));
  end loop;
end
$$;
-- All of what follows is the intruder's own doing: every tenant is theirs, and nobody else's.
select tests.sign_in('stranger');
update pg_temp.reach set is_platform_admin = true where user_id = auth.uid();
delete from pg_temp.my_reach;
insert into pg_temp.my_reach (user_id, customer, viewer, member, manager, admin, owner, unconfined, branches)
select auth.uid(), t.ids, t.ids, t.ids, t.ids, t.ids, t.ids, t.ids, '{}' from (select array_agg(id) as ids
  from pg_temp.tenants) as t;
insert into pg_temp.platform_admins (user_id) values (auth.uid());
insert into pg_temp.memberships (tenant_id, user_id, role, status, is_confined)
select id, auth.uid(), 'owner', 'active', false from pg_temp.tenants;
create function pg_temp.uid() returns uuid language sql return tests.user_id('platform_admin');
create function pg_temp.is_trusted_session() returns boolean language sql return true;
select tests.as_operator();
select set_config('search_path', 'pg_temp, public, extensions', true) is not null as done;
-- A plan made before the names were taken would go on without asking who has them now.
discard plans;

select is(tests.value_as('stranger', 'select viewer from my_reach'),
  tests.value_as('stranger', 'select array_agg(id) from pg_temp.tenants'),
    'S7 by its short name the intruder''s table is found');
select is_empty('select * from tests.told_before except select * from tests.told()', 'S7 every answer is what it was');
select is_empty('select * from tests.told() except select * from tests.told_before', 'S7 and nothing more is told');
select is(tests.rows_as('acme_member', 'select from public.branches'), 2, 'S1 a member sees what they should');
select is(tests.value_as('stranger', 'select private.my_tenants(''customer'')'), '{}', 'S1 a stranger belongs nowhere');

-- Nowhere else can a caller put a name of their own in the way.
select is_empty(
  $$select n.nspname, r from pg_namespace as n, unnest(array['anon', 'authenticated', 'service_role']) as r
    where n.nspname !~ '^pg_(toast_)?temp' and has_schema_privilege(r, n.oid, 'create')$$,
  'S7 no API role may create anything in any schema'
);
select is(tests.answer(who, 'create function public.now() returns integer language sql return 1'),
  '42501 permission denied for schema public', format('S7 %s tries', who))
from (values ('acme_owner'), ('service')) as v (who);
select * from finish();
rollback;
