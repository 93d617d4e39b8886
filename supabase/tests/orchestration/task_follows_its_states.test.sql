-- Every change of a task's status is tried, from each to each: what is written down goes, and nothing else.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(13);

create table tests.words as
  select unnest(array['pending', 'in_progress', 'review', 'blocked', 'deferred', 'done', 'cancelled']) as word;
select tests.add_task(f.word || ' ' || t.word, status => f.word)
from tests.words as f cross join tests.words as t where f.word <> t.word;
select bag_eq(
  $$select f.word, string_agg(t.word, ' ' order by t.word) from tests.words as f cross join tests.words as t
    where f.word <> t.word and tests.refusal('acme_member', format(
      'select tests.set_status(%L, %L)', f.word || ' ' || t.word, t.word)) = 'done'
    group by f.word$$,
  $$values ('pending', 'blocked cancelled deferred done in_progress'),
    ('in_progress', 'blocked cancelled deferred done pending review'),
    ('review', 'blocked cancelled deferred done in_progress pending'),
    ('blocked', 'cancelled deferred in_progress pending'), ('deferred', 'blocked cancelled in_progress pending'),
    ('done', 'in_progress pending'), ('cancelled', 'pending')$$,
  'O2: these changes go, and no other'
);
select tests.add_task('task');
select tests.set_status('task', 'done');
select is(
  tests.refusal('acme_member', $$select tests.set_status('task', 'blocked')$$),
  format('PT409 | A task that is done cannot become blocked. | public.tasks, id %s | '
    'From done it can become pending, in_progress.',
    tests.task_id('task')),
  'O2: a refusal says from what, to what, and what is allowed'
);
select is(private.next_statuses('public.tasks', 'lost'), '{}', 'O2: nothing follows what is no status');

create function tests.try_status(title text, status text) returns text language sql as $$
  select tests.set_status(title, status);
  select concat_ws(' ', coalesce((t.started_at = now())::text, '-'), coalesce((t.finished_at = now())::text, '-'))
  from public.tasks as t where t.id = tests.task_id(try_status.title)
$$;
select tests.add_task('new');
select is(
  (select concat_ws(' ', status, priority, started_at, finished_at) from public.tasks where id = tests.task_id('new')),
  'pending medium', 'O2: a new task is pending, and has neither begun nor ended'
);
select is(tests.try_status('new', 'in_progress'), 'true -', 'O2: it begins when it is in progress');
update public.tasks set started_at = '2026-01-01' where id = tests.task_id('new');
select is(tests.try_status('new', 'review'), 'false -', 'O2: a review is no end');
select is(tests.try_status('new', 'in_progress'), 'false -', 'O2: it has begun once');
select is(tests.try_status('new', 'done'), 'false true', 'O2: it ends when it is done');
update public.tasks set title = 'renamed', finished_at = '2026-01-02' where id = tests.task_id('new');
select is(tests.try_status('new', 'done'), 'false false', 'O2: the status it has already changes nothing');
select is(tests.try_status('new', 'pending'), 'false -', 'O2: taken up again it has not ended');
select is(tests.try_status('new', 'cancelled'), 'false true', 'O2: it ends when it is cancelled');

insert into public.tasks (tenant_id, workflow_id, id, title, status, started_at, finished_at)
select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(status || coalesce(at::text, '')), 'imported', status,
  at, at + interval '1 day'
from (values ('done', '2026-01-01'::timestamptz), ('done', null), ('in_progress', null), ('cancelled', null)) as v (status, at);
select set_eq(
  $$select status, started_at = now() as began, finished_at = now() as ended from public.tasks
    where title = 'imported' and started_at is distinct from '2026-01-01'$$,
  $$values ('done', null, true), ('in_progress', true, null), ('cancelled', null, true)$$,
  'O2: what began or ended at a time unknown did so now'
);
select is(
  (select count(*) from public.tasks where started_at = '2026-01-01' and finished_at = '2026-01-02'), 1::bigint,
  'O2: an import says when it was'
);

select * from finish();
rollback;
