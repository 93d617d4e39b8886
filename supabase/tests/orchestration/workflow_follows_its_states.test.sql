-- Every change of a workflow's status is tried, from each to each: what is written down goes, and nothing else.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(14);

create table tests.words as select unnest(array['planned', 'active', 'paused', 'completed', 'failed', 'cancelled']) as word;
insert into public.workflows (tenant_id, id, name, status)
select tests.tenant_id('acme'), tests.flow_id(f.word || ' ' || t.word), f.word, f.word
from tests.words as f cross join tests.words as t where f.word <> t.word;
select bag_eq(
  $$select f.word, t.word as next from tests.words as f cross join tests.words as t
    where f.word <> t.word and tests.refusal('acme_member', format(
      'update public.workflows set status = %L where id = tests.flow_id(%L)', t.word, f.word || ' ' || t.word)) = 'done'$$,
  $$values ('planned', 'active'), ('planned', 'cancelled'), ('active', 'paused'), ('active', 'completed'),
    ('active', 'failed'), ('active', 'cancelled'), ('paused', 'active'), ('paused', 'failed'), ('paused', 'cancelled'),
    ('completed', 'active'), ('failed', 'active'), ('failed', 'cancelled'), ('cancelled', 'planned')$$,
  'O1: these changes go, and no other'
);
select is(
  tests.refusal('acme_member', $$update public.workflows set status = 'planned' where id = tests.flow_id('plan')$$),
  format('PT409 | A workflow that is active cannot become planned. | public.workflows, id %s | '
    'From active it can become paused, completed, failed, cancelled.', tests.flow_id('plan')),
  'O1: a refusal says from what, to what, and what is allowed'
);
select is(private.next_statuses('public.workflows', 'lost'), '{}', 'O1: nothing follows what is no status');

create function tests.try_status(flow text, status text) returns text language sql as $$
  update public.workflows set status = try_status.status where id = tests.flow_id(flow);
  select concat_ws(' ', coalesce((w.started_at = now())::text, '-'), coalesce((w.finished_at = now())::text, '-'))
  from public.workflows as w where w.id = tests.flow_id(try_status.flow)
$$;
insert into public.workflows (tenant_id, id, name) values (tests.tenant_id('acme'), tests.flow_id('new'), 'New');
select is(
  (select concat_ws(' ', status, started_at, finished_at) from public.workflows where id = tests.flow_id('new')), 'planned',
  'O1: a new workflow is planned, and has neither begun nor ended'
);
select is(tests.try_status('new', 'active'), 'true -', 'O1: it begins when it becomes active');
update public.workflows set started_at = '2026-01-01' where id = tests.flow_id('new');
select is(tests.try_status('new', 'paused'), 'false -', 'O1: a pause is no end');
select is(tests.try_status('new', 'active'), 'false -', 'O1: it has begun once');
select is(tests.try_status('new', 'completed'), 'false true', 'O1: it ends when it is completed');
update public.workflows set name = 'Renamed', finished_at = '2026-01-02' where id = tests.flow_id('new');
select is(tests.try_status('new', 'completed'), 'false false', 'O1: the status it has already changes nothing');
select is(tests.try_status('new', 'active'), 'false -', 'O1: taken up again it has not ended');
select is(tests.try_status('new', 'failed'), 'false true', 'O1: it ends when it fails');
select is(tests.try_status('new', 'cancelled'), 'false true', 'O1: and when it is cancelled');

insert into public.workflows (tenant_id, id, name, status, started_at, finished_at)
values
  (tests.tenant_id('acme'), tests.flow_id('imported'), 'Imported', 'completed', '2026-01-01', '2026-01-02'),
  (tests.tenant_id('acme'), tests.flow_id('untimed'), 'Untimed', 'failed', null, null);
select is(
  (select concat_ws(' ', started_at::date, finished_at::date) from public.workflows where id = tests.flow_id('imported')),
  '2026-01-01 2026-01-02', 'O1: an import says when it was'
);
select is(
  (select finished_at = now() and started_at is null from public.workflows where id = tests.flow_id('untimed')), true,
  'O1: what ended at a time unknown ended now'
);

select * from finish();
rollback;
