-- Members read the browser sessions of their tenant, report on their own, and managers remove any.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/browsers.psql
select plan(23);

select is(tests.rows_as(who, 'select from public.browser_sessions'), seen, format('T2: %s reads %s', who, seen))
from (values ('acme_viewer', 6), ('acme_member', 6), ('acme_customer', 0), ('globex_member', 1), ('stranger', 0))
  as v (who, seen);
select tests.lives_as('acme_member',
  $$insert into public.browser_sessions (tenant_id, project_id, name, browser)
    values (tests.tenant_id('acme'), tests.project_id('acme_house'), 'New', 'webkit')$$, 'T2: a member opens one');
select results_eq(
  $$select created_by, status, viewport_width, viewport_height, device_scale, artefacts from public.browser_sessions
    where name = 'New'$$,
  $$values (tests.user_id('acme_member'), 'starting', 1280, 720, 1::real, '[]'::jsonb)$$, 'T2: in their own name, and it starts'
);
select tests.throws_as(who, statement, '42501', 'new row violates row-level security policy for table "browser_sessions"',
  format('T2: %s: %s', who, sentence))
from (values
  ('acme_viewer', 'a viewer opens none',
    $$insert into public.browser_sessions (tenant_id, browser) values (tests.tenant_id('acme'), 'edge')$$),
  ('acme_member', 'nor anybody in another name',
    $$insert into public.browser_sessions (tenant_id, created_by, browser)
      values (tests.tenant_id('acme'), tests.user_id('acme_member2'), 'edge')$$),
  ('acme_member', 'nor in another tenant',
    $$insert into public.browser_sessions (tenant_id, browser) values (tests.tenant_id('globex'), 'edge')$$)
) as v (who, sentence, statement);
select tests.throws_as('acme_member',
  $$insert into public.browser_sessions (tenant_id, project_id, browser)
    values (tests.tenant_id('acme'), tests.project_id('globex_house'), 'edge')$$, '23503',
  'insert or update on table "browser_sessions" violates foreign key constraint "browser_sessions_tenant_id_project_id_fkey"',
  'T2: nor for a project of another tenant');
select is(tests.rows_as(who, 'update public.browser_sessions set name = name'), changed,
  format('T2: %s reports on %s', who, changed))
from (values ('acme_member', 6), ('acme_member2', 1), ('acme_manager', 0), ('acme_viewer', 0)) as v (who, changed);
select tests.throws_as('acme_member', format('update public.browser_sessions set %s', what), '42501',
  'permission denied for table browser_sessions', format('T2: nobody sets %s', what))
from unnest(array['browser = ''edge''', 'viewport_width = 100', 'created_by = null', 'created_at = now()']) as what;
select is(tests.rows_as(who, format('delete from public.browser_sessions where id = tests.session_id(%L)', name)), gone,
  format('T2: %s deletes %s: %s', who, name, gone))
from (values ('acme_member', 'acme_other', 0), ('acme_member', 'acme_starting', 1), ('acme_manager', 'acme_other', 1))
  as v (who, name, gone);
delete from auth.users where id = tests.user_id('acme_member');
delete from public.projects where id = tests.project_id('acme_house');
select results_eq($$select created_by, project_id from public.browser_sessions where name = 'New'$$,
  'values (null::uuid, null::uuid)', 'T2: it outlives who opened it and its project');

select * from finish();
rollback;
