-- No task waits for itself, however long the way round: through dependencies, parents, or both.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(26);

select tests.add_task(t, p) from (values ('a', null), ('b', null), ('c', null), ('d', null), ('a1', 'a'), ('a2', 'a'),
  ('b1', 'b'), ('c1', 'c'), ('a11', 'a1')) as v (t, p);
select tests.add_task('x', flow => 'other');
select tests.depend('b', 'a');
select tests.depend('c', 'b');

create function tests.path(variadic titles text[]) returns text language sql
  return 'PT409 | The tasks would wait for each other in a circle. | '
    || (select string_agg(format('%s (%s)', t, tests.task_id(t)), ' -> ' order by n) from unnest(titles) with ordinality as u (t, n))
    || ' | A task waits for what it depends on, for its subtasks, and for what its parent depends on.';
create function tests.tried(statement text) returns text language sql as $$
  select tests.refusal('service', statement)
$$;
select is(tests.tried($$select tests.depend('a', 'b')$$), tests.path('a', 'b', 'a'), 'O3: two that depend on each other');
select is(tests.tried($$select tests.depend('a', 'c')$$), tests.path('a', 'c', 'b', 'a'), 'O3: a circle of three');
select is(tests.tried($$select tests.depend('a1', 'a')$$), tests.path('a1', 'a', 'a1'), 'O3: on its own parent');
select is(tests.tried($$select tests.depend('a', 'a1')$$), tests.path('a', 'a1', 'a'), 'O3: on its own subtask');
select is(tests.tried($$select tests.depend('a11', 'a')$$), tests.path('a11', 'a', 'a1', 'a11'), 'O3: on a parent''s parent');
select is(tests.tried($$select tests.depend('a1', 'b')$$), tests.path('a1', 'b', 'a', 'a1'), 'O3: on what waits for its parent');
select is(tests.tried($$select tests.depend('a1', 'b1')$$), tests.path('a1', 'b1', 'b', 'a', 'a1'),
  'O3: on a subtask of what waits for its parent');
select is(tests.tried($$select tests.depend('a', 'b1')$$), tests.path('a', 'b1', 'b', 'a'),
  'O3: on a subtask of what waits for it');
select tests.throws_as('acme_member', $$select tests.depend('a', 'a')$$, '23514',
  'new row for relation "task_dependencies" violates check constraint "is_not_on_itself"', 'O3: on itself');
select is(tests.tried($$select tests.put_under('b', 'a11')$$), tests.path('b', 'a', 'a1', 'a11', 'b'),
  'O3: under a subtask of what it depends on');
select is(tests.tried($$select tests.put_under('a', 'b')$$), tests.path('a', 'b', 'a'), 'O3: under what depends on it');
select is(tests.tried($$select tests.put_under('a', 'a1')$$), tests.path('a', 'a1', 'a'), 'O2: under its own subtask');
select tests.throws_as('acme_member', $$select tests.put_under('a', 'a11')$$, 'PT409',
  'The tasks would wait for each other in a circle.', 'O2: further below itself');
select tests.throws_as('acme_member', $$select tests.put_under('a', 'a')$$, '23514',
  'new row for relation "tasks" violates check constraint "is_not_its_own_parent"', 'O2: under itself');

select tests.lives_as('acme_member', $$select tests.depend('c1', 'a2')$$, 'O3: on a subtask of something before');
select tests.lives_as('acme_member', $$select tests.depend('a1', 'a2')$$, 'O3: on a subtask beside it');
select tests.lives_as('acme_member', $$select tests.depend('c', 'a')$$, 'O3: twice the same way round');
select tests.lives_as('acme_member', $$select tests.put_under('a1', 'd')$$, 'O2: under another one');
select tests.lives_as('acme_member', $$select tests.depend('a1', 'a')$$, 'O3: and then on who was its parent');
select tests.throws_as('acme_member', $$select tests.put_under('a1', 'a')$$, 'PT409',
  'The tasks would wait for each other in a circle.', 'O3: and then not back');
select tests.lives_as('acme_member', $$select tests.put_under('a1', null)$$, 'O2: on top');

select tests.lives_as('acme_member', $$select tests.depend('x', 'c', flow => 'other', on_flow => 'plan')$$,
  'O3: on a task of another workflow');
select is(tests.tried($$select tests.depend('a', 'x', on_flow => 'other')$$), tests.path('a', 'x', 'c', 'b', 'a'),
  'O3: a circle through another workflow');
select tests.lives_as('acme_member', $$select tests.depend('a', 'c', 'relates'), tests.depend('a', 'b', 'duplicates')$$,
  'O3: what does not block may lead around');
select is(tests.tried($$update public.task_dependencies set type = 'blocks' where type = 'relates'$$),
  tests.path('a', 'c', 'b', 'a'), 'O3: until it would block');
select tests.lives_as('acme_member', $$delete from public.task_dependencies where task_id = tests.task_id('b')$$,
  'O3: a member takes a dependency back');

select * from finish();
rollback;
