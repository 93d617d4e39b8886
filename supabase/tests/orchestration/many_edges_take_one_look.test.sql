-- Thousands of dependencies in one statement: one look for circles, which finds the one there is.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(5);

-- A hundred tasks with nine subtasks each, each subtask after the one before, each task after the one before.
insert into public.tasks (tenant_id, workflow_id, id, parent_id, title, position)
select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(p || '.' || n), case when n > 0 then tests.task_id(p || '.0') end,
  p || '.' || n, p
from generate_series(1, 100) as p, generate_series(0, 9) as n;
create function tests.edges(closing text) returns text language sql
  return tests.refusal('service', format($$
    insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
    select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(p || '.' || n), tests.task_id(p || '.' || n - 1)
    from generate_series(1, 100) as p, generate_series(2, 9) as n
    union all
    select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(p || '.0'), tests.task_id(p - 1 || '.0')
    from generate_series(2, 100) as p
    union all
    select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id('1.1'), tests.task_id(%1$L) where %1$L <> ''$$, closing));
select matches(tests.edges('100.9'),
  '^PT409 \| The tasks would wait for each other in a circle. \| (\S+ \(\S+\) -> ){20}\.\.\. \|',
  'O3: the longest way round is found; the first twenty on it are named');
select is((select count(*) from public.task_dependencies), 0::bigint, 'O3: and none of them is there');
select is(tests.edges(''), 'done', 'O3: without it they are all added');
select is((select count(*) from public.task_dependencies), 899::bigint, 'O3: every one');
select is(tests.ready(), '1.1', 'O2: and there is one task to begin with');

select * from finish();
rollback;
