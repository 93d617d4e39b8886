-- Each value that no job may have is refused by name, and nothing of the job is left.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(20);

create function tests.refuses(arguments text, code text, message text, description text) returns text language sql as $$
  select tests.throws_as('service', format('select public.enqueue_job(%s)', arguments), code, message, description)
$$;
create function tests.acme() returns uuid language sql immutable return tests.tenant_id('acme');
create function tests.nobody() returns uuid language sql immutable return tests.tenant_id('nobody');
grant execute on function tests.acme(), tests.nobody() to service_role;

select tests.refuses($$tests.nobody(), 'a'$$, 'PT404', 'There is no such tenant.', 'T6: an unknown tenant');
select tests.refuses($$tests.nobody(), 'a', dedupe_key => 'k'$$, 'PT404', 'There is no such tenant.', 'T6: also with a key');
select tests.refuses($$tests.acme(), 'a', queue => 'none'$$, 'PT404', 'There is no queue ''none''.', 'T6: an unknown queue');
select tests.refuses($$tests.acme(), 'a', queue => null$$, 'PT404', 'There is no queue null.', 'T6: no queue');
select tests.refuses($$tests.acme(), 'a', dedupe_window => '1 hour'$$, '22023',
  'dedupe_window must be longer than nothing and needs a dedupe_key.', 'T6: a window without a key');
select tests.refuses($$tests.acme(), 'a', dedupe_key => 'k', dedupe_window => '0'$$, '22023',
  'dedupe_window must be longer than nothing and needs a dedupe_key.', 'T6: a window of nothing');
select tests.refuses($$tests.acme(), 'a', dedupe_key => 'k', dedupe_window => '-1 s'$$, '22023',
  'dedupe_window must be longer than nothing and needs a dedupe_key.', 'T6: a window gone by');

create function tests.breaks(arguments text, rule text, description text) returns text language sql as $$
  select tests.refuses(arguments, '23514',
    format('new row for relation "job_queue" violates check constraint "%s"', rule), description)
$$;
select tests.breaks($$tests.acme(), ''$$, 'type_has_1_to_100_characters', 'T6: a type without a name');
select tests.breaks($$tests.acme(), repeat('x', 101)$$, 'type_has_1_to_100_characters', 'T6: a type of 101 characters');
select tests.breaks($$tests.acme(), 'a', '[]'$$, 'payload_is_an_object_of_at_most_256_kb', 'T6: a payload that is no object');
select tests.breaks($$tests.acme(), 'a', jsonb_build_object('x', repeat('x', 262144))$$,
  'payload_is_an_object_of_at_most_256_kb', 'T6: a payload above 256 kB');
select tests.breaks($$tests.acme(), 'a', priority => 1001$$, 'priority_is_between_minus_1000_and_1000', 'T6: too high');
select tests.breaks($$tests.acme(), 'a', priority => -1001$$, 'priority_is_between_minus_1000_and_1000', 'T6: too low');
select tests.breaks($$tests.acme(), 'a', run_at => 'infinity'$$, 'run_at_is_a_time', 'T6: never');
select tests.breaks($$tests.acme(), 'a', max_attempts => 101$$, 'max_attempts_is_between_1_and_100', 'T6: 101 attempts');
select tests.breaks($$tests.acme(), 'a', dedupe_key => ''$$, 'dedupe_key_has_1_to_200_characters', 'T6: an empty key');
select tests.breaks($$tests.acme(), 'a', dedupe_key => repeat('k', 201)$$, 'dedupe_key_has_1_to_200_characters',
  'T6: a key of 201 characters');
select tests.lives_as('service', $$select public.enqueue_job(tests.acme(), repeat('x', 100), jsonb_build_object('x', repeat('x', 262135)),
  priority => 1000, max_attempts => 100, dedupe_key => repeat('k', 200), dedupe_window => '1 microsecond')$$,
  'T6: the highest of everything is taken');
select tests.lives_as('service', $$select public.enqueue_job(tests.acme(), 'x', priority => -1000, max_attempts => 1)$$,
  'T6: and the lowest');
select is((select count(*) from private.job_keys), 1::bigint, 'T6: what was refused left no key');

select * from finish();
rollback;
