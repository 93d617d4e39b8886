-- The bottleneck is the task because of which others waited longest, by an example computed by hand.
-- All tasks and dependencies were added on day 0, now is day 10:
--   design   done, from day 0 to 4
--   build    after design; done, from day 4 to 7
--   check    after design; begun on day 5, not over
--   release  after build and check; pending           part     below release; pending
--   announce after release; pending                   eager    after design, begun all the same on day 1; not over
--   dropped  after design; cancelled on day 2          alone    done, from day 0 to 9; nobody waits for it
-- Who waits for whom, and who could be worked on then:
--   build    waits for design from 0 to 4                        design 4
--   check    waits for design from 0 to 4                        design 4
--   eager    waits for design from 0 to 1                        design 1
--   release  waits for check (over last) from 0 to 10, of which
--            check waits for design itself from 0 to 4           design 4, check 6
--   part     waits for what release waits for                    design 4, check 6
--   announce waits for release from 0 to 10, which waits for
--            check all the time                                  design 4, check 6
-- Together: design 21 days of 6 tasks, check 18 days of 3 tasks; nothing is put down to release and build.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/analytics.psql
select plan(10);

select tests.add_task(t) from unnest('{design, build, check, release, announce, eager, dropped, alone}'::text[]) as t;
select tests.add_task('part', 'release');
select tests.depend(task, on_task) from (values
  ('build', 'design'), ('check', 'design'), ('release', 'build'), ('release', 'check'), ('announce', 'release'),
  ('eager', 'design'), ('dropped', 'design')
) as d (task, on_task);
select tests.depend('part', 'alone', 'relates');
select tests.set_status(t, 'in_progress') from unnest('{design, build, check, eager, alone}'::text[]) as t;
select tests.set_status(t, 'done') from unnest('{design, build, alone}'::text[]) as t;
select tests.set_status('dropped', 'cancelled');
select tests.backdate(t, '10 days') from unnest('{release, part, announce}'::text[]) as t;
select tests.backdate(title, '10 days', begun, over) from (values
  ('design', interval '10 days', interval '6 days'), ('build', '6 days', '3 days'), ('check', '5 days', null),
  ('eager', '9 days', null), ('dropped', null, '8 days'), ('alone', '10 days', '1 day')
) as v (title, begun, over);

create temp table said as select c.* from tests.calculated() as c;
select results_eq('select bottleneck_title, bottleneck_task_id, bottleneck_seconds / 86400, bottleneck_tasks from said',
  $$values ('design', tests.task_id('design'), 21::double precision, 6)$$, 'O6: what held up most, though it is done');
select results_eq('select * from tests.held_up order by days desc', $$values ('design', 21::numeric, 6), ('check', 18, 3)$$,
  'O6: every second in which a task waited is put down to one that could be worked on');
select results_eq(
  $$select t.title, w.title, extract(epoch from a.waited_until - a.waited_from)::integer / 86400
    from public.task_analytics as a join public.tasks as t on t.id = a.task_id left join public.tasks as w on w.id = a.waits_for_id
    where a.waits_for_id is not null order by t.title$$,
  $$values ('announce', 'release', 10), ('build', 'design', 4), ('check', 'design', 4), ('dropped', 'design', 2),
    ('eager', 'design', 1), ('part', 'check', 10), ('release', 'check', 10)$$,
  'O6: each task says what it waited for, and how long');
select is((select sum(days) from tests.held_up), 39::numeric, 'O6: nothing is counted twice: 4 + 4 + 1 + 10 + 10 + 10');

-- Two days later: check has held up three tasks for two days more.
update public.tasks set created_at = created_at - interval '2 days', started_at = started_at - interval '2 days',
  finished_at = finished_at - interval '2 days';
update public.task_dependencies set created_at = created_at - interval '2 days';
select results_eq('select bottleneck_title, bottleneck_seconds / 86400, bottleneck_tasks from tests.calculated()',
  $$values ('check', 24::double precision, 3)$$, 'O6: what is open holds up more every day');
-- A dependency that was made later keeps nobody waiting before.
update public.task_dependencies set created_at = now() - interval '1 day' where task_id = tests.task_id('release');
select tests.calculated();
select results_eq($$select title, days, tasks from tests.held_up order by days desc$$,
  $$values ('release', 11::numeric, 1), ('design', 9, 3), ('check', 3, 3)$$,
  'O6: since a dependency is there, and not longer');

select tests.depend('alone', 'elsewhere', on_flow => 'other') from (select tests.add_task('elsewhere', flow => 'other')) as x;
update public.tasks set status = 'pending' where title = 'alone';
update public.tasks set created_at = now() - interval '30 days', started_at = null where title in ('alone', 'elsewhere');
update public.task_dependencies set created_at = now() - interval '30 days' where task_id = tests.task_id('alone');
select results_eq('select bottleneck_title, bottleneck_task_id, bottleneck_seconds / 86400, bottleneck_tasks from tests.calculated()',
  $$values ('elsewhere', tests.task_id('elsewhere'), 30::double precision, 1)$$, 'O6: a task of another workflow holds up as well');
select is((select count(*) from public.task_analytics where task_id = tests.task_id('elsewhere')), 0::bigint,
  'O6: what that holds up elsewhere is not its own figure');
delete from public.tasks where title = 'elsewhere';
select results_eq('select bottleneck_title, bottleneck_task_id from public.workflow_analytics',
  $$values ('elsewhere', null::uuid)$$, 'O6: its name outlives it');
select is((tests.calculated()).bottleneck_title, 'release', 'O6: until the next time');

select * from finish();
rollback;
