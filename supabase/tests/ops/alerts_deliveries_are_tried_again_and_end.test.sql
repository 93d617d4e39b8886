-- A delivery is claimed by one sender, tried again ever later, and ends: sent, dead or expired.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/alerts.psql
select plan(18);

create function tests.claimed() returns text language sql
  return (select string_agg(c.payload ->> 'key' || c.attempts, ' ' order by c.id) from ops.claim_alert_deliveries() as c);
create function tests.finish(key text, attempt integer, error text) returns text language sql
  return (select string_agg(ops.finish_alert_delivery(d.id, finish.attempt, case when finish.error is null then 200 else 500 end,
    finish.error), ' ') from ops.alert_deliveries as d where d.payload ->> 'key' = finish.key);
create function tests.make_due() returns void language sql
  begin atomic; update ops.alert_deliveries set next_attempt_at = now() where finished_at is null; end;

select tests.run_at(0, '{"a": "warn", "b": "warn"}');
select is(tests.claimed(), 'a1 b1', 'P4 both are claimed');
select is(tests.claimed(), null, 'P4 by nobody else while the lease lasts');
select is(tests.finish('a', 1, null), 'sent', 'P4 one is told');
select is(tests.finish('b', 1, 'The webhook answered 500.'), 'failed', 'P4 one is not');
select is((select next_attempt_at - now() from ops.alert_deliveries where state = 'failed'), interval '1 minute', 'P4 a minute later');
select tests.make_due();
select is(tests.claimed() || ' ' || tests.finish('b', 1, 'late') is null, true, 'P4 a failure of the first attempt that comes late is nothing');
select is(tests.finish('b', 2, 'again'), 'failed', 'P4 the second fails');
select is((select next_attempt_at - now() from ops.alert_deliveries where state = 'failed'), interval '2 minutes', 'P4 twice as late');
update ops.alert_deliveries set attempts = 7 where state = 'failed';
select tests.make_due();
select is(tests.claimed() || ' ' || tests.finish('b', 8, 'the last time'), 'b8 dead', 'P4 the eighth is the last');
select is((select next_attempt_at - now() from ops.alert_deliveries where state = 'dead'), interval '1 hour', 'P4 never more than an hour');
select is(tests.finish('a', 1, null) || tests.finish('b', 8, null), null, 'P4 what is over stays over');

select tests.run_at(15, '{"a": "warn", "b": "warn", "c": "warn"}');
update ops.alert_deliveries set created_at = now() - interval '25 hours' where payload ->> 'key' = 'c';
select is(tests.claimed(), null, 'P4 what could not be told for a day is no news');
select is((select state || ' ' || attempts from ops.alert_deliveries where payload ->> 'key' = 'c'), 'expired 0', 'P4 it expired');

select tests.run_at(30, '{"a": "warn", "b": "warn", "c": "warn", "d": "warn"}');
select tests.claimed() || tests.finish('d', 1, 'failed');
select (ops.acknowledge_alert(tests.alert_id('d'))).id;
select is(tests.claimed(), null, 'P4 nobody is told of the second step before the first');
select tests.make_due();
select is(tests.claimed(), 'd2 d1', 'P4 both go together');

select throws_ok(format('select ops.claim_alert_deliveries(%s)', batch), '22023', 'batch must be between 1 and 1000.', 'P4 no batch: ' || batch)
from unnest(array['null', '0', '1001']) as batch;

select * from finish();
rollback;
