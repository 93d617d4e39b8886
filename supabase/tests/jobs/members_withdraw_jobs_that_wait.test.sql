-- A member takes back a job of their own, a manager any of the tenant, as long as it waits.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(17);

create function tests.add(type text, who text, tenant text default 'acme', queue text default 'default') returns void
  language sql as $$
  insert into public.job_queue (tenant_id, type, requested_by, queue)
  values (tests.tenant_id(tenant), type, tests.user_id(who), queue)
$$;
select tests.add('mine', 'acme_member'), tests.add('mine too', 'acme_member'), tests.add('hers', 'acme_member2');
select tests.add('a customer''s', 'acme_customer'), tests.add('another customer''s', 'acme_north');
select tests.add('theirs', 'globex_member', 'globex'), tests.enqueue('acme', 'a system''s');
select tests.add('running', 'acme_member', queue => 'testing'), tests.add('running elsewhere', 'acme_member2', queue => 'testing');
select tests.claim(2, 'testing');
create function tests.withdraw(type text, tenant text default 'acme') returns text language sql as $$
  select format('select public.withdraw_job(%L, %L)', tests.tenant_id(tenant), coalesce(tests.job_id(type), gen_random_uuid()))
$$;
create function tests.has_no(who text, type text, description text) returns text language sql as $$
  select tests.throws_as(who, tests.withdraw(type), 'PT404', 'There is no such job.', description)
$$;

select tests.lives_as('acme_member', tests.withdraw('mine'), 'T6: a member withdraws a job of their own');
select is(tests.status_of('mine'), 'cancelled', 'T6: it is cancelled');
select tests.has_no('acme_member', 'hers', 'T6: that of a colleague is not there');
select tests.has_no('acme_member', 'a system''s', 'T6: nor is that of a system');
select tests.has_no('acme_member', 'running elsewhere', 'T6: nor one at work');
select tests.has_no('acme_member2', 'mine', 'T6: nor one that is over');
select tests.lives_as('acme_customer', tests.withdraw('a customer''s'), 'T6: a customer withdraws their own');
select tests.has_no('acme_customer', 'another customer''s', 'T6: and no other');

select tests.lives_as('acme_manager', tests.withdraw('hers'), 'T6: a manager withdraws anybody''s');
select tests.lives_as('acme_owner', tests.withdraw('a system''s'), 'T6: an owner also a system''s');
select tests.throws_as('acme_member', tests.withdraw('running'), 'PT409', 'The job runs already.', 'T6: not one that runs');
select tests.throws_as('acme_owner', tests.withdraw('running'), 'PT409', 'The job runs already.', 'T6: whoever one is');
select tests.throws_as('acme_member', tests.withdraw('mine'), 'PT409', 'The job is over: cancelled.', 'T6: nor one that is over');

select tests.throws_as('acme_owner', tests.withdraw('theirs'), 'PT404', 'There is no such job.',
  'S2: another tenant''s job is not there');
select tests.throws_as('acme_owner', tests.withdraw('theirs', 'globex'), 'PT404', 'There is no such tenant.',
  'S2: neither is the tenant');
select tests.throws_as('acme_owner', tests.withdraw('theirs', 'nobody'), 'PT404', 'There is no such tenant.',
  'S2: like one that nobody has');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
