-- What is audited, by declaration; and that a change made by a function has the person as its actor.
begin;
\ir ../helpers/cast.psql
select plan(4);

select set_eq(
  $$select relation from private.enrollments where is_audited
    and relation in (select 'public.' || t from unnest(array['tenants', 'branches', 'memberships', 'membership_branches', 'invitations', 'projects']) as t)$$,
  $$values ('public.tenants'), ('public.branches'), ('public.memberships'), ('public.membership_branches'), ('public.invitations'), ('public.projects')$$,
  'C8 tenants, members, invitations, branches and projects are audited'
);
select tests.lives_as('acme_admin',
  $$select public.change_member_role(tests.tenant_id('acme'), tests.user_id('acme_member'), 'viewer')$$,
  'C8 an admin changes a role');
select results_eq(
  $$select actor_id, before, after from public.audit_log where table_name = 'public.memberships' and verb = 'update' and after ->> 'role' = 'viewer'
    and tenant_id = tests.tenant_id('acme')$$,
  $$values (tests.user_id('acme_admin'), '{"role": "member"}'::jsonb, '{"role": "viewer"}'::jsonb)$$,
  'C8 and is named as the actor'
);
delete from public.tenants where id = tests.tenant_id('initech');
select is(
  (select count(*) from public.audit_log where tenant_id = tests.tenant_id('initech') and verb = 'delete'), 2::bigint,
  'C8 the log outlives the tenant: its row and its membership are recorded as deleted'
);

select * from finish();
rollback;
