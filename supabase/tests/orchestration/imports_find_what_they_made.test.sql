-- What an import calls a workflow and its tasks is theirs alone, within the tenant and within the workflow.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(10);

create function tests.import_task(key text, flow text, tenant text default 'acme') returns void language sql
  begin atomic;
    insert into public.tasks (tenant_id, workflow_id, title, source, source_key, source_hash)
    values (tests.tenant_id(tenant), tests.flow_id(flow), 'Imported', 'file', key, md5(key));
  end;
create function tests.import_flow(key text, tenant text, source text default 'file') returns void language sql
  begin atomic;
    insert into public.workflows (tenant_id, name, source, source_key) values (tests.tenant_id(tenant), 'Imported', source, key);
  end;
grant execute on all functions in schema tests to authenticated;

select tests.lives_as('acme_member', $$select tests.import_task('1', 'plan'), tests.import_task('2', 'plan')$$, 'O2: two tasks');
select tests.lives_as('acme_member', $$select tests.import_task('1', 'other')$$, 'O2: the same key in another workflow');
select tests.throws_as('acme_member', $$select tests.import_task('1', 'plan')$$, '23505',
  'duplicate key value violates unique constraint "tasks_tenant_id_workflow_id_source_key_key"', 'O2: once in a workflow');
select tests.lives_as('acme_member', $$select tests.import_task(null, 'plan'), tests.import_task(null, 'plan')$$,
  'O2: tasks without a key, as many as one likes');
select tests.lives_as('acme_member', $$insert into public.tasks (tenant_id, workflow_id, title, source, source_key)
  values (tests.tenant_id('acme'), tests.flow_id('plan'), 'Again', 'file', '2')
  on conflict (tenant_id, workflow_id, source_key) where source_key is not null do update set title = excluded.title$$,
  'O2: an import changes what it finds');
select is((select title from public.tasks where source_key = '2'), 'Again', 'O2: which it did');
select tests.lives_as('acme_member', $$select tests.import_flow('plan.json', 'acme')$$, 'O1: a workflow');
select tests.lives_as('globex_member', $$select tests.import_flow('plan.json', 'globex')$$, 'O1: the same of another tenant');
select tests.lives_as('acme_member', $$select tests.import_flow('plan.json', 'acme', 'jira')$$, 'O1: and from elsewhere');
select tests.throws_as('acme_member', $$select tests.import_flow('plan.json', 'acme')$$, '23505',
  'duplicate key value violates unique constraint "workflows_tenant_id_source_source_key_key"', 'O1: once in a tenant');

select * from finish();
rollback;
