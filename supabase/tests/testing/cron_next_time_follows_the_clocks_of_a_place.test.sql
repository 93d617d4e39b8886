-- Local times that clocks skip are shifted and not lost; those that come twice count once, unless the expression repeats.
begin;
\ir ../helpers/cast.psql
select plan(22);

create function tests.next_times(cron text, zone text, after text, count integer) returns text language plpgsql as $$
declare
  v_at timestamptz := next_times.after;
  v_times text[] := '{}';
begin
  for i in 1..next_times.count loop
    v_at := private.next_cron_time(next_times.cron, next_times.zone, v_at);
    v_times := v_times || to_char(v_at at time zone 'utc', 'DD HH24:MI');
  end loop;
  return array_to_string(v_times, ', ');
end
$$;
select is(
  tests.next_times(c.cron, c.zone, c.after, 1 + length(c.times) - length(replace(c.times, ',', ''))), c.times,
  format('T4: %s in %s: %s', c.cron, c.zone, c.why)
)
from (values
  ('30 9 * * *', 'Europe/Berlin', '2026-03-27 12:00Z', '28 08:30, 29 07:30', 'summer begins, the clock counts'),
  ('30 9 * * *', 'Europe/Berlin', '2026-10-23 12:00Z', '24 07:30, 25 08:30', 'summer ends'),
  ('30 2 * * *', 'Europe/Berlin', '2026-03-28 00:00Z', '28 01:30, 29 01:30, 30 00:30', '02:30 is skipped and becomes 03:30'),
  ('0,30 2-3 * * *', 'Europe/Berlin', '2026-03-28 12:00Z', '29 01:00, 29 01:30, 30 00:00', 'shifted onto others they are one'),
  ('*/30 2 * * *', 'Europe/Berlin', '2026-03-28 12:00Z', '29 01:00, 29 01:30, 30 00:00', 'with a star as well'),
  ('0 */2 * * *', 'Europe/Berlin', '2026-03-28 22:00Z', '28 23:00, 29 01:00, 29 02:00', 'none is lost'),
  ('30 * * * *', 'Europe/Berlin', '2026-03-28 23:45Z', '29 00:30, 29 01:30, 29 02:30', 'every hour stays every hour'),
  ('*/20 * * * *', 'Europe/Berlin', '2026-03-29 00:30Z', '29 00:40, 29 01:00, 29 01:20', 'so does every 20 minutes'),
  ('45 2,3 * * *', 'Europe/Berlin', '2026-03-29 01:10Z', '29 01:45, 30 00:45', 'asked after the change'),
  ('30 2 * * *', 'Europe/Berlin', '2026-03-29 01:29Z', '29 01:30, 30 00:30', 'just before the shifted time'),
  ('30 2 * * *', 'Europe/Berlin', '2026-10-24 12:00Z', '25 00:30, 26 01:30', 'the first of two'),
  ('30 2 * * *', 'Europe/Berlin', '2026-10-25 00:45Z', '26 01:30', 'not again'),
  ('0,30 2,3 * * *', 'Europe/Berlin', '2026-10-25 00:10Z', '25 00:30, 25 02:00', 'a list is a fixed time'),
  ('0 * * * *', 'Europe/Berlin', '2026-10-24 23:30Z', '25 00:00, 25 01:00, 25 02:00', 'every hour in both'),
  ('*/30 2 * * *', 'Europe/Berlin', '2026-10-25 00:15Z', '25 00:30, 25 01:00, 25 01:30, 26 01:00', 'a star in minutes too'),
  ('50 * * * *', 'Europe/Berlin', '2026-10-25 00:55Z', '25 01:50, 25 02:50', 'asked in the first of both hours'),
  ('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03 12:00Z', '03 15:45, 04 15:15', 'half an hour is skipped'),
  ('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04 12:00Z', '04 14:45, 05 15:15', 'half an hour comes twice'),
  ('30 0 * * *', 'America/Sao_Paulo', '2018-11-03 12:00Z', '04 03:30, 05 02:30', 'midnight is skipped'),
  ('30 23 * * *', 'America/Sao_Paulo', '2018-02-17 12:00Z', '18 01:30, 19 02:30', 'the hour before midnight comes twice'),
  ('0 9 * * *', 'Pacific/Apia', '2011-12-29 12:00Z', '29 19:00, 30 19:00, 31 19:00', 'a whole day is skipped'),
  ('0 9 30 12 *', 'Pacific/Apia', '2011-12-30 18:59Z', '30 19:00, 29 19:00', 'a day that never was')
) as c (cron, zone, after, times, why);

select * from finish();
rollback;
