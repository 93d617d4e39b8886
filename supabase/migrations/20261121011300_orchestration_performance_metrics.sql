-- Measurements: by month, one row a value, written one by one or in batches. (O6)

create table public.performance_metrics (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  created_at timestamptz not null default now(),
  name text not null constraint name_has_1_to_200_characters check (name ~ '\S' and char_length(name) <= 200),
  type text not null default 'gauge'
    constraint type_is_known check (type in ('counter', 'gauge', 'histogram', 'timer')),
  value double precision not null
    -- NaN is greater than infinity here.
    constraint value_is_finite check (value > '-infinity' and value < 'infinity'),
  unit text constraint unit_has_1_to_50_characters check (char_length(unit) between 1 and 50),
  component_id uuid,
  tags jsonb not null default '{}'
    constraint tags_are_an_object_of_plain_values_in_4_kb
    check (
      jsonb_typeof(tags) = 'object'
      and octet_length(tags::text) <= 4096
      and not jsonb_path_exists(tags, '$.* ? (@.type() == "object" || @.type() == "array")')
    ),
  tags_key text generated always as (md5(tags::text)) stored,
  environment text generated always as (tags ->> 'environment') stored,
  host text generated always as (tags ->> 'host') stored,
  constraint count_is_not_negative check (type not in ('counter', 'timer') or value >= 0),
  constraint performance_metrics_tenant_id_fkey foreign key (tenant_id)
    references public.tenants (id) on delete cascade
) partition by range (created_at);
comment on table public.performance_metrics is
  'Measurements of a tenant''s components. Written by record_metric and record_metrics; never changed.';
comment on column public.performance_metrics.type is
  'counter: how many more since the last value. gauge: how much now. histogram: one observation. timer: '
  'how long one took.';
comment on column public.performance_metrics.component_id is
  'What was measured. It was a component of the tenant then; measurements outlive their component.';
comment on column public.performance_metrics.tags_key is
  'The same for the same tags: with the name it says which series a value belongs to.';
comment on column public.performance_metrics.environment is
  'The tag, as a plain column: under row level security a key of jsonb is filtered after all rows are read.';
comment on column public.performance_metrics.host is 'The tag, as a plain column.';

create index performance_metrics_series_idx
  on public.performance_metrics (tenant_id, name, tags_key, created_at) include (value);
create index performance_metrics_component_id_idx
  on public.performance_metrics (tenant_id, component_id, created_at desc) where component_id is not null;
alter table public.performance_metrics
  add constraint performance_metrics_pkey primary key (tenant_id, created_at, id);

call private.enroll('public.performance_metrics', read => 'viewer');
-- A row for a month that is not there would be refused; the functions make it.
revoke insert, update, delete on public.performance_metrics from service_role;

insert into ops.retention_policies (relation, time_column, keep, least_keep, months_ahead, description)
values ('public.performance_metrics', 'created_at', '90 days', '30 days', 3,
  'Measurements: a baseline by the hour of the week needs several weeks.');

do $$
begin
  perform ops.add_partitions();
end
$$;


create function public.record_metrics(tenant_id uuid, metrics jsonb)
  returns integer
  language plpgsql
  volatile
  security definer -- nobody writes measurements, and a month may have to be made
  set search_path = ''
as $$
declare
  v_fault record;
  v_recorded integer;
begin
  if not private.is_trusted_session() then
    perform private.require_role(record_metrics.tenant_id, 'member');
  end if;
  if jsonb_typeof(record_metrics.metrics) is distinct from 'array'
    or jsonb_array_length(record_metrics.metrics) > 10000
    or jsonb_path_exists(record_metrics.metrics, 'strict $[*] ? (@.type() != "object")')
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'metrics must be an array of at most 10000 objects.',
      hint = 'Each has name and value, and may have type, unit, tags, component_id and created_at.';
  end if;
  select m.place, m.name, m.value into v_fault
  from rows from (
    jsonb_to_recordset(record_metrics.metrics) as (name text, value double precision)
  ) with ordinality as m (name, value, place)
  where m.value in ('nan', 'infinity', '-infinity')
  order by m.place
  limit 1;
  if found then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'value must be a finite number.',
      detail = format('%s %s, number %s of the batch', v_fault.name, v_fault.value, v_fault.place);
  end if;
  perform private.require_component(record_metrics.tenant_id, m.component_id)
  from (
    select distinct r.component_id
    from jsonb_to_recordset(record_metrics.metrics) as r (component_id uuid)
    where r.component_id is not null
  ) as m;
  -- The first and the last of each month: if those are kept, all between them are.
  perform private.ensure_partition('public.performance_metrics', e.at)
  from (
    select min(r.created_at) as first, max(r.created_at) as last
    from jsonb_to_recordset(record_metrics.metrics) as r (created_at timestamptz)
    group by date_trunc('month', coalesce(r.created_at, now()) at time zone 'utc')
  ) as b
  cross join lateral (values (coalesce(b.first, now())), (coalesce(b.last, now()))) as e (at);
  insert into public.performance_metrics (tenant_id, created_at, name, type, value, unit, component_id, tags)
  select
    record_metrics.tenant_id,
    coalesce(m.created_at, now()),
    m.name,
    coalesce(m.type, 'gauge'),
    m.value,
    m.unit,
    m.component_id,
    coalesce(m.tags, '{}')
  from jsonb_to_recordset(record_metrics.metrics) as m (
    name text, type text, value double precision, unit text, tags jsonb, component_id uuid, created_at timestamptz
  );
  get diagnostics v_recorded = row_count;
  return v_recorded;
end
$$;
comment on function public.record_metrics(uuid, jsonb) is
  'Writes a batch of measurements, all or none, and returns how many: objects with name and value, '
  'and type (gauge), unit, tags, component_id and created_at (now) where they differ. Raises PT404 '
  'for a tenant or component out of reach, 42501 below member, 22023 for a batch that is none, a '
  'value that is not finite or a time out of range, 23514 and 23502 for other values that do not fit.';
revoke all on function public.record_metrics(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_metrics(uuid, jsonb) to authenticated, service_role;


create function public.record_metric(
  tenant_id uuid,
  name text,
  value double precision,
  type text default 'gauge',
  unit text default null,
  tags jsonb default '{}',
  component_id uuid default null,
  created_at timestamptz default null
)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  perform public.record_metrics(
    record_metric.tenant_id,
    jsonb_build_array(jsonb_build_object(
      'name', record_metric.name,
      'value', record_metric.value,
      'type', record_metric.type,
      'unit', record_metric.unit,
      'tags', record_metric.tags,
      'component_id', record_metric.component_id,
      'created_at', record_metric.created_at
    ))
  );
end
$$;
comment on function public.record_metric(uuid, text, double precision, text, text, jsonb, uuid, timestamptz) is
  'Writes one measurement: record_metrics with a batch of one, and its errors.';
revoke all on function public.record_metric(uuid, text, double precision, text, text, jsonb, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.record_metric(uuid, text, double precision, text, text, jsonb, uuid, timestamptz)
  to authenticated, service_role;
