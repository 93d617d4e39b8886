-- A member cancels what is not over; nobody below does, and no other tenant's.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/testing_schedules.psql
select plan(8);
select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z"}');
select tests.dispatch('2026-01-02 02:00Z');
create function tests.cancelling(tenant text default 'acme') returns text language sql stable return format(
  'select public.cancel_test_execution(%L, %L)', tests.tenant_id(tenant), (select id from public.scheduled_test_executions)
);

select tests.throws_as('acme_viewer', tests.cancelling(), '42501', 'This needs the role member or a higher one.', 'T5: no viewer');
select tests.throws_as('globex_member', tests.cancelling(), 'PT404', 'There is no such tenant.', 'T5: nobody of another tenant');
select tests.throws_as('globex_member', tests.cancelling('globex'), 'PT404', 'There is no such execution.', 'T5: nor by its id');
select tests.lives_as('acme_member', tests.cancelling(), 'T5: a member');
select is((select status from public.scheduled_test_executions), 'cancelled', 'T5: it is cancelled');
select tests.throws_as('acme_member', tests.cancelling(), 'PT409',
  'An execution that is cancelled cannot become cancelled.', 'T5: once');
select tests.throws_as('service', replace(tests.cancelling(), 'cancel', 'start'), 'PT409',
  'An execution that is cancelled cannot become running.', 'T5: its worker learns of it');
delete from public.scheduled_test_executions;
update public.test_schedules set next_run_at = '2026-01-02 02:00Z';
select tests.dispatch('2026-01-02 02:00Z');
select tests.lives_as('service', tests.cancelling(), 'T5: the service role');

select * from finish();
rollback;
