-- Tasks are given to members of the tenant, and outlive them, as workflows outlive their project.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(8);

select tests.add_task('one');
create function tests.assign(person text) returns void language sql
  begin atomic; update public.tasks set assignee_id = tests.user_id(person) where title = 'one'; end;
grant execute on function tests.assign(text) to authenticated;
select tests.lives_as('acme_member', $$select tests.assign('acme_member2')$$, 'O2: to a colleague');
select tests.throws_as('acme_member', format('select tests.assign(%L)', person), '23503',
  'insert or update on table "tasks" violates foreign key constraint "tasks_tenant_id_assignee_id_fkey"',
  format('O2: not to %s', person))
from unnest(array['globex_member', 'stranger', 'nobody']) as person;
select tests.lives_as('acme_admin', $$select public.remove_member(tests.tenant_id('acme'), tests.user_id('acme_member2'))$$,
  'C5: the colleague goes');
select is((select assignee_id is null and tenant_id is not null from public.tasks where title = 'one'), true, 'O2: the task stays');

update public.workflows set project_id = tests.project_id('acme_house') where id = tests.flow_id('plan');
select is(tests.rows_as('acme_admin', $$delete from public.projects where id = tests.project_id('acme_house')$$), 1,
  'C9: a project goes');
select is((select project_id is null and tenant_id is not null from public.workflows where id = tests.flow_id('plan')), true,
  'O1: the workflow stays');

select * from finish();
rollback;
