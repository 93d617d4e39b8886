-- Members read what their tenant had made, report on their own, and managers remove any.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
select plan(24);

select is(tests.rows_as(who, 'select from public.ai_generations'), seen, format('T1: %s reads %s', who, seen))
from (values ('acme_viewer', 6), ('acme_member', 6), ('acme_customer', 0), ('globex_member', 1), ('stranger', 0))
  as v (who, seen);
select tests.lives_as('acme_member',
  $$insert into public.ai_generations (tenant_id, project_id, kind, prompt, model)
    values (tests.tenant_id('acme'), tests.project_id('acme_house'), 'fix', 'New', 'model-1')$$, 'T1: a member asks');
select results_eq(
  $$select created_by, status, kind from public.ai_generations where prompt = 'New'$$,
  $$values (tests.user_id('acme_member'), 'queued', 'fix')$$, 'T1: in their own name, and it waits'
);
select tests.throws_as(who, statement, '42501', 'new row violates row-level security policy for table "ai_generations"',
  format('T1: %s: %s', who, sentence))
from (values
  ('acme_viewer', 'a viewer asks nothing',
    $$insert into public.ai_generations (tenant_id, prompt, model) values (tests.tenant_id('acme'), 'X', 'm')$$),
  ('acme_member', 'nor anybody in another name',
    $$insert into public.ai_generations (tenant_id, created_by, prompt, model)
      values (tests.tenant_id('acme'), tests.user_id('acme_member2'), 'X', 'm')$$),
  ('acme_member', 'nor in another tenant',
    $$insert into public.ai_generations (tenant_id, prompt, model) values (tests.tenant_id('globex'), 'X', 'm')$$)
) as v (who, sentence, statement);
select tests.throws_as('acme_member',
  $$insert into public.ai_generations (tenant_id, project_id, prompt, model)
    values (tests.tenant_id('acme'), tests.project_id('globex_house'), 'X', 'm')$$, '23503',
  'insert or update on table "ai_generations" violates foreign key constraint "ai_generations_tenant_id_project_id_fkey"',
  'T1: nor for a project of another tenant');
select is(tests.rows_as(who, 'update public.ai_generations set cost = 1'), changed, format('T1: %s reports on %s', who, changed))
from (values ('acme_member', 6), ('acme_member2', 1), ('acme_manager', 0), ('acme_viewer', 0)) as v (who, changed);
select tests.throws_as('acme_member', format('update public.ai_generations set %s', what), '42501',
  'permission denied for table ai_generations', format('T1: nobody sets %s', what))
from unnest(array['prompt = ''x''', 'model = ''x''', 'created_by = null', 'created_at = now()']) as what;
select is(tests.rows_as(who, format('delete from public.ai_generations where id = tests.generation_id(%L)', name)), gone,
  format('T1: %s deletes %s: %s', who, name, gone))
from (values ('acme_member', 'acme_other', 0), ('acme_member', 'acme_queued', 1), ('acme_manager', 'acme_other', 1))
  as v (who, name, gone);
delete from auth.users where id = tests.user_id('acme_member');
delete from public.projects where id = tests.project_id('acme_house');
select results_eq($$select created_by, project_id from public.ai_generations where prompt = 'New'$$,
  'values (null::uuid, null::uuid)', 'T1: it outlives who asked and its project');
select is((select count(*) from public.ai_generations where tenant_id = tests.tenant_id('acme')), 5::bigint,
  'T1: as all others do');

select * from finish();
rollback;
