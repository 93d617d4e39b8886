-- Members ask for jobs of the types that are open to their role, in their own tenant.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(16);

insert into ops.job_types (type, queue, lowest_role)
values ('report', 'testing', 'manager'), ('mail', 'default', 'member'), ('export', 'default', 'customer');
create function tests.request(type text, tenant text default 'acme') returns text language sql immutable
  return format('select * from public.request_job(%L, %L)', tests.tenant_id(tenant), type);

select tests.lives_as('acme_manager', tests.request('report'), 'T6: a manager asks for a job of managers');
select tests.throws_as('acme_member', tests.request('report'), '42501', 'This needs the role manager or a higher one.',
  'T6: a member does not');
select tests.lives_as('acme_member', tests.request('mail'), 'T6: but for one of members');
select tests.throws_as('acme_customer', tests.request('mail'), '42501', 'This needs the role member or a higher one.',
  'T6: a customer does not');
select tests.lives_as('acme_customer', tests.request('export'), 'T6: but for one of customers');
select tests.throws_as('acme_owner', tests.request('secret'), 'PT404', 'There is no job of type ''secret'' to ask for.',
  'T6: nobody asks for a type that is not open');
select tests.throws_as('acme_owner', tests.request(null), 'PT404', 'There is no job of type null to ask for.', 'T6: or for none');

select tests.throws_as('acme_owner', tests.request('report', 'globex'), 'PT404', 'There is no such tenant.',
  'S2: another tenant answers');
select tests.throws_as('acme_owner', tests.request('report', 'nobody'), 'PT404', 'There is no such tenant.',
  'S2: like an unknown one');
select tests.throws_as('acme_owner', tests.request('secret', 'globex'), 'PT404', 'There is no such tenant.',
  'S2: whatever is asked for');
select tests.throws_as('service', tests.request('mail'), '42501', 'permission denied for function request_job',
  'T6: the service role enqueues');

select results_eq(
  $$select type, queue, priority::integer, max_attempts::integer, requested_by, run_at from public.job_queue order by type$$,
  $$values ('export', 'default', 0, 5, tests.user_id('acme_customer'), now()),
    ('mail', 'default', 0, 5, tests.user_id('acme_member'), now()),
    ('report', 'testing', 0, 5, tests.user_id('acme_manager'), now())$$,
  'T6: each job is in the queue of its type, and says who asked'
);

select tests.sign_in('acme_member');
select results_eq(
  $$select is_duplicate from public.request_job(tests.tenant_id('acme'), 'mail', '{"n": 1}', now() + interval '1 hour', 'k')
    union all
    select is_duplicate from public.request_job(tests.tenant_id('acme'), 'mail', dedupe_key => 'k')$$,
  array[false, true], 'T6: a key makes no second job here either'
);
select tests.as_operator();
select results_eq(
  $$select payload, run_at, dedupe_key from public.job_queue where not is_due$$,
  $$values ('{"n": 1}'::jsonb, now() + interval '1 hour', 'k')$$, 'T6: payload, time and key are the caller''s'
);
delete from public.users where id = tests.user_id('acme_customer');
select is(
  (select requested_by from public.job_queue where type = 'export'), tests.user_id('acme_customer'),
  'T6: who asked is remembered when the account goes'
);
select is_empty('select * from tests.broken_jobs', 'T6: queue, leases and keys agree');

select * from finish();
rollback;
