-- queued, running, then one of four ends; every other step is refused and named.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(40);
select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z"}');
select tests.dispatch('2026-01-02 02:00Z');

-- An execution in a state, moved to another one.
create function tests.step(from_status text, to_status text) returns text language sql as $$
  alter table public.scheduled_test_executions disable trigger user;
  update public.scheduled_test_executions
  set status = from_status,
    started_at = case when from_status <> 'queued' then '2026-01-02 02:01Z'::timestamptz end,
    finished_at = case when from_status not in ('queued', 'running') then '2026-01-02 02:02Z'::timestamptz end;
  alter table public.scheduled_test_executions enable trigger user;
  select format('update public.scheduled_test_executions set status = %L', to_status);
$$;
create table tests.allowed (from_status text, to_statuses text[]);
insert into tests.allowed values
  ('queued', '{running, error, cancelled}'),
  ('running', '{running, passed, failed, error, cancelled}');
select case
  when c.to_status = any (a.to_statuses)
    then lives_ok(tests.step(c.from_status, c.to_status), format('T5: from %s to %s', c.from_status, c.to_status))
  else throws_ok(
    tests.step(c.from_status, c.to_status), 'PT409',
    format('An execution that is %s cannot become %s.', c.from_status, c.to_status),
    format('T5: not from %s to %s', c.from_status, c.to_status)
  )
end
from (
  select f as from_status, t as to_status
  from unnest(array['queued', 'running', 'passed', 'failed', 'error', 'cancelled']) as f,
    unnest(array['queued', 'running', 'passed', 'failed', 'error', 'cancelled']) as t
) as c
left join tests.allowed as a using (from_status);

create function tests.times() returns text language sql return (
  select concat_ws(' ', e.status, case e.started_at when now() then 'started' end, case e.finished_at when now() then 'finished' end)
  from public.scheduled_test_executions as e
);
do $$ begin execute tests.step('queued', 'running'); end $$;
select is(tests.times(), 'running started', 'T5: running has begun');
do $$ begin execute tests.step('running', 'running'); end $$;
select is(tests.times(), 'running started', 'T5: and begins anew for another worker');
do $$ begin execute tests.step('running', 'failed'); end $$;
select is(tests.times(), 'failed finished', 'T5: failed has ended, and keeps when it began');
do $$ begin execute tests.step('queued', 'cancelled'); end $$;
select is(tests.times(), 'cancelled finished', 'T5: cancelled before it began');

select * from finish();
rollback;
