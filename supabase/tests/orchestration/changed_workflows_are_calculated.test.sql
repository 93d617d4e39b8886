-- The schedule calculates what has changed since it was calculated, the longest ago first, so many at a time.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(11);

-- Those of the demo are none of this test's.
delete from public.workflows;
alter table public.workflows disable trigger _200_touch;
insert into public.workflows (tenant_id, id, name, updated_at)
select tests.tenant_id(tenant), tests.flow_id(name), name, now() - since
from (values
  ('acme', 'first', interval '3 hours'), ('globex', 'second', '2 hours'), ('acme', 'third', '1 hour'),
  ('acme', 'now', '0'), ('acme', 'forgotten', '8 days'), ('acme', 'large', '4 hours')
) as v (tenant, name, since);
update public.workflows set tasks_total = 10001 where name = 'large';
create function tests.calculated_ones() returns text language sql
  begin atomic;
    select string_agg(w.name, ' ' order by w.name) from public.workflows as w
    where exists (select from public.workflow_analytics as a where a.tenant_id = w.tenant_id and a.workflow_id = w.id);
  end;

select is(ops.calculate_changed_workflows(at_most => 2), 2, 'O6: two at a time');
select is(tests.calculated_ones(), 'first second', 'O6: the longest ago first, of every tenant');
select is(ops.calculate_changed_workflows(budget => '-1 second'), 0, 'O6: none is begun after the budget');
select is(ops.calculate_changed_workflows(), 1, 'O6: the rest');
select is(tests.calculated_ones(), 'first second third', 'O6: but for what has just changed, or a week ago, or is too large');
select is(ops.calculate_changed_workflows(), 0, 'O6: then nothing is left to do');
update public.workflow_analytics set calculated_at = now() - interval '90 minutes';
select is(ops.calculate_changed_workflows(), 1, 'O6: what changed after it was calculated is calculated again');

-- What cannot be calculated stops nobody else.
update public.workflow_analytics set calculated_at = now() - interval '1 day', day = day - 1;
alter table public.workflow_analytics
  add constraint none_of_globex check (tenant_id <> tests.tenant_id('globex') or calculated_at < now()) not valid;
select is(ops.calculate_changed_workflows(), 2, 'O6: the others are calculated');
select results_eq('select count(*) from public.workflow_analytics group by workflow_id order by 1', 'values (1::bigint), (2), (2)',
  'O6: another day is another row');
select is((select count(*) from ops.schedules where name = 'calculate-workflow-analytics' and is_enabled), 1::bigint,
  'P3: there is a schedule for it');
update public.workflow_analytics set day = day - 400;
select results_eq($$select removed, has_more from ops.clean_up('public.workflow_analytics')$$,
  $$select count(*), false from public.workflow_analytics$$, 'O6: rows go after a year');

select * from finish();
rollback;
