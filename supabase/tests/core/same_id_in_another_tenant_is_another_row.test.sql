-- A key is the tenant and the id. What has the same id in another tenant is not touched by any function.
begin;
\ir ../helpers/cast.psql
select plan(18);

-- Globex has memberships under the ids of Acme's, of other people.
select tests.enter('twin_of_' || name) from unnest(array['acme_member', 'acme_viewer']) as n (name);
insert into public.memberships (tenant_id, id, user_id, role)
select tests.tenant_id('globex'), m.id, tests.user_id('twin_of_' || name), 'member'
from unnest(array['acme_member', 'acme_viewer']) as n (name)
join public.memberships as m on m.user_id = tests.user_id(name);
create view tests.twins as select id, user_id, role, status, is_confined from public.memberships
  where tenant_id = tests.tenant_id('globex') and role <> 'owner';
create table tests.before as table tests.twins;
select is(
  (select count(*) from tests.before as b join public.memberships as m on m.id = b.id and m.user_id <> b.user_id),
  2::bigint, 'C3 two memberships of Globex have the id of one of Acme'
);
select tests.lives_as('acme_owner',
  format('select public.%s(tests.tenant_id(''acme''), tests.user_id(%s)', called, rest),
  format('S6 %s in Acme', called))
  || E'\n' || bag_eq('table tests.twins', 'table tests.before', format('S6 %s leaves Globex alone', called))
from (values
  ('change_member_role', '''acme_member''), ''viewer'''),
  ('set_member_status', '''acme_viewer''), ''suspended'''),
  ('set_member_branches', '''acme_viewer''), array[tests.branch_id(''acme_north'')]'),
  ('remove_member', '''acme_viewer'')'),
  ('transfer_ownership', '''acme_member'')')
) as v (called, rest);

-- And invitations to somebody else, under the ids of those to the stranger.
create table tests.sent (place integer, invitation_id uuid, token text);
grant usage on schema tests to authenticated;
grant all on tests.sent to authenticated;
select tests.sign_in('platform_admin');
insert into tests.sent
select place, i.invitation_id, i.token
from generate_series(1, 2) as place
cross join lateral public.invite_member(tests.tenant_id('acme'), place || tests.email('stranger'), 'member',
  array[tests.branch_id('acme_north'), tests.branch_id('acme_south')]) as i;
select tests.as_operator();
insert into public.invitations (tenant_id, id, email, role, expires_at)
select tests.tenant_id('globex'), s.invitation_id, s.place || '@tests.example', 'member', now() + interval '1 day'
from tests.sent as s;
select tests.lives_as('platform_admin',
  'select public.revoke_invitation(tests.tenant_id(''acme''), invitation_id) from tests.sent where place = 1',
  'C5 one invitation of Acme is taken back');
-- The branch that was offered is gone in Acme; Globex has one under its id.
delete from public.projects where branch_id = tests.branch_id('acme_south');
delete from public.branches where id = tests.branch_id('acme_south');
insert into public.branches (tenant_id, id, name)
values (tests.tenant_id('globex'), tests.branch_id('acme_south'), 'South');
update auth.users set email = 2 || tests.email('stranger') where id = tests.user_id('stranger');
select tests.lives_as('stranger', 'select public.accept_invitation(token) from tests.sent where place = 2',
  'C5 the other is accepted');
select is((select array_agg(branch_id) from public.membership_branches where user_id = tests.user_id('stranger')),
  array[tests.branch_id('acme_north')], 'C5 for the branch that Acme has');
select is(
  (select count(*) from public.invitations where tenant_id = tests.tenant_id('acme')
    and (accepted_at is null) <> (revoked_at is null)), 2::bigint, 'C5 neither of Acme is open any more'
);
select is(
  (select count(*) from public.invitations where tenant_id = tests.tenant_id('globex')
    and accepted_at is null and revoked_at is null), 2::bigint, 'C5 both of Globex are'
);
select is((select count(*) from tests.twins), 4::bigint, 'C3 Globex has the members it had')
  || E'\n' || is((select count(*) from public.memberships where user_id = tests.user_id('stranger')), 1::bigint,
  'C3 and the stranger is a member of Acme');

select * from finish();
rollback;
