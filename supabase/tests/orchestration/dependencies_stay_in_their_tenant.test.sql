-- A task depends on tasks of its own tenant, in whichever workflow; another tenant's answer like none at all.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(15);

select tests.add_task('one');
select tests.add_task('two');
select tests.add_task('away', flow => 'other');
select tests.add_task('of globex', flow => 'globex', tenant => 'globex');

select tests.throws_as(who, format('select tests.depend(%s)', arguments), code, message, format('O3: %s: %s', who, arguments))
from (values
  ('acme_member', '''one'', ''of globex'', on_flow => ''globex''', '23503',
    'insert or update on table "task_dependencies" violates foreign key constraint "task_dependencies_tenant_id_depends_on_fkey"'),
  ('both_member', '''one'', ''of globex'', on_flow => ''globex''', '23503',
    'insert or update on table "task_dependencies" violates foreign key constraint "task_dependencies_tenant_id_depends_on_fkey"'),
  ('acme_member', '''one'', ''nothing''', '23503',
    'insert or update on table "task_dependencies" violates foreign key constraint "task_dependencies_tenant_id_depends_on_fkey"'),
  ('acme_member', '''one'', ''away''', '23503',
    'insert or update on table "task_dependencies" violates foreign key constraint "task_dependencies_tenant_id_depends_on_fkey"'),
  ('acme_member', '''away'', ''one''', '23503',
    'insert or update on table "task_dependencies" violates foreign key constraint "task_dependencies_tenant_id_workflow_id_task_id_fkey"'),
  ('acme_member', '''one'', ''two'', ''follows''', '23514',
    'new row for relation "task_dependencies" violates check constraint "type_is_known"'),
  ('acme_viewer', '''one'', ''two''', '42501', 'new row violates row-level security policy for table "task_dependencies"'),
  ('globex_member', '''one'', ''two''', '42501', 'new row violates row-level security policy for table "task_dependencies"')
) as v (who, arguments, code, message);
select tests.lives_as('acme_member', $$select tests.depend('one', 'away', on_flow => 'other')$$, 'O3: on another workflow''s task');
select tests.lives_as('acme_member', $$select tests.depend('one', 'two', 'relates')$$, 'O3: on one of its own');
select is(
  (select depends_on_workflow_id from public.task_dependencies where depends_on_id = tests.task_id('two')),
  tests.flow_id('plan'), 'O3: which is the workflow where none is named'
);
select tests.throws_as('acme_member', $$select tests.depend('one', 'two')$$, '23505',
  'duplicate key value violates unique constraint "task_dependencies_tenant_id_workflow_id_task_id_depends_on_key"',
  'O3: two tasks have one dependency');
select tests.throws_as('acme_member', $$update public.task_dependencies set type = 'blocks'$$, '42501',
  'permission denied for table task_dependencies', 'O3: it is never changed');
select is(tests.rows_as('acme_manager', $$delete from public.tasks where id = tests.task_id('two')$$), 1, 'O2: a task goes');
select is((select count(*) from public.task_dependencies), 1::bigint, 'O3: with what depends on it');

select * from finish();
rollback;
