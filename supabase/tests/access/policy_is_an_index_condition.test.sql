-- The tenants of the caller are looked up once and then drive the index: a policy costs no filter over other tenants' rows.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/many.psql
select plan(26);

create table tests.statements (statement text);
insert into tests.statements
values
  ('select count(*) from public.messages'), ('select count(*) from public.conversations'),
    ('select count(*) from public.projects'),
  ('select * from public.messages where created_at > now() - interval ''10 seconds'''),
  ('delete from public.conversations where title = ''First'''),
  ('update public.projects set is_archived = true');
select matches(
  tests.plan_as(who, statement), 'Index Cond: \(\(?tenant_id = ANY \(\(?(\$\d+|\(InitPlan \d+\)\.col\d+)\)',
  format('F2 the policy is an index condition: %s, %s', who, statement)
)
from tests.statements cross join unnest(array['globex_owner', 'both_member']) as who;
select doesnt_match(tests.plan_as('globex_owner', statement), 'Seq Scan on (messages|conversations|projects)|SubPlan',
  format('F2 no scan, no sub-plan: %s', statement))
from tests.statements;
-- A statement with a key uses the key: the policy is checked beside it. A page comes from its index in order; for the few
-- rows here a sort would be as cheap, so it is switched off to see whether the index can serve.
set local enable_sort = off;
set local enable_bitmapscan = off;
select matches(tests.plan_as('acme_member', statement), pattern, format('F2 its own index: %s', statement))
from (values
  ('select * from public.messages where tenant_id = tests.tenant_id(''acme'') and id = tests.id(''message'', ''x'')',
    'Index Scan using messages_pkey'),
  ('select * from public.messages where tenant_id = tests.tenant_id(''acme'') and conversation_id = tests.id(''message'', ''x'') order by created_at desc, id desc limit 50',
    'Index Scan using messages_conversation_idx'),
  ('select * from public.messages where tenant_id = tests.tenant_id(''acme'') order by created_at desc, id desc limit 50', 'Index Scan using messages_page_idx'),
  ('select * from public.conversations where tenant_id = tests.tenant_id(''acme'') and not is_archived order by updated_at desc, id desc limit 50',
    'Index Scan using conversations_recent_idx'),
  ('select * from public.projects where tenant_id = tests.tenant_id(''acme'') and github_repo = ''many/1''',
    'Index Scan using projects_tenant_id_github_repo_idx'),
  ('update public.messages set content = ''x'' where tenant_id = tests.tenant_id(''acme'') and id = tests.id(''message'', ''x'')', 'Index Scan using messages_pkey')
) as v (statement, pattern);
select doesnt_match(
  tests.plan_as('acme_member', 'select * from public.messages where tenant_id = tests.tenant_id(''acme'') order by created_at desc, id desc limit 50'), 'Sort',
  'A2 the newest come from the index in their order'
);
select matches(tests.plan_as('operator', 'select count(*) from public.messages'), 'Seq Scan|Index Only Scan',
  'F2 without policies all is counted');

select * from finish();
rollback;
