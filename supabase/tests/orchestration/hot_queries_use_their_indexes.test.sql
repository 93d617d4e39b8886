-- With ten thousand tasks in one workflow each hot query of a member reads what it returns, by an index, and little more.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(27);

-- The second half waits, each for one of the first, and is more urgent.
insert into public.tasks (tenant_id, workflow_id, id, title, position, priority, source, source_key)
select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(n::text), 'Task ' || n, n,
  case when n > 5000 then 'high' else 'low' end, 'file', n::text
from generate_series(1, 10000) as n;
insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
select tests.tenant_id('acme'), tests.flow_id('plan'), tests.task_id(n::text), tests.task_id((n - 5000)::text)
from generate_series(5001, 10000) as n;
update public.tasks set parent_id = tests.task_id('1') where id in (tests.task_id('2'), tests.task_id('3'));
select tests.add_task('other ' || n, flow => 'other', place => n) from generate_series(1, 100) as n;
insert into public.workflows (tenant_id, name) select tests.tenant_id('acme'), 'More' from generate_series(1, 2000);
analyze public.workflows, public.tasks, public.task_dependencies, private.task_readiness;

create function tests.plan_of(statement text) returns text language plpgsql as $$
declare
  v_line text;
  v_plan text := '';
begin
  perform tests.sign_in('acme_member');
  for v_line in execute 'explain (costs off) ' || statement loop
    v_plan := v_plan || v_line || E'\n';
  end loop;
  perform tests.as_operator();
  return v_plan;
end
$$;
-- For one workflow a sort would be as cheap, so it is switched off to see whether the index can serve.
set local enable_sort = off;
set local enable_bitmapscan = off;
create table tests.hot (statement text, index_name text);
insert into tests.hot
select format('%s where tenant_id = %L and %s', beginning, tests.tenant_id('acme'), rest), index_name
from (values
  ('select * from public.workflows', 'true order by created_at desc, id desc limit 50', 'workflows_page_idx'),
  ('select * from public.tasks', format('workflow_id = %L and parent_id is null order by position, id limit 50',
    tests.flow_id('other')), 'tasks_top_idx'),
  ('select * from public.tasks', format('workflow_id = %L and parent_id = %L order by position, id limit 50',
    tests.flow_id('plan'), tests.task_id('1')), 'tasks_children_idx'),
  ('select * from public.tasks', format('workflow_id = %L and id > %L order by id limit 50', tests.flow_id('other'),
    tests.task_id('1')), 'tasks_tenant_id_workflow_id_id_key'),
  ('select * from public.tasks', format('workflow_id = %L and id < %L order by id desc limit 50', tests.flow_id('other'),
    tests.task_id('1')), 'tasks_tenant_id_workflow_id_id_key'),
  ('select * from public.tasks', format('assignee_id = %L limit 50', tests.user_id('acme_member')),
    'tasks_tenant_id_assignee_id_idx'),
  ('select * from public.tasks', format('workflow_id = %L and source_key = ''17''', tests.flow_id('plan')),
    'tasks_tenant_id_workflow_id_source_key_key'),
  ('update public.tasks set status = ''done''', format('id = %L', tests.task_id('1')), 'tasks_pkey'),
  ('select * from public.task_dependencies', format('workflow_id = %L and task_id = %L', tests.flow_id('plan'),
    tests.task_id('9000')), 'task_dependencies_tenant_id_workflow_id_task_id_depends_on_key'),
  ('select * from public.task_dependencies', format('depends_on_workflow_id = %L and depends_on_id = %L',
    tests.flow_id('plan'), tests.task_id('4000')), 'task_dependencies_depends_on_idx')
) as v (beginning, rest, index_name);
select matches(tests.plan_of(statement), 'Index (Only )?Scan (Backward )?using ' || index_name, format('F2: %s', left(statement, 70)))
from tests.hot;
select doesnt_match(tests.plan_of(statement), 'Sort|Seq Scan on (tasks|workflows|task_dep)', format('F2: in order: %s', left(statement, 70)))
from tests.hot;

set local enable_sort = on;
set local enable_bitmapscan = on;

-- What the functions read is counted by the server.
create function tests.reads(statement text) returns bigint[] language plpgsql as $$
declare
  v_before bigint[];
  v_after bigint[];
begin
  perform tests.sign_in('acme_member');
  -- Once to plan it.
  perform tests.rows(statement);
  perform tests.as_operator();
  for turn in 1..2 loop
    v_before := v_after;
    select array[sum(r.seq_tup_read), sum(r.idx_tup_fetch)] into v_after
    from pg_stat_xact_user_tables as r where r.relname in ('workflows', 'tasks', 'task_dependencies', 'task_readiness');
    exit when turn = 2;
    perform tests.sign_in('acme_member');
    perform tests.rows(statement);
    perform tests.as_operator();
  end loop;
  return array[v_after[1] - v_before[1], v_after[2] - v_before[2]];
end
$$;
create table tests.read as
select n, tests.reads(statement) as rows
from (values
  (1, $$select from public.next_tasks(tests.tenant_id('acme'), tests.flow_id('plan'))$$),
  (2, $$select from public.update_task_status(tests.tenant_id('acme'), tests.task_id('4'), 'in_progress')$$),
  (3, $$select from public.update_task_status(tests.tenant_id('acme'), tests.task_id('5'),
    (select case t.status when 'pending' then 'done' else 'pending' end from public.tasks as t where t.id = tests.task_id('5')))$$),
  (4, $$select tests.depend('10000', (5000 + (select count(*) from public.task_dependencies
    where tenant_id = tests.tenant_id('acme') and workflow_id = tests.flow_id('plan') and task_id = tests.task_id('10000')))::text)$$)
) as v (n, statement);
select is(rows[1], 0::bigint, format('F2: function %s reads no table from end to end', n)) from tests.read where n < 4 order by n;
-- Of the 5,000 urgent tasks, which wait, none is passed.
select cmp_ok((select rows[2] from tests.read where n = 1), '<=', 25::bigint, 'O2: the next tasks cost what is returned');
select cmp_ok((select rows[2] from tests.read where n = 2), '<=', 20::bigint, 'O2: a status costs a handful of rows');
select cmp_ok((select rows[2] from tests.read where n = 3), '<=', 40::bigint, 'O2: so does one that others wait for');
select cmp_ok((select rows[2] from tests.read where n = 4), '<=', 100::bigint, 'O3: and a dependency, what lies around it');

select * from finish();
rollback;
