-- The secret in Vault, the answers of pg_net and the length of pg_cron's history are looked at where they exist, and only there.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/schedules.psql
select plan(13);

create function tests.status(name text) returns text language sql as $$
  select concat_ws(': ', c ->> 'status', c ->> 'reason') from ops.run_health_check($1) as c $$;

select is(tests.status(name), 'ok', format('P1 %s: ok', name))
from (values ('vault_secrets'), ('http_answers'), ('cron_history')) as v (name);

update vault.secrets set name = 'other' where name = 'rowhouse_functions_secret';
select results_eq('select key, status, remedy from ops.check_vault_secrets()',
  $$values ('rowhouse_functions_secret', 'critical', $r$select vault.create_secret('...', 'rowhouse_functions_secret');$r$)$$,
  'P1 a secret that was removed is found');
update ops.schedules set is_enabled = false where kind = 'function';
select is(tests.status('vault_secrets'), 'ok', 'P1 unless nothing needs it');
select is_empty($$select from ops.run_health_check('vault_secrets') as c where c::text like '%ssss%'$$,
  'P1 and no secret is told');

insert into net._http_response (id, status_code, created)
select n, 500, now() - interval '2 minutes' from generate_series(1, 10) as n
union all values (11, 200, now()), (12, 404, now() - interval '2 hours');
select results_eq('select key, status, (facts ->> ''answers'')::integer from ops.check_http_answers()',
  $$values ('status 500', 'critical', 10)$$, 'P1 answers of the last hour that are no success, and no others');

update ops.health_thresholds set warn = 1, critical = 100 where check_name = 'cron_history';
insert into cron.job_run_details (runid, status, end_time) select n, 'succeeded', now() from generate_series(1, 20) as n;
select is((select key from ops.check_cron_history()), 'cron.job_run_details', 'P1 a long history is found');
select is((select remedy from ops.check_cron_history()),
  'delete from cron.job_run_details where end_time < now() - interval ''7 days'';', 'P1 with what shortens it');

drop schema net cascade;
select is(tests.status('http_answers'), 'skipped: pg_net is not installed.', 'P1 without pg_net');
drop schema vault cascade;
select is(tests.status('vault_secrets'), 'skipped: Vault is not installed.', 'P1 without Vault');
create or replace function ops.scheduler() returns text language sql stable set search_path = '' return 'external';
select is(tests.status('vault_secrets'), 'skipped: An external scheduler keeps the secret of the functions itself.',
  'P1 with another scheduler');
select results_eq($$select is_required from ops.health_checks where name in ('vault_secrets', 'http_answers', 'cron_history')$$,
  array[false, false, false], 'P1 and that they are skipped makes nothing unknown');

select * from finish();
rollback;
