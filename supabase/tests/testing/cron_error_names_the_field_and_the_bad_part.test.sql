-- A wrong cron expression is refused with the field and what is wrong in it.
begin;
\ir ../helpers/cast.psql
select plan(38);

select throws_ok(
  format('select private.require_cron(%L)', c.cron), '22023', 'cron: ' || c.message, 'T4: refused: ' || left(c.cron, 20)
)
from (values
  ('60 * * * *', 'the minute field holds 60; it goes from 0 to 59.'),
  ('* 24 * * *', 'the hour field holds 24; it goes from 0 to 23.'),
  ('* * 0 * *', 'the day field holds 0; it goes from 1 to 31.'),
  ('* * 32 * *', 'the day field holds 32; it goes from 1 to 31.'),
  ('* * * 13 *', 'the month field holds 13; it goes from 1 to 12.'),
  ('* * * 0 *', 'the month field holds 0; it goes from 1 to 12.'),
  ('* * * * 8', 'the weekday field holds 8; it goes from 0 to 7.'),
  ('* * * * 8#1', 'the weekday field holds 8; it goes from 0 to 7.'),
  ('* 99999999999 * * *', 'the hour field holds 99999999999; it goes from 0 to 23.'),
  ('5-60 * * * *', 'the minute field holds 60; it goes from 0 to 59.'),
  ('1,,2 * * * *', 'the minute field holds nothing, which it does not know.'),
  (', * * * *', 'the minute field holds nothing, which it does not know.'),
  ('-5 * * * *', 'the minute field holds -5, which it does not know.'),
  ('*-5 * * * *', 'the minute field holds *-5, which it does not know.'),
  ('1-2-3 * * * *', 'the minute field holds 1-2-3, which it does not know.'),
  ('5/ * * * *', 'the minute field holds 5/, which it does not know.'),
  ('jan * * * *', 'the minute field holds jan, which it does not know.'),
  ('* * * mon *', 'the month field holds mon, which it does not know.'),
  ('* * * * jan', 'the weekday field holds jan, which it does not know.'),
  ('* * * * fri#6', 'the weekday field holds fri#6, which it does not know.'),
  ('* * fri#2 * *', 'the day field holds fri#2, which it does not know.'),
  ('* l * * *', 'the hour field holds l, which it does not know.'),
  ('* * * * l', 'the weekday field holds l, which it does not know.'),
  ('? * * * *', 'the minute field holds ?, which it does not know.'),
  ('* * * ? *', 'the month field holds ?, which it does not know.'),
  ('20-10 * * * *', 'the minute field holds 20-10, a range that goes down.'),
  ('* * * * fri-mon', 'the weekday field holds fri-mon, a range that goes down.'),
  ('*/0 * * * *', 'the minute field holds */0; its steps go from 1 to 59.'),
  ('*/60 * * * *', 'the minute field holds */60; its steps go from 1 to 59.'),
  ('* 1/99999999999 * * *', 'the hour field holds 1/99999999999; its steps go from 1 to 23.'),
  ('* * * *', '4 fields where five belong: minute, hour, day, month and weekday.'),
  ('0 * * * * *', '6 fields where five belong: minute, hour, day, month and weekday.'),
  ('@fortnightly', 'there is no @fortnightly; there are @hourly, @daily, @weekly, @monthly and @yearly.'),
  ('  ', 'an expression has 1 to 300 letters.'),
  (repeat('0,', 150) || '0 * * * *', 'an expression has 1 to 300 letters.'),
  ('0 0 31 2 *', 'no such day ever comes.'),
  ('0 0 31 4,6,9,11 *', 'no such day ever comes.')
) as c (cron, message);
select throws_ok(
  'select private.require_cron(null)', '22023', 'cron: an expression has 1 to 300 letters.', 'T4: refused: none'
);

select * from finish();
rollback;
