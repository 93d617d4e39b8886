-- Once has a time, interval a length, cron an expression and a zone; what is wrong is said at once.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(27);

-- As a manager writes one: kind and fields.
create function tests.writing(columns text, fields text) returns text language sql immutable return format(
  'insert into public.test_schedules (tenant_id, flow_id, name, %s) values (%L, %L, %L, %s)',
  columns, tests.tenant_id('acme'), tests.id('flow', 'acme'), 'Nightly', fields
);
select tests.lives_as('acme_manager', tests.writing(c.columns, c.fields), 'T4: a schedule: ' || c.fields)
from (values
  ('kind, run_at', $$'once', now() + interval '1 second'$$),
  ('kind, every', $$'interval', '1 minute'$$),
  ('kind, every, ends_at', $$'interval', '366 days', now() + interval '366 days'$$),
  ('kind, every', $$'interval', '36:30'$$),
  ('kind, cron, time_zone', $$'cron', '0 9 * * mon-fri', 'Europe/Berlin'$$),
  ('kind, run_at, is_enabled', $$'once', now(), false$$),
  ('kind, every, missed_runs, grace', $$'interval', '1 day', 'skip', '0'$$)
) as c (columns, fields);

select tests.throws_as('acme_manager', tests.writing(c.columns, c.fields), c.code, c.message, 'T4: none: ' || c.fields)
from (values
  ('kind, run_at', $$'once', now()$$, '22023', 'run_at: the time lies in the past.'),
  ('kind, run_at', $$'once', now() - interval '1 day'$$, '22023', 'run_at: the time lies in the past.'),
  ('kind, every, ends_at', $$'interval', '1 hour', now() + interval '59 minutes'$$, '22023',
    'ends_at: the schedule would end before it runs.'),
  ('kind, cron, time_zone, ends_at', $$'cron', '0 0 29 2 *', 'UTC', now()$$, '22023',
    'ends_at: the schedule would end before it runs.'),
  ('kind, cron, time_zone', $$'cron', '0 24 * * *', 'UTC'$$, '22023', 'cron: the hour field holds 24; it goes from 0 to 23.'),
  ('kind, cron, time_zone, is_enabled', $$'cron', '0 24 * * *', 'UTC', false$$, '22023',
    'cron: the hour field holds 24; it goes from 0 to 23.'),
  ('kind, cron, time_zone', $$'cron', '0 0 30 2 *', 'UTC'$$, '22023', 'cron: no such day ever comes.'),
  ('kind, cron, time_zone', $$'cron', '0 9 * * *', 'EST5'$$, '22023', 'time_zone: there is no time zone ''EST5''.'),
  ('kind, cron', $$'cron', '0 9 * * *'$$, '22023', 'time_zone: there is no time zone null.'),
  ('kind, time_zone', $$'cron', 'UTC'$$, '22023', 'cron: an expression has 1 to 300 letters.'),
  ('kind, every', $$'interval', '59 seconds'$$, '23514', null),
  ('kind, every', $$'interval', '0'$$, '23514', null),
  ('kind, every', $$'interval', '367 days'$$, '23514', null),
  ('kind, every', $$'interval', '1 month'$$, '23514', null),
  ('kind, every', $$'interval', '1 year'$$, '23514', null),
  ('kind, every', $$'interval', '1 minute 30 seconds'$$, '23514', null),
  ('kind, every, run_at', $$'interval', '1 hour', now()$$, '23514', null),
  ('kind, every, time_zone', $$'interval', '1 hour', 'UTC'$$, '23514', null),
  ('kind, every, cron', $$'interval', '1 hour', '0 9 * * *'$$, '23514', null),
  ('kind, cron, time_zone, every', $$'cron', '0 9 * * *', 'UTC', '1 hour'$$, '23514', null)
) as c (columns, fields, code, message);

select * from finish();
rollback;
