-- A call that goes wrong waits longer each time, is tried again by one caller, and ends at its last attempt.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/communications.psql
select plan(25);

create function tests.waits() returns interval language sql
  return (select date_trunc('second', retry_at - clock_timestamp() + interval '0.5 seconds') from public.component_communications);

select results_eq(
  $$select operation, status, attempt, timeout_ms, expires_at - started_at between '490 ms' and '510 ms', request, finished_at
    from public.component_communications$$,
  $$values ('send', 'pending', 1::smallint, 500, true, '{}'::jsonb, null::timestamptz)$$, 'O4 a call is begun'
);
select tests.throws_as('service', tests.finish(attempt), 'PT409', 'This attempt is over.', format('O4 attempt %s is not at work', attempt))
from unnest(array[0, 2, null]) as attempt;
select tests.throws_as('service', tests.retry(), 'PT409', 'This communication waits for no attempt now.', 'O4 nor is it tried again now');
select is(tests.value_as('acme_member', tests.finish(1, ', error => ''busy''')), 'waiting', 'O4 it goes wrong');
select is(tests.waits(), '1 second', 'O4 and waits a second');
select is(tests.state(), 'waiting 1 - busy', 'O4 with the error');
select tests.throws_as('service', tests.finish(1), 'PT409', 'This attempt is over.', 'O4 that attempt is over');
select tests.throws_as('service', tests.retry(), 'PT409', 'This communication waits for no attempt now.', 'O4 the next is not due');
select tests.wait('1 second');
select is(tests.value_as('acme_member', tests.retry()), '2', 'O4 until it is');
select tests.throws_as('service', tests.retry(), 'PT409', 'This communication waits for no attempt now.', 'O4 for one caller');
select is((select expires_at - started_at between '490 ms' and '510 ms' from public.component_communications), true, 'O4 it has its time again');
select is(tests.value_as('service', tests.finish(2, ', error => ''busy''')), 'waiting', 'O4 wrong again');
select is(tests.waits(), '2 seconds', 'O4 it waits two seconds');
select tests.wait('2 seconds');
select is(tests.value_as('service', tests.retry()), '3', 'O4 the last attempt');
create table tests.saved as select * from public.component_communications;
select is(tests.value_as('service', tests.finish(3, ', error => ''gone''')), 'failed', 'O4 wrong once more, it has failed');
select is(tests.state(), 'failed 3 - gone', 'O4 with the last error');
select is((select finished_at > now() and retry_at is null from public.component_communications), true, 'O4 at that time');
select tests.throws_as('service', tests.retry(), 'PT409', 'This communication waits for no attempt now.', 'O4 there is no other attempt');

delete from public.component_communications;
insert into public.component_communications select * from tests.saved;
select is(tests.value_as('service', tests.finish(3, ', response => ''{"ok": true}''')), 'succeeded', 'O4 or it goes well');
select is(tests.state(), 'succeeded 3 {"ok": true} -', 'O4 with the response');
select is((select finished_at > now() and expires_at is null from public.component_communications), true, 'O4 at that time');
delete from public.component_communications;
insert into public.component_communications (tenant_id, id, from_component_id, to_component_id, operation, attempt, max_attempts, expires_at)
select tests.tenant_id('acme'), id, tests.component_id('acme_builder'), tests.component_id('acme_mailer'), 'x', 50, 100, now() from tests.call;
select is(tests.value_as('service', tests.finish(50, ', error => ''busy''')), 'waiting', 'O4 the fiftieth');
select is(tests.waits(), '1 hour', 'O4 waits an hour and not for ever');

select * from finish();
rollback;
