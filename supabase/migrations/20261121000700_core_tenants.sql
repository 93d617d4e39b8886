-- Tenants: one row a customer organisation (an organisation, a clinic, a team). (C1, C11)

create table public.tenants (
  id uuid not null default private.uuid_v7(),
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  slug text not null constraint slug_is_lower_case_letters_digits_and_hyphens
    check (slug ~ '^[a-z0-9]([a-z0-9-]{1,61}[a-z0-9])$'),
  kind text not null default 'organization'
    constraint kind_is_known check (kind in ('organization', 'clinic', 'team')),
  status text not null default 'active'
    constraint status_is_known check (status in ('active', 'suspended', 'closed')),
  settings jsonb not null default '{}'
    constraint settings_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 65536),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tenants_pkey primary key (id),
  constraint tenants_slug_key unique (slug)
);
comment on table public.tenants is
  'One row a customer organisation. Every tenant table carries its id.';
comment on column public.tenants.slug is
  'Unique name for addresses: 3 to 63 lower-case letters, digits and hyphens.';
comment on column public.tenants.status is
  'active; suspended (by a platform administrator) and closed (by the owner) keep all rows and put '
  'them out of the members'' reach.';
comment on column public.tenants.created_by is
  'The user who created it. No foreign key: the fact outlives the account.';

-- Insert is not granted: public.create_tenant makes a tenant together with its owner. Status
-- changes go through public.set_tenant_status. Delete is not granted: a tenant is closed, and
-- erased whole by the operators.
call private.enroll(
  'public.tenants', tenant => 'id', read => 'viewer', write => 'admin',
  insertable => '{}', changeable => '{name, slug, settings}', audit => true
);
