-- A name is taken within its project only; flows outlive their project.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(5);

create function tests.begin_flow(project text) returns text language sql immutable return format(
  'insert into public.visual_test_flows (tenant_id, project_id, name) values (tests.tenant_id(''acme''), %L, ''Login'')',
  tests.project_id(project));

select tests.throws_as('acme_member', tests.begin_flow('acme_house'), '23505',
  'duplicate key value violates unique constraint "visual_test_flows_tenant_id_project_id_name_key"',
  'T3 a name is taken in its project');
select tests.lives_as('acme_member', tests.begin_flow('acme_north'), 'T3 it is free in another one');
select tests.lives_as('acme_member', tests.begin_flow(null), 'T3 and outside of projects');
select is(tests.rows_as('acme_admin', $$delete from public.projects where tenant_id = tests.tenant_id('acme')$$), 3,
  'T3 projects with flows of one name are deleted');
select is((select count(*) from public.visual_test_flows
  where tenant_id = tests.tenant_id('acme') and name = 'Login' and project_id is null), 3::bigint, 'T3 the flows stay');

select * from finish();
rollback;
