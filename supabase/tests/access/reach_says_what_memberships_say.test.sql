-- private.reach is kept by triggers: whatever happens, it equals what it is made from.
begin;
\ir ../helpers/cast.psql
select plan(7);

create view tests.in_force as
  select m.user_id, m.tenant_id, m.role, m.is_confined
  from public.memberships as m
  join public.tenants as t on t.id = m.tenant_id and t.status = 'active'
  join public.users as u on u.id = m.user_id and u.is_active
  where m.status = 'active';
-- One line for each thing that somebody may reach.
create view tests.expected_reach as
  select f.user_id, r.role as what, f.tenant_id as id
  from tests.in_force as f
  join unnest(array['customer', 'viewer', 'member', 'manager', 'admin', 'owner']) as r (role)
    on private.role_rank(r.role) <= private.role_rank(f.role)
  union all
  select f.user_id, 'unconfined', f.tenant_id from tests.in_force as f where not f.is_confined
  union all
  select f.user_id, 'branch', b.branch_id
  from tests.in_force as f
  join public.membership_branches as b on b.tenant_id = f.tenant_id and b.user_id = f.user_id
  where f.is_confined
  union all
  select p.user_id, 'everything',
    null from private.platform_admins as p join public.users as u on u.id = p.user_id and u.is_active;
create view tests.actual_reach as
  select r.user_id, v.what, i.id
  from private.reach as r
  cross join lateral (values
    ('customer', r.customer), ('viewer', r.viewer), ('member', r.member), ('manager', r.manager), ('admin', r.admin),
    ('owner', r.owner), ('unconfined', r.unconfined), ('branch', r.branches)
  ) as v (what, ids)
  cross join lateral unnest(v.ids) as i (id)
  union all
  select r.user_id, 'everything', null from private.reach as r where r.is_platform_admin;
create function tests.reach_is_true(sentence text) returns text language sql
  begin atomic; select bag_eq('table tests.actual_reach', 'table tests.expected_reach', sentence); end;

select cmp_ok((select count(*) from tests.actual_reach), '>', 40::bigint, 'C10 there is a reach');
select tests.reach_is_true('C10 it is true for the cast');
update public.memberships set user_id = tests.user_id('stranger') where user_id = tests.user_id('acme_member2');
select tests.reach_is_true('C10 after a membership has been given to another account');
update public.memberships set role = case when role = 'owner' then role else 'viewer' end,
  is_confined = role <> 'owner';
update public.tenants set status = case status when 'active' then 'suspended' else 'active' end;
select tests.reach_is_true('C10 after all at once: roles, confinement, tenants');
update public.users set is_active = not is_active
  where id not in (select user_id from public.memberships where role = 'owner');
update public.tenants set status = 'active';
select tests.reach_is_true('C10 after accounts have been switched');
delete from public.projects;
delete from public.branches;
delete from public.memberships where role <> 'owner' and is_confined;
delete from private.platform_admins;
select tests.reach_is_true('C10 after branches, members and administrators have gone');
delete from public.tenants;
select tests.reach_is_true('C12 after every tenant has gone');

select * from finish();
rollback;
