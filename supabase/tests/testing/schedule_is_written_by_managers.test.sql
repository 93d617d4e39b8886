-- Managers write schedules, whoever made them; what the dispatcher writes is nobody else's.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(9);
select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z"}');

select tests.lives_as('acme_manager', $$ update public.test_schedules set name = 'Every night' $$, 'T4: a manager changes one');
select is((select name from public.test_schedules), 'Every night', 'T4: and it is changed');
select is(tests.rows_as('acme_member', $$ update public.test_schedules set name = 'Mine' $$), 0, 'T4: a member does not');
select is(tests.rows_as('acme_member', $$ delete from public.test_schedules $$), 0, 'T4: nor deletes one');
select is(tests.rows_as('acme_viewer', $$ select 1 from public.test_schedules $$), 1, 'T4: a viewer sees it');
select tests.throws_as(
  'acme_owner', format('update public.test_schedules set %I = null', c), '42501', 'permission denied for table test_schedules',
  'T4: no owner writes ' || c
) from unnest(array['next_run_at', 'last_run_at', 'last_error']) as c;
select is(tests.rows_as('acme_manager', $$ delete from public.test_schedules $$), 1, 'T4: a manager deletes one');

select * from finish();
rollback;
