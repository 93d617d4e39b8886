-- Workflows of which little can be said: what cannot be told is null, and no figure is wrong.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/analytics.psql
select plan(11);

create function tests.figures(flow text default 'plan') returns text language sql
  begin atomic;
    select concat_ws(' ', c.tasks_total, c.tasks_done, c.tasks_cancelled, c.done_per_day, coalesce(c.lead_seconds_median::text, '-'),
      coalesce(c.cycle_seconds_p90::text, '-'), coalesce(c.efficiency::text, '-'), coalesce(c.effort_ratio::text, '-'),
      c.status_seconds, coalesce(c.bottleneck_status, '-'), coalesce(c.bottleneck_title, '-'))
    from tests.calculated(flow) as c;
  end;
select is(tests.figures(), '0 0 0 0 - - - - {} - -', 'O6: a workflow without tasks');
select tests.add_task('one');
select is(tests.figures(), '1 0 0 0 - - - - {} - -', 'O6: one task, added at this moment');
select tests.backdate('one', '1 hour');
select is(tests.figures(), '1 0 0 0 - - - - {"pending": 3600.000} pending -', 'O6: none is done');
select is((select lead_seconds from public.task_analytics), 3600::double precision, 'O6: how old it is can be told');
select tests.set_status('one', 'cancelled');
select is(tests.figures(), '1 0 1 0 - - - - {} - -', 'O6: all are cancelled');
select tests.set_status('one', 'pending');
select tests.set_status('one', 'in_progress');
select tests.set_status('one', 'done');
update public.tasks set created_at = now(), status_seconds = '{}';
select is(tests.figures(), '1 1 0 1 0 0 - - {} - -', 'O6: all at the same moment: no time has passed, of which there is no share');
update public.tasks set effort_estimate = 0, effort_actual = 1;
select is(tests.figures(), '1 1 0 1 0 0 - - {} - -', 'O6: nor a share of no effort');
update public.tasks set started_at = created_at - interval '1 hour', finished_at = created_at - interval '2 hours';
select is(tests.figures(), '1 1 0 1 0 0 - - {} - -', 'O6: an import may say that it ended before it began');

-- Two that hold up the same: the one that was added first.
select tests.add_task(t, flow => 'other') from unnest('{left, right, after left, after right}'::text[]) as t;
select tests.depend('after ' || t, t, flow => 'other') from unnest('{right, left}'::text[]) as t;
select tests.backdate(t, '2 hours') from unnest('{left, right, after left, after right}'::text[]) as t;
update public.tasks set created_at = created_at - interval '1 minute' where title = 'right';
select is((tests.calculated('other')).bottleneck_title, 'right', 'O6: of equal ones that which was added first');
select is((tests.calculated('other')).bottleneck_seconds, 7200::double precision, 'O6: with what it holds up');
select is((select count(*) from public.workflow_analytics where workflow_id = tests.flow_id('other')), 1::bigint,
  'O6: a day has one row, of the last calculation');

select * from finish();
rollback;
