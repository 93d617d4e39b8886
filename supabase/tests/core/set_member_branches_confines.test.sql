-- Null lifts the confinement, an empty list leaves the rows of no branch.
begin;
\ir ../helpers/cast.psql
select plan(19);

create function tests.confine(member text, branches uuid[]) returns void language sql
  begin atomic; select public.set_member_branches(tests.tenant_id('acme'), tests.user_id(member), branches); end;
grant execute on function tests.confine(text, uuid[]) to authenticated;

select is(tests.rows_as('acme_member', 'select from public.projects'), 3,
  'S5 a member who is not confined reaches three projects');
select tests.lives_as('acme_admin', format('select tests.confine(''acme_member'', %s)', branches),
  format('S5 confined to %s', sentence))
  || E'\n' || is(tests.rows_as('acme_member', 'select from public.projects'), seen, format('S5 they reach %s', seen))
from (values
  ('array[tests.branch_id(''acme_south'')]', 2, 'South'),
  ('array[tests.branch_id(''acme_north''), tests.branch_id(''acme_south''), tests.branch_id(''acme_south'')]', 3,
    'both'),
  ('array[]::uuid[]', 1, 'none'),
  ('null', 3, 'nothing: all is open')
) as v (branches, seen, sentence);
select is(
  (select count(*) from public.membership_branches where user_id = tests.user_id('acme_member')), 0::bigint,
    'S5 no trace of it is left'
);
select tests.throws_as(
  who, format('select tests.confine(%L, %s)', target, branches), code, message,
  format('S5 %s: %s to %s', who, target, branches)
)
from (values
  ('acme_admin', 'acme_member', 'array[tests.branch_id(''globex_main'')]', 'PT404',
    'There is no such branch in this tenant.'),
  ('acme_admin', 'acme_member', 'array[tests.branch_id(''acme_north''), null]', 'PT404',
    'There is no such branch in this tenant.'),
  ('platform_admin', 'acme_owner', 'array[tests.branch_id(''acme_north'')]', 'PT409',
    'An owner is not confined to branches.'),
  ('acme_north', 'acme_north', 'null', '42501', 'This needs the role admin or a higher one.'),
  ('globex_owner', 'acme_member', 'null', 'PT404', 'There is no such tenant.')
) as v (who, target, branches, code, message);
select is(tests.rows_as('acme_member', 'select from public.projects'), 3, 'S5 nothing has changed for the member');
select tests.lives_as('platform_admin', $$select tests.confine('acme_owner', null)$$,
  'S5 an owner, who is not confined, may be told so');

-- Only what the list leaves out goes, of this member in this tenant; what stays is the same row.
update public.memberships set is_confined = true
where user_id in (tests.user_id('both_member'), tests.user_id('acme_member2'));
insert into public.membership_branches (tenant_id, user_id, branch_id)
select tests.tenant_id(tenant), tests.user_id(member), tests.branch_id(branch)
from (values ('acme', 'both_member', 'acme_north'), ('acme', 'both_member', 'acme_south'),
  ('globex', 'both_member', 'globex_main'), ('acme', 'acme_member2', 'acme_south')) as v (tenant, member, branch);
create table tests.before as select * from public.membership_branches;
select tests.lives_as('acme_admin', $$select tests.confine('both_member', array[tests.branch_id('acme_north')])$$,
  'S5 who was confined to two branches is confined to one');
select bag_eq(
  'table public.membership_branches',
  $$select * from tests.before
    where user_id <> tests.user_id('both_member') or branch_id <> tests.branch_id('acme_south')$$,
  'S5 nothing else of them, of others or of other tenants has changed'
);

select * from finish();
rollback;
