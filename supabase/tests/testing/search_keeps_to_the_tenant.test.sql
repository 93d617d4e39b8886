-- A search finds what its caller may read, in the tenant that is named: the first step asks for the role, the second the policies.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
\ir ../helpers/browsers.psql
select plan(34);

select tests.make_generation('zebra_' || who, who, '{"prompt": "zebra"}') from unnest(array['acme_member', 'globex_member']) as who;
select tests.make_session('zebra_' || who, who, '{"name": "zebra"}') from unnest(array['acme_member', 'globex_member']) as who;
create table tests.searches as
select f.name, format('select from %s(tests.tenant_id(''acme''), ''zebra''%s)', f.name, f.rest) as statement
from (values
  ('public.search_ai_generations', ''), ('public.search_browser_sessions', ''),
  ('unnest(private.find_ai_generations', ', null, 50, null, null)'), ('unnest(private.find_browser_sessions', ', null, 50, null, null)')
) as f (name, rest);

select is(tests.rows_as(who, statement), 1, format('T9: %s finds by %s what their tenant has', who, name))
from tests.searches cross join unnest(array['acme_viewer', 'acme_north', 'platform_admin', 'service']) as who;
select tests.throws_as(who, statement, 'PT404', 'There is no such tenant.', format('T9: %s finds no tenant by %s', who, name))
from tests.searches cross join unnest(array['globex_owner', 'acme_suspended']) as who;
select tests.throws_as('acme_customer', statement, '42501', 'This needs the role viewer or a higher one.',
  format('T9: a customer does not search by %s', name))
from tests.searches;

-- Ids are a tenant's own: another may hold the same one.
insert into public.ai_generations (tenant_id, id, prompt, model)
values (tests.tenant_id('globex'), tests.generation_id('zebra_acme_member'), 'zebra', 'm');
insert into public.browser_sessions (tenant_id, id, name, browser)
values (tests.tenant_id('globex'), tests.session_id('zebra_acme_member'), 'zebra', 'edge');
select is(tests.rows_as('both_member', statement), 1, format('T9: %s shows no row of the caller''s other tenant', name))
from tests.searches where name like 'public.%';

-- What the first step should say too much: the second shows no more for it.
create or replace function private.find_ai_generations(
  tenant_id uuid, query text, filter jsonb, page_size integer, before timestamptz, before_id uuid
) returns uuid[] language sql security definer as 'select array_agg(g.id) from public.ai_generations as g';
create or replace function private.find_browser_sessions(
  tenant_id uuid, query text, filter jsonb, page_size integer, before timestamptz, before_id uuid
) returns uuid[] language sql security definer as 'select array_agg(s.id) from public.browser_sessions as s';
select is(tests.rows_as('globex_member', format('select from public.%I(tests.tenant_id(%L), ''zebra'')', f, tenant)), rows,
  format('T9: were all ids found, %s would show %s rows of %s', f, rows, tenant))
from unnest(array['search_ai_generations', 'search_browser_sessions']) as f
cross join (values ('acme', 0), ('globex', 3)) as v (tenant, rows);

select * from finish();
rollback;
