-- A task adds up how long it was in each status, from any statement that changes it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/analytics.psql
select plan(15);

create function tests.kept(title text) returns text language sql
  return (select concat_ws(' ', status, now() - status_since, status_seconds, times_reopened)
    from public.tasks where id = tests.task_id(kept.title));

select tests.add_task('one');
select is(tests.kept('one'), 'pending 00:00:00 {} 0', 'O6: a new task has spent nothing anywhere');
select tests.backdate('one', '1 hour');
select tests.rows_as('acme_member',
  $$select from public.update_task_status(tests.tenant_id('acme'), tests.task_id('one'), 'in_progress')$$);
select is(tests.kept('one'), 'in_progress 00:00:00 {"pending": 3600.000} 0', 'O6: what it leaves is added up');
select tests.backdate('one', '1 hour', '30 minutes', since => '20 minutes');
select tests.rows_as('acme_member', $$update public.tasks set status = 'in_progress', title = 'one' where title = 'one'$$);
select is(tests.kept('one'), 'in_progress 00:20:00 {"pending": 3600.000} 0', 'O6: the status it has already changes nothing');
select tests.rows_as('acme_member', $$update public.tasks set status = 'done' where title = 'one'$$);
select is(tests.kept('one'), 'done 00:00:00 {"pending": 3600.000, "in_progress": 1200.000} 0',
  'O6: an update of the table does as the function');
update public.tasks set status_since = now() - interval '10.5 seconds' where title = 'one';
select tests.set_status('one', 'in_progress');
update public.tasks set status_since = now() - interval '1 minute' where title = 'one';
select tests.set_status('one', 'done');
select is(tests.kept('one'), 'done 00:00:00 {"done": 10.500, "pending": 3600.000, "in_progress": 1260.000} 1',
  'O6: taken up again it is counted, and adds to what was there');
select tests.set_status('one', 'pending');
select tests.set_status('one', 'cancelled');
select tests.set_status('one', 'pending');
select is((select times_reopened from public.tasks where title = 'one'), 3, 'O6: after it was cancelled, too');

update public.tasks set status_since = now() + interval '1 hour' where title = 'one';
select tests.set_status('one', 'review') from tests.rows($$update public.tasks set status = 'in_progress' where title = 'one'$$);
select is((select status_seconds ->> 'pending' from public.tasks where title = 'one'), '3600.000',
  'O6: a clock that is behind takes nothing away');
select is((select status_since from public.tasks where title = 'one'), now() + interval '1 hour', 'O6: nor goes back');

insert into public.tasks (tenant_id, workflow_id, id, title, status, created_at, started_at, finished_at)
select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(title), title, status, now() - interval '1 day', begun, over
from (values
  ('imported', 'done', now() - interval '20 hours', now() - interval '2 hours'),
  ('begun', 'in_progress', now() - interval '3 hours', null), ('before', 'done', now() - interval '3 days', now() - interval '2 days'),
  ('only over', 'cancelled', null, now() - interval '6 hours'), ('backwards', 'done', now(), now() - interval '1 hour')
) as v (title, status, begun, over);
select is(tests.kept(title), kept, format('O6: what is added with a past: %s', title))
from (values
  ('imported', 'done 02:00:00 {"pending": 14400.000, "in_progress": 64800.000} 0'),
  ('begun', 'in_progress 03:00:00 {"pending": 75600.000} 0'),
  ('before', 'done 2 days {"in_progress": 86400.000} 0'),
  ('only over', 'cancelled 06:00:00 {"pending": 64800.000} 0'),
  ('backwards', 'done 01:00:00 {"pending": 86400.000} 0')
) as v (title, kept);
select tests.throws_as('acme_member',
  $$insert into public.tasks (tenant_id, workflow_id, title, status, started_at)
    values (tests.tenant_id('acme'), tests.flow_id('plan'), 'x', 'in_progress', 'infinity')$$,
  '23514', 'new row for relation "tasks" violates check constraint "started_at_is_a_time"', 'O2: it begins at a time');
select tests.throws_as('acme_member', $$update public.tasks set status_seconds = '{}'$$, '42501',
  'permission denied for table tasks', 'O6: nobody writes the times');

select * from finish();
rollback;
