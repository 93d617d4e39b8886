-- A member moves a task and is told how far the workflow is; nobody else moves it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(17);

select tests.add_task('one');
select tests.add_task('two');
select tests.add_task('of globex', flow => 'globex', tenant => 'globex');
select is(
  tests.value_as('acme_member', $$select row(u.*) from public.update_task_status(tests.tenant_id('acme'), tests.task_id('one'), 'done') as u$$),
  format('(pending,done,%s,50)', tests.flow_id('plan')), 'O2: from what, to what, in which workflow, how far that is'
);
select is(
  tests.value_as('acme_member2', $$select row(u.*) from public.update_task_status(tests.tenant_id('acme'), tests.task_id('one'), 'done') as u$$),
  format('(done,done,%s,50)', tests.flow_id('plan')), 'O2: done again changes nothing'
);
select tests.throws_as(who, format($$select from public.update_task_status(tests.tenant_id('%s'), tests.task_id('%s'), %L)$$,
  tenant, task, status), code, message, format('O2: %s, %s to %s', who, task, status))
from (values
  ('acme_member', 'acme', 'one', 'review', 'PT409', 'A task that is done cannot become review.'),
  ('service', 'acme', 'one', 'review', 'PT409', 'A task that is done cannot become review.'),
  ('acme_member', 'acme', 'two', 'lost', 'PT409', 'A task that is pending cannot become lost.'),
  ('acme_member', 'acme', 'two', null, '23502',
    'null value in column "status" of relation "tasks" violates not-null constraint'),
  ('acme_member', 'acme', 'nothing', 'done', 'PT404', 'There is no such task.'),
  ('acme_member', 'acme', 'of globex', 'done', 'PT404', 'There is no such task.'),
  ('acme_member', 'globex', 'of globex', 'done', 'PT404', 'There is no such tenant.'),
  ('both_member', 'acme', 'of globex', 'done', 'PT404', 'There is no such task.'),
  ('acme_viewer', 'acme', 'two', 'done', '42501', 'This needs the role member or a higher one.'),
  ('acme_customer', 'acme', 'two', 'done', '42501', 'This needs the role member or a higher one.'),
  ('visitor', 'acme', 'two', 'done', '42501', 'permission denied for function update_task_status')
) as v (who, tenant, task, status, code, message);
select is(
  tests.refusal('acme_member', $$select from public.update_task_status(tests.tenant_id('acme'), null, 'done')$$),
  'PT404 | There is no such task. | task_id null | Check the id.', 'O2: no id at all'
);
select is(
  tests.value_as('service', $$select new_status from public.update_task_status(tests.tenant_id('acme'), tests.task_id('two'), 'in_progress')$$),
  'in_progress', 'O2: the service role moves a task'
);
select is(tests.rows_as('acme_viewer', $$update public.tasks set status = 'done'$$), 0, 'O2: no viewer does through the table');
select is(
  tests.rows_as('acme_member', $$update public.tasks set status = 'done' where id = tests.task_id('two')$$), 1,
  'O2: a member does'
);

select * from finish();
rollback;
