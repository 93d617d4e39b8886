-- What can be begun is kept beside the tasks, follows them, and can be made anew.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
\ir ../helpers/readiness.psql
select plan(11);

select tests.add_task(t, p) from (values ('a', null), ('b', null), ('b1', 'b'), ('b11', 'b1')) as v (t, p);
select tests.depend('b', 'a');
select is(tests.untrue(), 0::bigint, 'O2: it is true of what was added');
select results_eq(
  $$select t.title, r.open_blockers, r.dependents, r.open_subtasks, r.subtasks, r.is_held, r.is_ready
    from private.task_readiness as r join public.tasks as t on t.id = r.task_id order by t.title$$,
  $$values ('a', 0, 1, 0, 0, false, true), ('b', 1, 0, 1, 1, false, false), ('b1', 0, 0, 1, 1, true, false),
    ('b11', 0, 0, 0, 0, true, false)$$,
  'O2: it says what each waits for'
);
select tests.set_status('a', 'done');
select is(tests.untrue(), 0::bigint, 'O2: it follows a status, down to the last subtask');
select is(tests.ready(), 'b11', 'O2: which can be begun');
update public.tasks set priority = 'low', position = 7 where id = tests.task_id('b11');
select is(tests.untrue(), 0::bigint, 'O2: and a place in the order');

-- Rows that were loaded with the triggers off.
set local session_replication_role = replica;
select tests.add_task('c', 'b');
select tests.depend('a', 'c', on_flow => 'plan');
delete from public.tasks where id = tests.task_id('b11');
update public.tasks set status = 'blocked' where id = tests.task_id('b');
set local session_replication_role = origin;
select cmp_ok(tests.untrue(), '>=', 4::bigint, 'X3: without its triggers it is wrong about them');
select is(private.rebuild_task_readiness(tests.tenant_id('acme')), 4::bigint, 'X3: it is made anew for a tenant');
select is(tests.untrue(), 0::bigint, 'X3: and true again');

select tests.throws_as(who, 'select from private.task_readiness', '42501', 'permission denied for table task_readiness',
  format('O2: %s does not read it', who))
from unnest(array['acme_owner', 'service']) as who;
delete from public.workflows where id = tests.flow_id('plan');
select is_empty('select from private.task_readiness', 'O2: it goes with the tasks');

select * from finish();
rollback;
