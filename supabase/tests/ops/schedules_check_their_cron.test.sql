-- What is written as a schedule can be run: by croner locally and by pg_cron on Supabase, which take five fields of
-- numbers, ranges, lists and steps of a range. What either refuses is refused at write.
begin;
\ir ../helpers/cast.psql
select plan(64);

create function tests.schedule(cron text) returns text language sql return format(
  'insert into ops.schedules (name, description, cron, kind, target) values (%L, %L, %L, %L, %L)', 'test-' || md5(cron),
  'test', cron, 'sql', 'select 1');

select lives_ok(tests.schedule(cron), format('P3 %s is a schedule', cron))
from unnest(array[
  '* * * * *', '*/15 * * * *', '0 2 * * *', '0 2 * * 0', '0 2 * * 7', '59 23 31 12 6', '0-29 * * * *', '0-59/5 * * * *',
  '1,2,3 4,5 6 7 *',
  '0,30 8-18 * * 1-5', '*/1 */2 */3 */4 */5', '00 02 01 01 *', '15 3 1,15 * *', '5-10,20-30/2 * * * *', '0 0 1-7 * 1',
  '* 0-23 * * *'
]) as cron;
select throws_ok(
  tests.schedule(cron), '23514', 'new row for relation "schedules" violates check constraint "cron_has_five_valid_fields"',
  format('P3 %s is none', to_json(cron))
)
from unnest(array[
  '', ' ', '*', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 0 *',
  '* * * 13 *', '* * * * 8',
  '-1 * * * *', '1- * * * *', '-5 * * * *', '1-2-3 * * * *', '*/ * * * *', '*/0 * * * *', '* */0 * * *', '* * * * */0',
  '*/60 * * * *', '1,,2 * * * *',
  '1, * * * *', ',1 * * * *', 'a * * * *', '* * * jan *', '@daily', '1.5 * * * *', '*  * * * *', ' * * * * *',
  '* * * * * ', E'* * * * *\n',
  E'*\t* * * *', '** * * * *', '*5 * * * *', '100 * * * *', '5/10 * * * *', '0-59/0 * * * *', '50-10 * * * *',
  '* 20-4 * * *', '* * 31-1 * *', '? * * * *', ' * * * *', '*  * * *', '* * * * ', '    ', '*/32 * * * * *',
  '007 * * * *'
]) as cron;

select * from finish();
rollback;
