-- Late, failing, refused and endless schedules are found; those that do as they should are not.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(13);

update ops.schedules set is_enabled = false;
create function tests.past(name text, status text, ago interval, took interval default '1 s') returns void language sql
  begin atomic;
  insert into ops.schedule_runs (schedule_name, started_at, finished_at, status, error)
  values (name, now() - ago, case when status <> 'running' then now() - ago + took end, status,
    case when status = 'failed' then 'x' end);
  end;
select is_empty(format('select * from ops.check_schedules_%s()', what), format('P1 nothing is %s', what))
from (values ('late'), ('failed'), ('overlapping')) as v (what);

select tests.add_schedule(name, 'select 1', '* * * * *')
from (values ('on-time'), ('late'), ('very-late'), ('off'), ('changed')) as v (name);
update ops.schedules set updated_at = now() - interval '1 day' where name <> 'changed';
alter table ops.schedules disable trigger _200_touch;
update ops.schedules set updated_at = now() - interval '1 day', is_enabled = name <> 'off'
where name in ('on-time', 'late', 'very-late', 'off');
alter table ops.schedules enable trigger _200_touch;
select tests.past('on-time', 'succeeded', '6 minutes');
select tests.past('late', 'succeeded', '7 minutes 1 second');
select tests.past(name, 'succeeded', '1 hour') from (values ('very-late'), ('off'), ('changed')) as v (name);
select set_eq('select key, status from ops.check_schedules_late()', $$values ('late', 'warn'), ('very-late', 'critical')$$,
  'P1 late: two runs missed, and more; not one of them, not when switched off, not when just changed');
select ok((select facts ->> 'missed_runs' = '50' from ops.check_schedules_late() where key = 'very-late'),
  'P1 how many, up to 50');
update ops.schedules set is_enabled = false;

select tests.add_schedule(name, 'select 1')
from (values ('well'), ('mended'), ('failed'), ('fails'), ('refused'), ('runs'), ('endless'), ('slow')) as v (name);
select tests.past('well', 'succeeded', '1 hour'), tests.past('mended', 'failed', '2 hours'),
  tests.past('mended', 'succeeded', '1 hour'), tests.past('failed', 'succeeded', '2 hours'),
  tests.past('failed', 'failed', '1 hour');
select tests.past('fails', 'failed', n * interval '1 hour') from generate_series(1, 3) as n;
select set_eq('select key, status from ops.check_schedules_failed()', $$values ('failed', 'warn'), ('fails', 'critical')$$,
  'P1 failed: the last run, or three; not one that went well since');
select is((select facts ->> 'last_error' from ops.check_schedules_failed() where key = 'fails'), 'x', 'P1 with the reason');
update ops.schedules set is_enabled = false where name = 'fails';
select is_empty($$select from ops.check_schedules_failed() where key = 'fails'$$, 'P1 switched off, it worries nobody');

select tests.past('runs', 'running', '30 s'), tests.past('endless', 'running', '3 minutes'),
  tests.past('slow', 'running', '50 s'), tests.past('refused', 'refused', '1 minute');
select tests.past('slow', 'succeeded', n * interval '1 hour') from generate_series(1, 20) as n;
select set_eq('select key, status from ops.check_schedules_overlapping()',
  $$values ('endless running', 'critical'), ('slow running', 'warn'), ('refused refused', 'warn')$$,
  'P1 overlapping: beyond the time-out, far beyond the usual, refused; not one that may go on');
select tests.past('refused', 'succeeded', '10 s');
select is_empty($$select from ops.check_schedules_overlapping() where key ~ '^refused'$$, 'P1 a run later, it is over');

update ops.health_thresholds set warn = 1 where check_name = 'schedules_late';
select is(ops.run_health_check('schedules_late') ->> 'status', 'ok', 'P1 the frame runs it');
select is(ops.run_health_check('schedules_failed') ->> 'status', 'warn', 'P1 and takes over what it finds');
select is_empty($$select from ops.health_checks as c where c.category = 'scheduler'
  and to_regprocedure('ops.check_' || c.name || '()') is null$$, 'P1 every check of this subject is there');

select * from finish();
rollback;
