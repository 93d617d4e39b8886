-- Names, ranges, lists, steps, last days, macros and any white space.
begin;
\ir ../helpers/cast.psql
select plan(29);

create function tests.cron(cron text, field text) returns text language sql return (
  select array_to_string(array(select jsonb_array_elements_text(to_jsonb(c) -> cron.field)), ' ')
  from private.parse_cron(cron.cron) as c
);
select is(tests.cron(c.cron, c.field), c.numbers, format('T4: %s: %s', c.cron, c.field))
from (values
  ('5 * * * *', 'minutes', '5'),
  ('*/20 * * * *', 'minutes', '0 20 40'),
  ('50/3 * * * *', 'minutes', '50 53 56 59'),
  ('1-9/4,30,30 * * * *', 'minutes', '1 5 9 30'),
  ('0 9-17/4 * * *', 'hours', '9 13 17'),
  ('0 0 1,15 * *', 'days', '1 15'),
  ('0 0 L * *', 'days', '32'),
  ('0 0 1 JAN,mar-May *', 'months', '1 3 4 5'),
  ('0 0 1 dec *', 'months', '12'),
  ('0 0 1 */6 *', 'months', '1 7'),
  ('0 0 * * mon-FRI', 'weekdays', '1 2 3 4 5'),
  ('0 0 * * 7', 'weekdays', '0'),
  ('0 0 * * sun', 'weekdays', '0'),
  ('0 0 * * *', 'weekdays', '0 1 2 3 4 5 6'),
  ('0 0 * * sat-sun', 'weekdays', '0 6'),
  ('0 0 * * 0-0', 'weekdays', '0'),
  ('0 0 * * fri#2,5L,7#1', 'weekdays', '10 25 65'),
  ('0 0 ? * ?', 'weekdays', '0 1 2 3 4 5 6'),
  (E' 0\t 12   * * 1 ', 'hours', '12')
) as c (cron, field, numbers);


select is(
  (select to_jsonb(a) from private.parse_cron(c.macro) as a), (select to_jsonb(b) from private.parse_cron(c.cron) as b),
  'T4: ' || c.macro
)
from (values
  ('@yearly', '0 0 1 1 *'), ('@annually', '0 0 1 1 *'), ('@Monthly', '0 0 1 * *'), ('@weekly', '0 0 * * 0'),
  ('@daily', '0 0 * * *'), ('@midnight', '0 0 * * *'), ('@hourly', '0 * * * *')
) as c (macro, cron);

select results_eq(
  $$ select array_agg(c.needs_both order by n)
     from unnest(array['0 0 1 * 1', '0 0 * * 1', '0 0 1 * *', '0 0 */2 * 1', '0 0 ? * 1']) with ordinality as e (cron, n)
     cross join lateral private.parse_cron(e.cron) as c $$,
  $$ values ('{f, t, t, t, t}'::boolean[]) $$, 'T4: one day field is enough when neither begins with a star'
);
select results_eq(
  $$ select array_agg(c.is_repeating order by n)
     from unnest(array['0 2 * * *', '*/5 2 * * *', '0 * * * *', '0 0-23 * * *', '0,*/5 1 * * *']) with ordinality as e (cron, n)
     cross join lateral private.parse_cron(e.cron) as c $$,
  $$ values ('{f, t, t, f, f}'::boolean[]) $$, 'T4: a star at the beginning of minute or hour makes it repeating'
);
select lives_ok($$ select private.require_cron(repeat('0,', 145) || '0 * * * *') $$, 'T4: 300 letters are enough');

select * from finish();
rollback;
