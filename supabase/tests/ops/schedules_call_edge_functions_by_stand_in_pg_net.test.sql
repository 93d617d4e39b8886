-- How an edge function is called: with the secret from Vault, the run in the body and the schedule's own time-out. pg_net
-- and Vault are stand-ins (helpers/schedules.psql).
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(15);

select tests.add_schedule('calls', 'do-this', kind => 'function');
update ops.schedules set body = '{"views": ["a"]}', timeout_seconds = 90 where name = 'calls';
create temp table run as select * from tests.run('calls');

select results_eq('select status, finished_at is null, http_status, error from run',
  $$values ('running', true, null::integer, null::text)$$, 'P3 the run goes on until there is an answer');
select results_eq(
  'select q.url, q.headers, q.timeout_milliseconds from net.http_request_queue as q join run on run.request_id = q.id',
  $$values ('https://ref.supabase.example/functions/v1/do-this',
    jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || repeat('s', 32)), 90000)$$,
  'P3 the function is called with the secret and the time-out of the schedule'
);
select results_eq(
  'select q.body - ''run'', (q.body #>> ''{run,id}'')::uuid, (q.body #>> ''{run,started_at}'')::timestamptz from net.http_request_queue as q',
  $$select '{"views": ["a"]}'::jsonb, id, started_at from run$$,
  'P3 with the body of the schedule, and which run it is of when'
);
select is_empty($$select from ops.schedule_runs as r where r::text like '%ssss%'$$, 'P3 the secret is not in the run');
select is(ops.begin_run('calls'), null, 'P3 while the answer is missing, no other run begins');

update ops.schedules set timeout_seconds = 600 where name = 'refresh-views';
select is((select status from tests.run('refresh-views')), 'running', 'P3 a schedule with a longer time-out');
select results_eq('select timeout_milliseconds from net.http_request_queue order by id desc limit 1', array[150000],
  'P3 waits as long as Supabase gives a function');

create function tests.try_without(secret text, change text) returns setof text language plpgsql as $$
begin
  delete from ops.schedule_runs where schedule_name = 'calls';
  delete from vault.secrets;
  perform tests.keep_secrets();
  execute format('update vault.secrets set %s where name = %L', change, secret);
  return query select r.status || ': ' || r.error from tests.run('calls') as r;
end
$$;
select results_eq(format('select tests.try_without(%L, %L)', secret, change),
  array[format('failed: Vault holds no usable %s. (0A000)', secret)], format('P3 not with %s: %s', secret, change))
from (values
  ('rowhouse_functions_secret', $$name = 'x'$$), ('rowhouse_functions_secret', $$secret = 'short'$$),
  ('rowhouse_functions_secret', $$secret = repeat('s', 40) || E'\nx: y'$$),
  ('rowhouse_project_url', $$name = 'y'$$), ('rowhouse_project_url', $$secret = 'https://other.example/?q='$$)
) as v (secret, change);
drop schema vault cascade;
delete from ops.schedule_runs where schedule_name = 'calls';
select results_eq($$select status || ': ' || error from tests.run('calls')$$, array['failed: Vault is not installed. (0A000)'],
  'P3 nor without Vault');
drop schema net cascade;
create schema vault;
create view vault.decrypted_secrets as select 'x' as name, 'x' as decrypted_secret;
select results_eq($$select status || ': ' || error from tests.run('calls')$$, array['failed: pg_net is not installed. (0A000)'],
  'P3 nor without pg_net');
select is((select count(*) from ops.schedule_runs where schedule_name = 'calls' and status = 'running'), 0::bigint,
  'P3 and such a run has ended');

select * from finish();
rollback;
