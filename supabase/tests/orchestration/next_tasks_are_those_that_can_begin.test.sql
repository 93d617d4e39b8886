-- What can be begun: pending, waiting for nothing, without open subtasks, below nothing that is held up.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(36);

create function tests.ready_when(title text, status text) returns text language sql as $$
  select tests.set_status(title, status);
  select tests.ready()
$$;
select tests.add_task('a', place => 1);
select tests.add_task('b', place => 2);
select tests.add_task('c', place => 3);
select is(tests.ready(), 'a b c', 'O2: what is pending, in order');
select tests.depend('b', 'a');
select tests.depend('c', 'b', 'relates');
select is(tests.ready(), 'a c', 'O2: not what waits for another task; a relation keeps nobody waiting');
select tests.set_status('a', 'in_progress');
select is(tests.ready(), 'c', 'O2: nor what is being worked on, for which others wait still');
select tests.set_status('a', 'review');
select is(tests.ready(), 'c', 'O2: under review it is not done');
select tests.set_status('a', 'blocked');
select is(tests.ready(), 'c', 'O2: nor is what is blocked');
select tests.set_status('a', 'deferred');
select is(tests.ready(), 'c', 'O2: nor what is deferred');
select tests.set_status('a', 'cancelled');
select is(tests.ready(), 'b c', 'O2: what is cancelled keeps nobody waiting');
select tests.set_status('a', 'pending');
select tests.set_status('a', 'done');
select is(tests.ready(), 'b c', 'O2: nor does what is done');

select tests.add_task('b1', 'b', place => 1);
select tests.add_task('b2', 'b', place => 0);
select is(tests.ready(), 'b2 b1 c', 'O2: subtasks instead of their parent');
select tests.set_status('b1', 'done');
select tests.set_status('b2', 'in_progress');
select is(tests.ready(), 'c', 'O2: the parent waits for the last of them');
select tests.set_status('b2', 'cancelled');
select is(tests.ready(), 'b c', 'O2: and is to be closed then');
select tests.set_status('b2', 'pending');
select tests.set_status('a', 'pending');
select is(tests.ready(), 'a c', 'O2: what a parent waits for its subtasks wait for');
select tests.add_task('b21', 'b2');
select is(tests.ready(), 'a c', 'O2: and theirs');
select tests.set_status('a', 'done');
select is(tests.ready(), 'b21 c', 'O2: the deepest first');
select is(tests.ready_when('b', status), 'c', format('O2: nothing below what is %s', status))
from unnest(array['blocked', 'deferred', 'cancelled']) as status;
select is(tests.ready_when('b', status), 'b21 c', format('O2: but below what is %s', status))
from unnest(array['pending', 'in_progress', 'review', 'done']) as status;
select tests.set_status('b2', 'blocked');
select is(tests.ready(), 'c', 'O2: held up halfway');
select tests.set_status('b2', 'pending');
select tests.depend('b21', 'c');
select is(tests.ready(), 'c', 'O2: waiting by itself');

select tests.add_task('away', flow => 'other');
select tests.depend('c', 'away', on_flow => 'other');
select is(tests.ready(), null, 'O3: waiting for another workflow');
select is(tests.ready('other'), 'away', 'O2: each workflow has its own');
select tests.set_status('away', 'done');
select is(tests.ready(), 'c', 'O3: until that is done');

select tests.add_task(title, priority => priority, place => place)
from (values ('l', 'low', 0), ('m', 'medium', 4), ('h', 'high', 9), ('k', 'critical', 9)) as v (title, priority, place);
select is(tests.ready(), 'k h c m l', 'O2: the most urgent first, then by position');
select is(tests.ready(page_size => 2), 'k h', 'O2: no more than asked for');
select is(
  (select count(*) from public.next_tasks(tests.tenant_id('acme'), tests.flow_id('plan'))), 5::bigint, 'O2: ten by default'
);
select tests.add_task('many' || n, priority => 'low', place => n) from generate_series(1, 10) as n;
select is(
  (select string_agg(title, ' ') from public.next_tasks(tests.tenant_id('acme'), tests.flow_id('plan'))),
  'k h c m l many1 many2 many3 many4 many5', 'O2: and no more than that'
);
select is((select count(*) from public.next_tasks(tests.tenant_id('acme'), tests.flow_id('plan'), 1000)), 15::bigint,
  'O2: or all of them');
create function tests.set_flow(status text) returns text language sql as $$
  update public.workflows as w set status = set_flow.status where w.id = tests.flow_id('plan');
  select tests.ready(page_size => 1)
$$;
select is(tests.set_flow('paused'), null, 'O2: nothing while it is paused');
select is(tests.set_flow('failed'), null, 'O2: nor when it failed');
select tests.set_flow('active');
select is(tests.set_flow('completed'), null, 'O2: nor when it is completed');
select tests.set_flow('active');
select is(tests.set_flow('cancelled'), null, 'O2: nor when it is cancelled');
select is(tests.set_flow('planned'), 'k', 'O2: but when it is planned');

select * from finish();
rollback;
