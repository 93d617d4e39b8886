-- The invited becomes a member with the role and the branches that were offered, once.
begin;
\ir ../helpers/cast.psql
select plan(13);

select tests.sign_in('acme_admin');
create temp table sent as
  select * from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'member',
    array[tests.branch_id('acme_north'), tests.branch_id('acme_south')]);
grant all on sent to authenticated;
select tests.as_operator();
delete from public.projects where branch_id = tests.branch_id('acme_south');
delete from public.branches where id = tests.branch_id('acme_south');

select is(tests.rows_as('stranger', 'select from public.projects'), 0, 'C5 before that they reach nothing');
select is(
  tests.value_as('stranger', 'select public.accept_invitation(token) from sent'), tests.tenant_id('acme')::text,
  'C5 they get the tenant''s id'
);
select results_eq(
  $$select role, status, is_confined, created_by from public.memberships where user_id = tests.user_id('stranger')$$,
  $$values ('member', 'active', true, tests.user_id('acme_admin'))$$, 'C5 they are a member as offered, by who invited'
);
select results_eq(
  $$select branch_id from public.membership_branches where user_id = tests.user_id('stranger')$$,
  $$values (tests.branch_id('acme_north'))$$, 'C5 in the branches that are still there'
);
select is(tests.rows_as('stranger', 'select from public.projects'), 2, 'C10 and reach them at once');
select results_eq(
  $$select accepted_by, accepted_at from public.invitations where tenant_id = tests.tenant_id('acme')$$,
  $$select tests.user_id('stranger'), now()$$, 'C5 the invitation says so'
);
select tests.throws_as('stranger', 'select public.accept_invitation(token) from sent', 'PT409',
  'This invitation has been used.', 'C5 it is used up');
select tests.lives_as('acme_admin', $$select public.remove_member(tests.tenant_id('acme'), tests.user_id('stranger'))$$,
  'S6 when removed again');
select tests.throws_as('stranger', 'select public.accept_invitation(token) from sent', 'PT409',
  'This invitation has been used.',
  'C5 it does not bring them back');
select is(tests.rows_as('stranger', 'select from public.projects'), 0, 'C10 they reach nothing');
select is(
  (select count(*) from public.audit_log where table_name = 'public.memberships' and row_key ->> 'id' is not null
    and verb = 'insert'
    and actor_id = tests.user_id('stranger')), 1::bigint, 'C8 joining is in the audit log'
);

-- One that an operator sent has no sender; another branch of the tenant is not part of it.
insert into public.branches (tenant_id, name) values (tests.tenant_id('acme'), 'West');
select tests.sign_in('acme_admin');
create temp table unsigned as
  select * from public.invite_member(tests.tenant_id('acme'), tests.email('globex_member'), 'member',
    array[tests.branch_id('acme_north')]);
grant all on unsigned to authenticated;
select tests.as_operator();
update public.invitations set created_by = null where email = tests.email('globex_member');
select tests.lives_as('globex_member', 'select public.accept_invitation(token) from unsigned',
  'C5 an invitation without a sender loses no force');
select results_eq(
  $$select branch_id from public.membership_branches where user_id = tests.user_id('globex_member')$$,
  $$values (tests.branch_id('acme_north'))$$, 'C5 S5 it confines to the branches offered, whichever there are'
);

select * from finish();
rollback;
