-- Projects: shared by all products of a tenant. (C9)

create table public.projects (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  branch_id uuid,
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  description text constraint description_has_at_most_10000_characters check (char_length(description) <= 10000),
  repository_url text
    constraint repository_url_is_an_address
    check (repository_url ~ '^(https?://|ssh://|git@)' and char_length(repository_url) <= 2000),
  external_ids jsonb not null default '{}'
    constraint external_ids_is_an_object_of_at_most_16_kb
    check (jsonb_typeof(external_ids) = 'object' and octet_length(external_ids::text) <= 16384),
  -- People look projects up by these two. A condition on the jsonb key could use no index under row
  -- level security.
  github_repo text generated always as (external_ids ->> 'github_repo') stored
    constraint github_repo_has_at_most_500_characters check (char_length(github_repo) <= 500),
  linear_team text generated always as (external_ids ->> 'linear_team') stored
    constraint linear_team_has_at_most_500_characters check (char_length(linear_team) <= 500),
  settings jsonb not null default '{}'
    constraint settings_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 65536),
  is_archived boolean not null default false,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint projects_tenant_id_name_key unique (tenant_id, name),
  constraint projects_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint projects_tenant_id_branch_id_fkey foreign key (tenant_id, branch_id)
    references public.branches (tenant_id, id) on delete restrict
);
comment on table public.projects is
  'A tenant''s projects, shared by the products. Optionally a branch''s.';
comment on column public.projects.external_ids is
  'Ids of the project elsewhere, such as {"github_repo": "acme/site", "linear_team": "ACM"}.';
comment on column public.projects.branch_id is
  'Null: a project of the whole tenant. A branch that still has projects cannot be deleted.';

create index projects_page_idx on public.projects (tenant_id, created_at desc, id desc);
create index projects_tenant_id_branch_id_idx on public.projects (tenant_id, branch_id);
create index projects_tenant_id_github_repo_idx on public.projects (tenant_id, github_repo);
create index projects_tenant_id_linear_team_idx on public.projects (tenant_id, linear_team);
alter table public.projects add constraint projects_pkey primary key (tenant_id, id);

call private.enroll(
  'public.projects', read => 'viewer', write => 'manager', remove => 'admin', branch => 'branch_id', audit => true
);
