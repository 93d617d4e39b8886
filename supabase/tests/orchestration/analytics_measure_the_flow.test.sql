-- Throughput, lead and cycle time, efficiency, effort and the status in which tasks stay, by an example computed by hand.
-- In hours ago: added, begun, over; and the hours in each status.
--   a  10  8  2  pending 2, in progress 4, review 2         lead 8, cycle 6, working 6; effort 4, took 6
--   b  10  6  4  pending 4, in progress 1, blocked 1        lead 6, cycle 2, working 1; effort 2
--   c  10  9  1  pending 1, in progress 2, done 6           lead 9 - 6, cycle 8 - 6, working 2; effort 2, took 3
--   d   4  -  3  pending 1                                  lead 1, no cycle, working 0
--   e   5  5  -  in progress for 5                          not done: counts for the statuses only
--   f   9  -  8  cancelled                                  counts for nothing
-- Lead 1, 3, 6, 8: median 4.5, 90th percentile 6 + 0.7 * 2 = 7.4. Cycle 2, 2, 6: median 2, 90th 2 + 0.8 * 4 = 5.2.
-- Efficiency (6 + 1 + 2 + 0) / (8 + 6 + 3 + 1) = 0.5. Effort of a and c, which have both: 9 / 6 = 1.5.
-- Statuses: pending 8, in progress 4 + 1 + 2 + 5 = 12, review 2, blocked 1.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/analytics.psql
select plan(11);

select tests.add_task(t) from unnest('{a, b, c, d, e, f}'::text[]) as t;
select tests.set_status(t, 'in_progress') from unnest('{a, b, c, e}'::text[]) as t;
select tests.set_status(t, 'done') from unnest('{a, b, c, d}'::text[]) as t;
select tests.set_status('f', 'cancelled');
select tests.set_status('c', 'in_progress');
select tests.set_status('c', 'done');
select tests.backdate(title, added, begun, over), tests.spent(title, hours) from (values
  ('a', interval '10 hours', interval '8 hours', interval '2 hours', '{"pending": 7200, "in_progress": 14400, "review": 7200}'::jsonb),
  ('b', '10 hours', '6 hours', '4 hours', '{"pending": 14400, "in_progress": 3600, "blocked": 3600}'),
  ('c', '10 hours', '9 hours', '1 hour', '{"pending": 3600, "in_progress": 7200, "done": 21600}'),
  ('d', '4 hours', null, '3 hours', '{"pending": 3600}'), ('e', '5 hours', '5 hours', null, '{}'),
  ('f', '9 hours', null, '8 hours', '{"pending": 3600}')
) as v (title, added, begun, over, hours);
update public.tasks set effort_estimate = 4, effort_actual = 6 where title = 'a';
update public.tasks set effort_estimate = 2 where title in ('b', 'c');
update public.tasks set effort_actual = 3 where title in ('c', 'd');

create temp table said as select c.* from tests.calculated() as c;
select results_eq('select tasks_total, tasks_done, tasks_cancelled, tasks_reopened from said', 'values (6, 4, 1, 1)', 'O6: how many');
select results_eq(
  'select lead_seconds_median / 3600, lead_seconds_p90 / 3600, cycle_seconds_median / 3600, round((cycle_seconds_p90 / 3600)::numeric, 6) from said',
  'values (4.5::double precision, 7.4::double precision, 2::double precision, 5.2::numeric)', 'O6: lead and cycle time');
select is((select efficiency from said), 0.5::double precision, 'O6: half of the time somebody was at it');
select results_eq('select effort_estimate, effort_actual, effort_ratio from said',
  'values (6::double precision, 9::double precision, 1.5::double precision)', 'O6: it took half again what was thought');
select results_eq('select bottleneck_status, status_seconds from said',
  $$values ('in_progress', '{"pending": 28800, "in_progress": 43200, "review": 7200, "blocked": 3600}'::jsonb)$$,
  'O6: where tasks stay longest');
select is((select done_per_day from said), 4::double precision, 'O6: four on the first day');
update public.tasks set created_at = now() - interval '8 days' where title = 'e';
select is((tests.calculated()).done_per_day, 0.5::double precision, 'O6: four in eight days');
update public.tasks set created_at = now() - interval '100 days' where title = 'e';
update public.tasks set finished_at = now() - interval '29 days' where title = 'a';
select is((tests.calculated()).done_per_day, (3 / 28.0)::double precision, 'O6: those of the last 28 days');

-- Pending does not count while a task waits for another one: that is the other one's time.
select tests.add_task('waits', flow => 'other');
select tests.add_task('first', flow => 'other');
select tests.depend('waits', 'first', flow => 'other');
select tests.set_status('first', 'blocked');
select tests.backdate('waits', '10 hours');
select tests.backdate('first', '6 hours');
select tests.set_status('waits', 'in_progress');
update public.tasks set started_at = now() - interval '1 hour', status_since = now() - interval '1 hour',
  status_seconds = '{"pending": 32400}' where title = 'waits';
update public.task_dependencies set created_at = now() - interval '3 hours' where task_id = tests.task_id('waits');
select results_eq($$select bottleneck_status, status_seconds from tests.calculated('other')$$,
  $$values ('pending', '{"pending": 25200, "blocked": 21600, "in_progress": 3600}'::jsonb)$$, 'O6: nine hours pending, two of which it waited');
select is((select queued_seconds from public.task_analytics where task_id = tests.task_id('waits')), 25200::double precision,
  'O6: the task says so, too');
select tests.set_status('first', 'deferred');
update public.tasks set status_seconds = '{}', status_since = now() - interval '1 year' where title = 'first';
select is((tests.calculated('other')).bottleneck_status, 'pending', 'O6: what is deferred was decided, and is no bottleneck');

select * from finish();
rollback;
