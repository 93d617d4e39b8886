-- pg_cron calls a job done when the request is queued; the run ends with the answer, or with the lack of one.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(12);

create function tests.called(name text, ago interval) returns bigint language plpgsql as $$
declare
  v_request bigint;
begin
  perform tests.add_schedule(called.name, 'do-this', kind => 'function');
  select r.request_id into v_request from tests.run(called.name) as r;
  update ops.schedule_runs set started_at = now() - called.ago where schedule_name = called.name;
  return v_request;
end
$$;
create temp table requests as
  select name, tests.called(name, ago) as id from (values
    ('good', interval '10 s'), ('text', '10 s'), ('bad', '10 s'), ('slow', '2 minutes'), ('unreachable', '10 s'),
    ('waits', '5 minutes'), ('lost', '7 minutes'), ('reused', '7 minutes')
  ) as v (name, ago);
insert into net._http_response (id, status_code, content, timed_out, error_msg, created)
select r.id, v.status_code, v.content, v.timed_out, v.error_msg, v.created
from requests as r
join (values
  ('good', 200, '{"refreshed": []}', false, null, now()), ('text', 204, '', null, null, now()),
  ('bad', 500, '<h1>No</h1>', false, null, now()), ('slow', null, null, true, 'Timeout was reached', now()),
  ('unreachable', null, null, false, 'Couldn''t resolve host name', now()),
  -- Of another request: the numbers began again after a crash.
  ('reused', 200, '{}', false, null, now() - interval '1 hour')
) as v (name, status_code, content, timed_out, error_msg, created) on v.name = r.name;

select is(ops.collect_http_answers(), 7, 'P3 seven runs have ended');
select results_eq(
  format('select status, http_status, result, error from ops.schedule_runs where schedule_name = %L', name),
  format('values (%L, %L::integer, %L::jsonb, %L)', status, code, result, error), format('P3 %s: %s', name, status)
)
from (values
  ('good', 'succeeded', 200, '{"refreshed": []}', null), ('text', 'succeeded', 204, '""', null),
  ('bad', 'failed', 500, '"<h1>No</h1>"', 'HTTP 500: <h1>No</h1>'),
  ('slow', 'failed', null, null, 'There was no answer in time.'),
  ('unreachable', 'failed', null, null, 'Couldn''t resolve host name'),
  ('lost', 'failed', null, null, 'The answer was lost: pg_net has none for this request.'),
  ('reused', 'failed', null, null, 'The answer was lost: pg_net has none for this request.'),
  ('waits', 'running', null, null, null)
) as v (name, status, code, result, error);
select is(ops.collect_http_answers(), 0, 'P3 a second time there is nothing to end');
select set_eq('select problem, answers from ops.get_http_answers(now() - interval ''2 hours'')',
  $$values ('status 500', 1::bigint), ('timed out', 1), ('not sent', 1), ('lost', 2)$$,
  'P1 what went wrong can be seen, by problem');
select set_eq('select key, status from ops.check_http_answers()',
  $$values ('status 500', 'warn'), ('timed out', 'warn'), ('not sent', 'warn'), ('lost', 'warn')$$,
  'P1 and is found by the check');

select * from finish();
rollback;
