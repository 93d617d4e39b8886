-- What work begins from, and what was learned from it. (O5)

create table public.templates (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  version integer not null default 1 constraint version_is_at_least_1 check (version >= 1),
  type text not null
    constraint type_is_known check (type in ('workflow', 'task', 'prompt', 'document', 'code', 'other')),
  description text constraint description_has_at_most_10000_characters check (char_length(description) <= 10000),
  content jsonb not null default '{}'
    constraint content_is_an_object_of_at_most_256_kb
    check (jsonb_typeof(content) = 'object' and octet_length(content::text) <= 262144),
  tags text[] not null default '{}'
    constraint tags_are_at_most_20 check (cardinality(tags) <= 20)
    constraint tags_are_not_empty check (array_position(tags, '') is null and array_position(tags, null) is null)
    constraint tags_have_at_most_1000_characters check (char_length(array_to_string(tags, ' ')) <= 1000),
  is_active boolean not null default true,
  usage_count bigint not null default 0,
  success_count bigint not null default 0,
  success_rate double precision generated always as (
    case when usage_count > 0 then success_count::double precision / usage_count end
  ) stored,
  last_used_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint templates_tenant_id_name_version_key unique (tenant_id, name, version),
  constraint successes_are_at_most_the_uses check (success_count between 0 and usage_count),
  constraint templates_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade
)
with (fillfactor = 80);
comment on table public.templates is 'What workflows, tasks, prompts and documents begin from, in versions.';
comment on column public.templates.version is 'Of the templates with this name. Others of the name stay as they are.';
comment on column public.templates.usage_count is 'How often its use has ended (record_template_use).';
comment on column public.templates.success_rate is
  'The share of its uses that went well, 0 to 1. Null before the first.';
comment on column public.templates.created_by is 'Who wrote it. It outlives the account.';

create index templates_page_idx on public.templates (tenant_id, created_at desc, id desc);
create index templates_type_idx on public.templates (tenant_id, type, name);
alter table public.templates add constraint templates_pkey primary key (tenant_id, id);

call private.enroll(
  'public.templates', read => 'viewer', write => 'manager', remove => 'manager',
  insertable => '{tenant_id, name, version, type, description, content, tags, is_active}',
  changeable => '{name, version, type, description, content, tags, is_active}'
);

create trigger _210_keep_stamp
  before update on public.templates
  for each row
  when (old.usage_count <> new.usage_count)
  execute function private.tg__keep_stamp();


create function public.record_template_use(tenant_id uuid, template_id uuid, is_success boolean)
  returns double precision
  language plpgsql
  volatile
  security definer -- the counts are granted to nobody
  set search_path = ''
as $$
declare
  v_rate double precision;
begin
  if not private.is_trusted_session() then
    perform private.require_role(record_template_use.tenant_id, 'member');
  end if;
  if record_template_use.is_success is null then
    raise exception using
      errcode = 'null_value_not_allowed',
      message = 'is_success must be true or false.';
  end if;
  update public.templates as t
  set
    usage_count = t.usage_count + 1,
    success_count = t.success_count + record_template_use.is_success::integer,
    last_used_at = clock_timestamp()
  where t.tenant_id = record_template_use.tenant_id and t.id = record_template_use.template_id
  returning t.success_rate into v_rate;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = 'There is no such template.',
      detail = format('template_id %s', coalesce(record_template_use.template_id::text, 'null')),
      hint = 'Use the id of a template of this tenant.';
  end if;
  return v_rate;
end
$$;
comment on function public.record_template_use(uuid, uuid, boolean) is
  'Counts that something made from a template has ended, well or not, and returns the success rate. '
  'Raises PT404 for a tenant or template out of reach, 42501 below member, 22004 without is_success.';
revoke all on function public.record_template_use(uuid, uuid, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.record_template_use(uuid, uuid, boolean) to authenticated, service_role;


create table public.learning_data (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  template_id uuid,
  type text not null
    constraint type_is_known check (type in ('pattern', 'estimate', 'failure', 'success', 'preference', 'other')),
  subject text not null constraint subject_has_1_to_500_characters check (char_length(subject) between 1 and 500),
  content jsonb not null default '{}'
    constraint content_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(content) = 'object' and octet_length(content::text) <= 65536),
  confidence double precision not null constraint confidence_is_between_0_and_1 check (confidence between 0 and 1),
  effectiveness double precision constraint effectiveness_is_between_0_and_1 check (effectiveness between 0 and 1),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint learning_data_tenant_id_fkey foreign key (tenant_id) references public.tenants (id) on delete cascade,
  constraint learning_data_tenant_id_template_id_fkey foreign key (tenant_id, template_id)
    references public.templates (tenant_id, id) on delete set null (template_id)
);
comment on table public.learning_data is
  'What was learned from work: how sure one is of it, and how much it has helped.';
comment on column public.learning_data.confidence is 'How sure one is, 0 to 1.';
comment on column public.learning_data.effectiveness is 'How much it has helped, 0 to 1. Null: not known yet.';
comment on column public.learning_data.created_by is 'Who wrote it. It outlives the account.';

create index learning_data_page_idx on public.learning_data (tenant_id, created_at desc, id desc);
create index learning_data_type_idx on public.learning_data (tenant_id, type, confidence desc);
create index learning_data_template_id_idx on public.learning_data (tenant_id, template_id);
alter table public.learning_data add constraint learning_data_pkey primary key (tenant_id, id);

call private.enroll(
  'public.learning_data', read => 'viewer', write => 'member', remove => 'manager',
  insertable => '{tenant_id, template_id, type, subject, content, confidence, effectiveness}',
  changeable => '{template_id, type, subject, content, confidence, effectiveness}'
);
