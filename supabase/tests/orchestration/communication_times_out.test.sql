-- An attempt without an answer in its time is ended like one that went wrong; the last one has timed out.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/communications.psql
select plan(9);

update public.component_communications set expires_at = clock_timestamp() + interval '1 minute';
select is(ops.time_out_communications(), 0, 'O4 within its time nothing is ended');
select tests.wait('1 minute');
select is(ops.time_out_communications(0), 0, 'O4 nor more than asked for');
select is(ops.time_out_communications(), 1, 'O4 after it, it is');
select is(tests.state(), 'waiting 1 - No answer within 500 ms.', 'O4 and waits for the next attempt');
select tests.throws_as('service', tests.finish(1, ', response => ''1'''), 'PT409', 'This attempt is over.', 'O4 a late answer changes nothing');
select is(ops.time_out_communications(), 0, 'O4 what waits is not ended');
update public.component_communications
set status = 'pending', attempt = 3, retry_at = null, expires_at = clock_timestamp() - interval '1 second';
select is(ops.time_out_communications(), 1, 'O4 at the last attempt');
select is(tests.state(), 'timed_out 3 - No answer within 500 ms.', 'O4 it has timed out');
select is((select finished_at > now() and retry_at is null from public.component_communications), true, 'O4 for good');

select * from finish();
rollback;
