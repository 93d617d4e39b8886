-- A run is running, or has ended after it began.
begin;
\ir ../helpers/cast.psql
select plan(7);

create function tests.run(what text) returns text language sql
  return 'insert into ops.schedule_runs (schedule_name, started_at, finished_at, status) values (''add-partitions'', ' || what || ')';
select lives_ok(tests.run(what), format('P3 %s', what))
from (values ('now(), null, ''running'''), ('now(), now(), ''succeeded'''),
  ('now(), now() + interval ''1 s'', ''failed''')) as v (what);
select throws_ok(tests.run(what), '23514',
  format('new row for relation "schedule_runs" violates check constraint "%s"', name), format('P3 not: %s', what))
from (values
  ('now(), now(), ''running''', 'is_finished_unless_running'),
    ('now(), null, ''failed''', 'is_finished_unless_running'),
  ('now(), now() - interval ''1 s'', ''failed''', 'ends_after_it_starts')
) as v (what, name);
delete from ops.schedules where name = 'add-partitions';
select is((select count(*) from ops.schedule_runs where schedule_name = 'add-partitions'), 0::bigint,
  'P3 runs go with their schedule');

select * from finish();
rollback;
