-- From viewer up, members read what waits, runs and is over in their tenant; nobody writes it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(17);

select tests.enqueue(t, t) from unnest('{acme,globex}'::text[]) as t;
select tests.enqueue('acme', 'over', 'testing'), tests.enqueue('globex', 'over', 'testing');
select tests.claim(2, 'testing');
select public.complete_jobs(lease_id) from private.job_leases;

create function tests.sees(who text, expected text, description text) returns text language sql as $$
  select is(tests.value_as(who, 'select format(''%s waiting, %s over'', (select count(*) from public.job_queue),
    (select count(*) from public.finished_jobs))'), expected, description)
$$;
select tests.sees('acme_viewer', '1 waiting, 1 over', 'T6: a viewer sees the tenant''s jobs');
select tests.sees('acme_member', '1 waiting, 1 over', 'T6: so does a member');
select tests.sees('acme_owner', '1 waiting, 1 over', 'T6: and an owner');
select tests.sees('both_member', '2 waiting, 2 over', 'T6: who is in two tenants sees those of both');
select tests.sees('acme_customer', '0 waiting, 0 over', 'T6: a customer sees none');
select tests.sees('acme_suspended', '0 waiting, 0 over', 'S2: nor does who was suspended');
select tests.sees('stranger', '0 waiting, 0 over', 'S2: nor a stranger');
select tests.sees('service', '2 waiting, 2 over', 'T6: the service role sees all');
select results_eq(
  format('select tenant_id from public.job_queue where type = %L', 'acme'), array[tests.tenant_id('acme')], 'T6: there are jobs'
);
select is(tests.value_as('globex_member', 'select string_agg(type, '','') from public.job_queue'), 'globex', 'S2: each their own');

create function tests.is_closed(who text, statement text) returns text language sql as $$
  select tests.throws_as(who, statement, '42501', 'permission denied for table ' || (regexp_match(statement, 'public\.(\w+)'))[1],
    format('T6: %s: no %s', who, statement))
$$;
select tests.is_closed('acme_owner', 'delete from public.job_queue');
select tests.is_closed('acme_owner', 'update public.job_queue set type = type');
select tests.is_closed('acme_owner', 'insert into public.job_queue default values');
select tests.is_closed('service', 'delete from public.finished_jobs');
select tests.is_closed('service', 'update public.job_queue set lease_id = null');
select tests.is_closed('service', 'insert into public.job_queue default values');
select tests.throws_as('service', 'select from private.job_leases', '42501', 'permission denied for table job_leases',
  'T6: leases are for functions only');

select * from finish();
rollback;
