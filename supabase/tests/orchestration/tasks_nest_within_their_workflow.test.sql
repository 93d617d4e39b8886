-- A subtask lies in its parent's workflow, at most 16 levels deep, and never below itself.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(14);

select tests.add_task('1');
select tests.add_task(n::text, (n - 1)::text) from generate_series(2, 16) as n;
select tests.add_task('x', flow => 'other');
select tests.add_task('top');
select tests.add_task('low', 'top');

select is(
  tests.refusal('service', $$select tests.add_task('17', '16')$$),
  format('PT409 | Tasks nest 16 levels deep at most. | task_id %s | Put the task higher up.', tests.task_id('17')),
  'O2: a seventeenth level is refused'
);
select tests.lives_as('service', $$select tests.add_task('another', '15')$$, 'O2: a sixteenth is not');
select is(
  tests.refusal('service', $$select tests.put_under('top', '15')$$),
  format('PT409 | Tasks nest 16 levels deep at most. | task_id %s | Put the task higher up.', tests.task_id('low')),
  'O2: nor does a task move where its subtasks would be too deep'
);
select tests.lives_as('acme_member', $$select tests.put_under('top', '14')$$, 'O2: it moves where they are not');
select tests.throws_as('service', $$
  insert into public.tasks (tenant_id, workflow_id, id, parent_id, title)
  values
    (tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('egg'), tests.task_id('hen'), 'egg'),
    (tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('hen'), tests.task_id('egg'), 'hen')$$,
  'PT409', 'Tasks nest 16 levels deep at most.', 'O2: two that are each other''s parents are not added');
select tests.lives_as('service', $$
  insert into public.tasks (tenant_id, workflow_id, id, parent_id, title)
  values
    (tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('egg'), tests.task_id('hen'), 'egg'),
    (tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('hen'), null, 'hen')$$,
  'O2: a parent is added with its subtask');
select tests.throws_as('service', $$select tests.add_task('y', 'x')$$, '23503',
  'insert or update on table "tasks" violates foreign key constraint "tasks_tenant_id_workflow_id_parent_id_fkey"',
  'O2: not under a task of another workflow');
select tests.throws_as('acme_member', $$select tests.put_under('hen', 'x')$$, '23503',
  'insert or update on table "tasks" violates foreign key constraint "tasks_tenant_id_workflow_id_parent_id_fkey"',
  'O2: nor moved there');
select tests.throws_as('acme_member', $$select tests.put_under('hen', 'nothing')$$, '23503',
  'insert or update on table "tasks" violates foreign key constraint "tasks_tenant_id_workflow_id_parent_id_fkey"',
  'O2: nor under what is not there');
select is(
  tests.refusal('service', $$update public.tasks set workflow_id = tests.flow_id('plan') where title = 'x'$$),
  format('23514 | A task never changes its workflow. | task_id %s | '
    'Insert the task in the other workflow and delete this one.', tests.task_id('x')),
  'O2: not even the service role moves a task to another workflow'
);
select tests.throws_as('acme_member', $$update public.tasks set workflow_id = tests.flow_id('plan')$$, '42501',
  'permission denied for table tasks', 'O2: and no member may try');
select is(tests.rows_as('service', $$update public.tasks set workflow_id = workflow_id where title = 'x'$$), 1,
  'O2: to the same one it may');
select is(tests.rows_as('acme_manager', $$delete from public.tasks where id = tests.task_id('14')$$), 1, 'O2: a parent goes');
select is(
  (select string_agg(title, ' ' order by title) from public.tasks where title in ('13', '14', '15', 'top', 'low')), '13',
  'O2: with all that is below it'
);

select * from finish();
rollback;
