-- What a worker asks for is within bounds.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(16);

select tests.enqueue('acme', 'job') from generate_series(1, 9);
create function tests.refuses(arguments text, message text) returns text language sql as $$
  select tests.throws_as('service', format('select public.claim_jobs(%s)', arguments),
    case when message like 'There is no%' then 'PT404' else '22023' end, message, 'T6: not ' || arguments)
$$;
create function tests.takes(arguments text) returns text language sql as $$
  select is(tests.rows_as('service', format('select public.claim_jobs(%s)', arguments)) > 0, true, 'T6: but ' || arguments)
$$;

select tests.refuses($$'default', 'w', 0$$, 'batch must be between 1 and 5000, and is 0.');
select tests.refuses($$'default', 'w', 5001$$, 'batch must be between 1 and 5000, and is 5001.');
select tests.refuses($$'default', 'w', null$$, 'batch must be between 1 and 5000, and is null.');
select tests.takes($$'default', 'w', 1$$);
select tests.refuses($$'default', 'w', 1, '999 milliseconds'$$, 'lease must be between 1 second and 1 day, and is 00:00:00.999.');
select tests.refuses($$'default', 'w', 1, '1 day 1 second'$$, 'lease must be between 1 second and 1 day, and is 1 day 00:00:01.');
select tests.refuses($$'default', 'w', 1, null$$, 'lease must be between 1 second and 1 day, and is null.');
select tests.takes($$'default', 'w', 1, '1 second'$$);
select tests.takes($$'default', 'w', 1, '1 day'$$);
select tests.refuses($$'default', ''$$, 'worker must be a name of 1 to 200 characters.');
select tests.refuses($$'default', repeat('w', 201)$$, 'worker must be a name of 1 to 200 characters.');
select tests.refuses($$'default', null$$, 'worker must be a name of 1 to 200 characters.');
select tests.takes($$'default', repeat('w', 200)$$);
select tests.refuses($$'none', 'w'$$, 'There is no queue ''none''.');
select tests.refuses($$null, 'w'$$, 'There is no queue null.');
select tests.takes($$'default', 'w', 5000$$);

select * from finish();
rollback;
