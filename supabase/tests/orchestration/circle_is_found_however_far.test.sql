-- One dependency at a time: a circle is found near and far, and none is seen where there is none.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(8);

-- A chain of six hundred tasks, and one of three.
insert into public.tasks (tenant_id, workflow_id, id, title, position)
select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(n::text), n::text, n from generate_series(1, 603) as n;
insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(n::text), tests.task_id((n - 1)::text)
from generate_series(2, 603) as n where n <> 601;

create function tests.looks(task text, on_task text) returns boolean language sql
  return private.closes_no_circle(
    tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(task), tests.flow_id('plan'), tests.task_id(on_task));
select ok(tests.looks('603', '1'), 'O3: at the end of a chain a short look is enough');
select ok(tests.looks('600', '601'), 'O3: and where it leads to a short one');
select ok(tests.looks('2', '601'), 'O3: it is looked around the other one when there is much around the one');
select ok(not tests.looks('250', '100'), 'O3: in the middle of a long one it is not');
select ok(not tests.looks('601', '603'), 'O3: nor where there is a circle');
select tests.lives_as('acme_member', $$select tests.depend('250', '100')$$, 'O3: then all is looked at, and it goes');
select tests.throws_as('acme_member', $$select tests.depend('1', '600')$$, 'PT409',
  'The tasks would wait for each other in a circle.', 'O3: the longest circle is found');
select tests.throws_as('acme_member', $$select tests.depend('601', '603')$$, 'PT409',
  'The tasks would wait for each other in a circle.', 'O3: so is the shortest');

select * from finish();
rollback;
