-- Tenants that have enough jobs get as many as each other, whether or not a batch can be divided among them.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(14);

-- Ids in the order of the names, so that the ends of their order are tried too.
create function tests.tenant_number(n integer) returns uuid language sql immutable
  return (lpad(to_hex(n), 8, '0') || '-0000-0000-0000-000000000000')::uuid;
insert into public.tenants (id, name, slug)
select tests.tenant_number(n), 'T', 'tests-number-' || n from generate_series(1, 120) as n;
create function tests.fill(tenants integer, jobs integer) returns void language sql as $$
  delete from public.job_queue;
  delete from private.job_leases;
  insert into public.job_queue (tenant_id, type)
  select tests.tenant_number(t), to_char(t, 'FM000') from generate_series(1, tenants) as t, generate_series(1, jobs)
$$;
-- The fewest and the most jobs that one of the tenants got.
create function tests.extremes(claims integer, batch integer, worker text) returns text language sql as $$
  select format('%s to %s', min(n), max(n))
  from (
    select split_part(part, ' ', 2)::integer as n
    from unnest(string_to_array(tests.claim_often(claims, batch, worker), ', ')) as part
  ) as counted
$$;

select tests.fill(3, 100);
select is(tests.claim_often(6, 1, 'a'), '001 2, 002 2, 003 2', 'T6: three tenants, one job a time');
select is(tests.claim_often(3, 2, 'b'), '001 2, 002 2, 003 2', 'T6: two a time');
select is(tests.claim_often(3, 10, 'c'), '001 10, 002 10, 003 10', 'T6: ten a time');
select is(tests.claim_often(1, 30, 'd'), '001 10, 002 10, 003 10', 'T6: thirty a time');

select tests.fill(11, 100);
select is(tests.extremes(11, 10, 'e'), '10 to 10', 'T6: eleven tenants, ten a time: the last one has no batch of its own');
select tests.fill(75, 10);
select is(tests.extremes(3, 50, 'f'), '2 to 2', 'T6: 75 tenants, fifty a time');
select tests.fill(120, 10);
select is(tests.extremes(6, 200, 'g'), '10 to 10', 'T6: 120 tenants, two hundred a time');

-- The third has one job a claim: what it leaves of its share is shared too.
select tests.fill(2, 100);
create function tests.trickle() returns text language sql as $$
  insert into public.job_queue (tenant_id, type) values (tests.tenant_number(3), '003');
  select tests.claim_often(1, 30, 'h')
$$;
select is(tests.trickle(), '001 15, 002 14, 003 1', 'T6: what one leaves is shared among the others');
select is(tests.trickle(), '001 14, 002 15, 003 1', 'T6: by turns');
select is(tests.trickle(), '001 15, 002 14, 003 1', 'T6: and by turns');

select tests.fill(1, 3);
select tests.enqueue_many('acme', 'rest', 7);
select is(tests.claim_often(1, 20, 'i'), '001 3, rest 7', 'T6: a batch larger than the queue takes all of it');
select is(tests.claim_often(2, 20, 'i'), null, 'T6: and an empty queue gives nothing');

select tests.fill(3, 1);
select is(tests.claim(1, worker => 'j') || tests.claim(1, worker => 'j') || tests.claim(1, worker => 'j'), '{001,002,003}',
  'T6: turns go on where the last claim of the worker ended');
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
