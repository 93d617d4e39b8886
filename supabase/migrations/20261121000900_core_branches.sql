-- Branches: a tenant's sites. (C4)

create table public.branches (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  code text constraint code_is_letters_digits_and_hyphens check (code ~ '^[A-Za-z0-9-]{1,20}$'),
  is_active boolean not null default true,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint branches_tenant_id_name_key unique (tenant_id, name),
  constraint branches_tenant_id_code_key unique (tenant_id, code),
  constraint branches_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
);
comment on table public.branches is
  'A tenant''s sites. A membership may be confined to some of them.';
comment on column public.branches.code is 'Short name for lists and tickets, unique in the tenant.';

create index branches_page_idx on public.branches (tenant_id, created_at desc, id desc);
alter table public.branches add constraint branches_pkey primary key (tenant_id, id);

-- The branch of a branch is itself: a confined member sees only their own.
call private.enroll(
  'public.branches', read => 'viewer', write => 'admin', remove => 'admin', branch => 'id',
  insertable => '{tenant_id, name, code, is_active}', changeable => '{name, code, is_active}', audit => true
);
