-- Demo tenants and the cast of users in every role. Safe to run again. Everybody signs in with the password rowhouse-demo.
-- Accounts marked "demo" in their app metadata are the ones that npm start lists.

with person (email, full_name) as (
  values
    ('owner@acme.test', 'Olivia Okafor'),
    ('admin@acme.test', 'Adrian Adler'),
    ('manager@acme.test', 'Mara Moretti'),
    ('member@acme.test', 'Miles Mbeki'),
    ('viewer@acme.test', 'Vera Volkov'),
    ('customer@acme.test', 'Carlos Castro'),
    ('north@acme.test', 'Nora Nilsen'),
    ('owner@lakeside.test', 'Dr. Lena Lindqvist'),
    ('admin@lakeside.test', 'Aiko Arai'),
    ('member@lakeside.test', 'Mateo Marin'),
    ('customer@lakeside.test', 'Chloe Chen'),
    ('owner@brightside.test', 'Bruno Baptiste'),
    ('member@brightside.test', 'Mina Malik'),
    ('both@acme.test', 'Benedict Boateng'),
    ('platform@rowhouse.test', 'Petra Platt')
)
insert into auth.users (
  instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
  created_at, updated_at, confirmation_token, recovery_token, email_change_token_new, email_change
)
select
  '00000000-0000-0000-0000-000000000000',
  md5('user ' || p.email)::uuid,
  'authenticated',
  'authenticated',
  p.email,
  extensions.crypt('rowhouse-demo', extensions.gen_salt('bf', 8)),
  now(),
  '{"provider": "email", "providers": ["email"], "demo": true}',
  jsonb_build_object('full_name', p.full_name),
  now(),
  now(),
  '', '', '', ''
from person as p
on conflict (id) do nothing;

insert into auth.identities (id, provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
select
  a.id,
  a.id::text,
  a.id,
  jsonb_build_object('sub', a.id, 'email', a.email, 'email_verified', true),
  'email',
  now(),
  now(),
  now()
from auth.users as a
where a.raw_app_meta_data ->> 'demo' = 'true'
  and not exists (select from auth.identities as i where i.user_id = a.id and i.provider = 'email');

insert into public.tenants (id, name, slug, kind, settings)
values
  (md5('tenant acme')::uuid, 'Acme Robotics', 'acme', 'organization', '{"locale": "en-US", "time_zone": "America/Chicago"}'),
  (md5('tenant lakeside')::uuid, 'Lakeside Skin Clinic', 'lakeside', 'clinic', '{"locale": "en-GB", "time_zone": "Europe/London"}'),
  (md5('tenant brightside')::uuid, 'Brightside Restoration', 'brightside', 'team', '{"locale": "en-CA", "time_zone": "America/Toronto"}')
on conflict (id) do nothing;

insert into public.branches (tenant_id, id, name, code)
select md5('tenant ' || b.tenant)::uuid, md5('branch ' || b.tenant || b.code)::uuid, b.name, b.code
from (
  values
    ('acme', 'North plant', 'NORTH'),
    ('acme', 'South plant', 'SOUTH'),
    ('lakeside', 'Harbour Street', 'HBR'),
    ('lakeside', 'Old Mill', 'MILL'),
    ('brightside', 'Main workshop', 'MAIN')
) as b (tenant, name, code)
on conflict (tenant_id, id) do nothing;

insert into public.memberships (tenant_id, user_id, role, is_confined)
select md5('tenant ' || m.tenant)::uuid, md5('user ' || m.email)::uuid, m.role, m.is_confined
from (
  values
    ('acme', 'owner@acme.test', 'owner', false),
    ('acme', 'admin@acme.test', 'admin', false),
    ('acme', 'manager@acme.test', 'manager', false),
    ('acme', 'member@acme.test', 'member', false),
    ('acme', 'viewer@acme.test', 'viewer', false),
    ('acme', 'customer@acme.test', 'customer', false),
    ('acme', 'north@acme.test', 'member', true),
    ('acme', 'both@acme.test', 'member', false),
    ('lakeside', 'owner@lakeside.test', 'owner', false),
    ('lakeside', 'admin@lakeside.test', 'admin', false),
    ('lakeside', 'member@lakeside.test', 'member', false),
    ('lakeside', 'customer@lakeside.test', 'customer', false),
    ('lakeside', 'both@acme.test', 'viewer', false),
    ('brightside', 'owner@brightside.test', 'owner', false),
    ('brightside', 'member@brightside.test', 'member', false)
) as m (tenant, email, role, is_confined)
on conflict (tenant_id, user_id) do nothing;

insert into public.membership_branches (tenant_id, user_id, branch_id)
values (md5('tenant acme')::uuid, md5('user north@acme.test')::uuid, md5('branch acmeNORTH')::uuid)
on conflict (tenant_id, user_id, branch_id) do nothing;

insert into private.platform_admins (user_id, note)
values (md5('user platform@rowhouse.test')::uuid, 'Demo administrator of the local stack.')
on conflict (user_id) do nothing;

insert into public.projects (tenant_id, branch_id, name, description, repository_url, external_ids)
select
  md5('tenant ' || p.tenant)::uuid,
  md5('branch ' || p.tenant || p.branch)::uuid,
  p.name,
  p.description,
  'https://github.com/' || p.repository,
  jsonb_build_object('github_repo', p.repository, 'linear_team', p.team)
from (
  values
    ('acme', null, 'Support assistant', 'Answers questions about the robots.', 'acme-robotics/assistant', 'AST'),
    ('acme', 'NORTH', 'Welding cell', 'Control software of the welding cell.', 'acme-robotics/welding-cell', 'WLD'),
    ('acme', 'SOUTH', 'Palletizer', 'Vision and planning of the palletizer.', 'acme-robotics/palletizer', 'PAL'),
    ('lakeside', null, 'Patient portal', 'Bookings and treatment plans.', 'lakeside-clinic/portal', 'PRT'),
    ('lakeside', 'HBR', 'Front desk', 'Queue and reception screens.', 'lakeside-clinic/front-desk', 'FRD'),
    ('brightside', null, 'Damage reports', 'Reports for insurers.', 'brightside/reports', 'RPT')
) as p (tenant, branch, name, description, repository, team)
on conflict (tenant_id, name) do nothing;
