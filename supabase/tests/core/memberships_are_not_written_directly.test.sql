-- Nobody adds themself, promotes themself or removes another through the tables: not even an owner or administrator.
begin;
\ir ../helpers/cast.psql
select plan(27);

select tests.throws_as(who, statement, '42501', format('permission denied for table %s', relation),
  format('S6 %s: %s', who, left(statement, 60)))
from (values ('acme_owner'), ('acme_customer'), ('stranger'), ('platform_admin')) as w (who)
cross join (values
  ('memberships', $$insert into public.memberships (tenant_id, user_id, role) values (tests.tenant_id('acme'), auth.uid(), 'owner')$$),
  ('memberships', $$update public.memberships set role = 'owner' where user_id = auth.uid()$$),
  ('memberships', $$delete from public.memberships where user_id <> auth.uid()$$),
  ('membership_branches', $$insert into public.membership_branches (tenant_id, user_id, branch_id)
    values (tests.tenant_id('acme'), auth.uid(), tests.branch_id('acme_north'))$$),
  ('membership_branches', $$update public.membership_branches set branch_id = tests.branch_id('acme_south')$$),
  ('membership_branches', $$delete from public.membership_branches$$)
) as s (relation, statement);
select is((select count(*) from public.memberships where tenant_id = tests.tenant_id('acme') and role = 'owner'),
  1::bigint, 'S6 Acme has one owner');
select is((select count(*) from public.memberships where tenant_id = tests.tenant_id('acme')), 11::bigint,
  'S6 and eleven members');
select is((select branch_id from public.membership_branches where tenant_id = tests.tenant_id('acme')),
  tests.branch_id('acme_north'), 'S6 and one confinement, to North');

select * from finish();
rollback;
