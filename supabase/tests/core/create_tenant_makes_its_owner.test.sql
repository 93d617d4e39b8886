-- Any signed-in user makes a tenant and owns it, at once.
begin;
\ir ../helpers/cast.psql
select plan(9);

select tests.sign_in('stranger');
select is((select count(*) from public.my_memberships()), 0::bigint, 'C6 a stranger belongs nowhere');
create temp table made as select public.create_tenant('  Hooli ', 'tests-hooli', 'clinic') as id;
select results_eq(
  $$select tenant_id, name, slug, kind, role, is_confined from public.my_memberships()$$,
  $$select id, 'Hooli', 'tests-hooli', 'clinic', 'owner', false from made$$,
  'C6 and owns the tenant they make, with the name trimmed'
);
select is((select t.id from public.tenants as t), (select id from made), 'C10 which is in reach at once');
select lives_ok(
  $$insert into public.projects (tenant_id, name) select id, 'First' from made$$, 'C10 and can be worked in at once'
);
select lives_ok($$select public.create_tenant('Second', 'tests-second')$$, 'C6 a person may make several');
select tests.as_operator();
select results_eq(
  $$select t.created_by, m.created_by, t.status, t.kind from public.tenants as t join public.memberships as m on m.tenant_id = t.id
    where t.slug = 'tests-second'$$,
  $$select tests.user_id('stranger'), tests.user_id('stranger'), 'active', 'organization'$$,
  'C6 it says who made it; an organization by default'
);
select is(tests.rows_as('acme_owner', $$select from public.tenants where slug = 'tests-hooli'$$), 0,
  'S1 nobody else sees it');
select is(
  (select count(*) from public.audit_log where tenant_id = (select id from made) and verb = 'insert'
    and actor_id = tests.user_id('stranger')),
  3::bigint, 'C8 tenant, membership and project are in its audit log'
);
select is(tests.rows_as('stranger', 'select from public.audit_log where verb = ''insert'''), 5,
  'C8 which the owner reads');

select * from finish();
rollback;
