-- An event never fails because its month has no partition; a time that is not kept, or far ahead, is refused in plain words.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/events.psql
select plan(23);

create function tests.log_at(at text) returns text language sql immutable return tests.log('acme', format(', created_at => %s', at));
create table tests.old as select tests.month_of(now() - interval '70 days') as name, now() - interval '70 days' as at;
select is(to_regclass(name), null, 'O4 the month of 70 days ago has no partition') from tests.old;
select tests.lives_as('service', tests.log_at('now() - interval ''70 days'''), 'O4 an event of then is logged');
select tests.lives_as('service', tests.log_at('now() - interval ''70 days'''), 'O4 and another one');
select is((select count(*) from public.events as e, tests.old as o where e.tableoid = o.name::regclass),
  2::bigint, 'O4 into the partition that was made for them');
select is((select count(*) from pg_inherits where inhparent = 'public.events'::regclass), 5::bigint, 'O4 one was made');

select ok((select relrowsecurity from pg_class where oid = name::regclass), 'S4 it has row level security') from tests.old;
select is_empty(format($$select from unnest(array['anon', 'authenticated', 'service_role']) as role
  where has_table_privilege(role, %L, 'select, insert, update, delete, truncate, references, trigger')$$, name), 'S4 and nobody holds a right on it') from tests.old;
select is(tests.rows_as('acme_viewer', 'select from public.events'), 2, 'O4 its events are read through the parent');
select is(tests.rows_as('globex_owner', 'select from public.events'), 0, 'S2 not by another tenant');
select set_eq(
  format('select regexp_replace(pg_get_indexdef(indexrelid), ''^.* USING'', '''') from pg_index where indrelid = %L::regclass', name),
  'select regexp_replace(pg_get_indexdef(indexrelid), ''^.* USING'', '''') from pg_index where indrelid = ''public.events''::regclass',
  'O4 it has the indexes of all months') from tests.old;
select set_eq(
  format('select pg_get_constraintdef(oid) from pg_constraint where conrelid = %L::regclass and contype <> ''n''', name),
  'select pg_get_constraintdef(oid) from pg_constraint where conrelid = ''public.events''::regclass and contype <> ''n''',
  'O4 and its constraints') from tests.old;

select tests.throws_as('service', tests.log_at(at), '22023', 'created_at must be a time that is still kept, and at most a day ahead.',
  format('O4 not %s', at))
from unnest(array['now() - interval ''90 days 1 second''', 'now() + interval ''1 day 1 second''', '''infinity''', '''-infinity''', '''2999-01-01''']) as at;
select tests.lives_as('service', tests.log_at(at), format('O4 but %s', at))
from unnest(array['now() - interval ''90 days''', 'now() + interval ''1 day''']) as at;

-- The scheduler has stood still, and this month was never made.
do $$ begin execute format('drop table %s', tests.month_of(now())); end $$;
select tests.lives_as('acme_member', tests.log('acme'), 'O4 an event of now makes its month');
select is((select count(*) from public.events where created_at = now()), 1::bigint, 'O4 it is there');
select is((select created from ops.add_partitions() where relation = 'public.events'), 0, 'P2 making months ahead finds it made');

update ops.retention_policies set keep = null where relation = 'public.events';
select tests.lives_as('service', tests.log_at('now() - interval ''9 years'''), 'O4 what is kept for ever takes ten years');
select tests.throws_as('service', tests.log_at('now() - interval ''10 years 1 day'''), '22023',
  'created_at must be a time that is still kept, and at most a day ahead.', 'O4 and not more');

select * from finish();
rollback;
