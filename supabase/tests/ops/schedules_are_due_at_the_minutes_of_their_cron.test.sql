-- What pg_cron does with an expression, in UTC; tests/ops/schedules-cron.test.ts compares many more with croner.
begin;
\ir ../helpers/cast.psql
select plan(20);

select is(ops.next_run_due(cron, since::timestamptz), due::timestamptz, format('P3 after %s, %s is due at %s', since, cron, due))
from (values
  ('0 3 * * *', '2026-11-21 03:00:00.4+00', '2026-11-22 03:00+00'), ('0 3 * * *', '2026-11-21 02:59:59.9+00', '2026-11-21 03:00+00'),
  ('*/5 * * * *', '2026-11-21 09:00:01+00', '2026-11-21 09:05+00'), ('0 0 1 * 1', '2026-11-20 00:00+00', '2026-11-23 00:00+00'),
  ('0 0 29 2 *', '2026-03-01 00:00+00', '2028-02-29 00:00+00'), ('0 0 30 2 *', '2026-01-01 00:00+00', null),
  ('0 2 * * 7', '2026-11-21 00:00+00', '2026-11-22 02:00+00'), ('0 2 * * 5-7', '2026-11-21 03:00+00', '2026-11-22 02:00+00'),
  -- A star with a step is a star: both day fields must match, on Mondays of odd days.
  ('0 0 */2 * 1', '2026-11-01 00:00+00', '2026-11-09 00:00+00'), ('0 0 1 * */2', '2026-11-01 00:00+00', '2026-12-01 00:00+00'),
  ('0 0 1-31/2 * 1', '2026-11-01 00:00+00', '2026-11-02 00:00+00'),
  ('59 23 31 12 *', '2026-12-31 23:59+00', '2027-12-31 23:59+00'), ('nonsense', '2026-11-21 00:00+00', null),
  ('* * * * *', null, null)
) as v (cron, since, due);
select is(ops.previous_run_due(cron, at::timestamptz), due::timestamptz, format('P3 at %s, %s was due at %s', at, cron, due))
from (values
  ('0 3 * * *', '2026-11-21 03:00:00+00', '2026-11-21 03:00+00'), ('0 3 * * *', '2026-11-21 02:59:59.9+00', '2026-11-20 03:00+00'),
  ('0 0 29 2 *', '2026-03-01 00:00+00', '2024-02-29 00:00+00'), ('0 9 1 1 *', '2026-01-01 08:59+00', '2025-01-01 09:00+00')
) as v (cron, at, due);
select is(ops.missed_runs('*/5 * * * *', '2026-11-21 09:00+00', '2026-11-21 09:10+00'), 2, 'P3 missed: after one moment, up to another');
set local timezone = 'Asia/Tokyo';
select is(ops.next_run_due('0 3 * * *', '2026-11-21 00:00+00'), '2026-11-21 03:00+00', 'P3 the zone of the session changes nothing');

select * from finish();
rollback;
