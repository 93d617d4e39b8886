-- The counters and the progress of a workflow are those of its tasks, after every kind of statement.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(18);

select is(tests.counted(), '{0,0,0,0}', 'O1: nothing is nothing');
select tests.sign_in('acme_member');
insert into public.tasks (tenant_id, workflow_id, title, status)
select tests.tenant_id('acme'), tests.flow_id(flow), 'many', status
from (values
  ('plan', 'pending'), ('plan', 'done'), ('plan', 'cancelled'), ('plan', 'in_progress'), ('other', 'done'),
  ('other', 'cancelled')
) as v (flow, status);
select tests.as_operator();
select is(tests.counted(), '{4,1,1,33}', 'O1: one statement over two workflows; what is cancelled does not count');
select is(tests.counted('other'), '{2,1,1,100}', 'O1: all that is left is done');
select is(tests.counted('globex'), '{0,0,0,0}', 'O1: another one is as it was');

select tests.rows_as('acme_member', $$update public.tasks set status = 'pending' where status <> 'pending'$$);
select is(tests.counted(), '{4,0,0,0}', 'O1: one statement takes all of them up again');
select is(tests.counted('other'), '{2,0,0,0}', 'O1: in both workflows');
select tests.rows_as('acme_member', $$update public.tasks set status = 'done'$$);
select is(tests.counted(), '{4,4,0,100}', 'O1: all are done');
select tests.rows_as('acme_member', $$update public.tasks set title = 'renamed'$$);
select is(tests.counted(), '{4,4,0,100}', 'O1: another change is none of its business');
select tests.rows_as('acme_member', $$update public.tasks set status = 'pending' where workflow_id = tests.flow_id('plan')$$);
select tests.rows_as('acme_member', $$update public.tasks set status = 'cancelled' where workflow_id = tests.flow_id('plan')$$);
select is(tests.counted(), '{4,0,4,0}', 'O1: where all is cancelled nothing has been done');
select is(tests.counted('other'), '{2,2,0,100}', 'O1: and the other one keeps what it had');

select tests.add_task('parent');
select tests.add_task('child', 'parent', status => 'done');
select is(tests.counted(), '{6,1,4,50}', 'O1: subtasks count');
select is(tests.rows_as('acme_manager', $$delete from public.tasks where id = tests.task_id('parent')$$), 1,
  'O2: a manager removes a task');
select is(tests.counted(), '{4,0,4,0}', 'O1: it leaves with its subtasks');
select tests.rows_as('acme_manager', $$delete from public.tasks where title = 'renamed'$$);
select is(tests.counted(), '{0,0,0,0}', 'O1: all of them leave');

insert into public.tasks (tenant_id, workflow_id, id, title) values
  (tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('one'), 'one');
insert into public.tasks (tenant_id, workflow_id, id, title) values
  (tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('one'), 'one'),
  (tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('two'), 'two')
on conflict on constraint tasks_pkey do update set status = 'done';
select is(tests.counted(), '{2,1,0,50}', 'O1: what an upsert adds and what it changes');
insert into public.tasks (tenant_id, workflow_id, title)
select tests.tenant_id('acme'), tests.flow_id('plan'), 'none' where false;
update public.tasks set status = 'done' where title = 'none';
delete from public.tasks where title = 'none';
select is(tests.counted(), '{2,1,0,50}', 'O1: statements without a row');
select tests.throws_as('acme_owner', $$update public.workflows set tasks_done = 9$$, '42501',
  'permission denied for table workflows', 'O1: nobody writes the counters');
select is(tests.rows_as('acme_manager', $$delete from public.workflows where id = tests.flow_id('plan')$$), 1,
  'O1: a workflow leaves with its tasks');

select * from finish();
rollback;
