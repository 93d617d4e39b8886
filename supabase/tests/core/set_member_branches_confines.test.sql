-- Null lifts the confinement, an empty list leaves the rows of no branch.
begin;
\ir ../helpers/cast.psql
select plan(16);

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

select * from finish();
rollback;
