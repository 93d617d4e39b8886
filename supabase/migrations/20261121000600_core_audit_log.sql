-- The audit log: what changed, by whom, before and after. (C8)
-- Append-only: nobody holds update or delete, and a trigger refuses both to the table's owner as
-- well. Partitioned by month from the start, so that retention is a drop. Partitions live in
-- private, where no role of the API holds a right: policies act only on the parent, and a partition
-- read directly would show every tenant.

create table public.audit_log (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  created_at timestamptz not null default now(),
  actor_id uuid,
  actor_role text not null,
  verb text not null constraint verb_is_known check (verb in ('insert', 'update', 'delete')),
  table_name text not null,
  row_key jsonb not null constraint row_key_is_an_object check (jsonb_typeof(row_key) = 'object'),
  before jsonb,
  after jsonb,
  -- The time comes second: one index then serves the newest-first page and is unique on a table
  -- partitioned by time.
  constraint audit_log_pkey primary key (tenant_id, created_at, id)
) partition by range (created_at);
comment on table public.audit_log is
  'Every change of an audited table. Read by the tenant''s admins; outlives the tenant, so it has '
  'no foreign key to it.';
comment on column public.audit_log.actor_id is
  'The signed-in user; null for the service role and for migrations.';
comment on column public.audit_log.actor_role is
  'The role of the request (authenticated, service_role) or of the database session.';
comment on column public.audit_log.row_key is 'The primary key of the changed row.';
comment on column public.audit_log.before is
  'Updates: the changed columns as they were. Deletes: the row.';
comment on column public.audit_log.after is
  'Updates: the changed columns as they are. Inserts: the row.';

-- Changes of every branch are in it, so an admin confined to branches does not read it.
call private.enroll('public.audit_log', read => 'admin', unconfined => true);
-- Enrolling gives the service role the usual four verbs; here it may only read. Rows are written by
-- the trigger alone.
revoke insert, update, delete on public.audit_log from service_role;


create function private.tg_audit_log__refuse_change()
  returns trigger
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'insufficient_privilege',
    message = format('The audit log is append-only: %s is refused.', lower(tg_op)),
    hint = 'Old months leave by dropping their partition.';
end
$$;
comment on function private.tg_audit_log__refuse_change() is
  'Before update, delete and truncate of the audit log: raises 42501, whoever asks.';
revoke all on function private.tg_audit_log__refuse_change()
  from public, anon, authenticated, service_role;

create trigger _110_refuse_change
  before update or delete on public.audit_log
  for each row execute function private.tg_audit_log__refuse_change();
create trigger _120_refuse_truncate
  before truncate on public.audit_log
  for each statement execute function private.tg_audit_log__refuse_change();


create function private.tg__audit()
  returns trigger
  language plpgsql
  volatile
  security definer -- nobody who changes a row may write the log
  set search_path = ''
as $$
declare
  v_old jsonb := to_jsonb(old);
  v_new jsonb := to_jsonb(new);
  v_row jsonb := coalesce(v_new, v_old);
  v_before jsonb := v_old;
  v_after jsonb := v_new;
begin
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(o.key, o.value), jsonb_object_agg(n.key, n.value)
    into v_before, v_after
    from jsonb_each(v_old) as o
    join jsonb_each(v_new) as n on n.key = o.key and n.value is distinct from o.value
    where o.key <> 'updated_at';
    if v_before is null then
      return null;
    end if;
  end if;
  insert into public.audit_log (tenant_id, actor_id, actor_role, verb, table_name, row_key, before, after)
  values (
    (v_row ->> tg_argv[0])::uuid,
    auth.uid(),
    coalesce(nullif(current_setting('role'), 'none'), session_user),
    lower(tg_op),
    format('%I.%I', tg_table_schema, tg_table_name),
    (select jsonb_object_agg(k.name, v_row -> k.name) from unnest(tg_argv[1:]) as k (name)),
    v_before,
    v_after
  );
  return null;
end
$$;
comment on function private.tg__audit() is
  'After insert, update or delete: writes the change to audit_log. Arguments: the tenant column, '
  'then the columns of the primary key.';
revoke all on function private.tg__audit() from public, anon, authenticated, service_role;


create function ops.add_partitions(months integer default null)
  returns table (relation text, created integer)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_parent record;
  v_months integer;
  v_month timestamptz;
  v_partition text;
  v_trigger record;
begin
  if add_partitions.months not between 1 and 60 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('months must be between 1 and 60, not %s.', add_partitions.months);
  end if;
  for v_parent in
    select c.oid::regclass as name, c.relname
    from pg_catalog.pg_partitioned_table as p
    join pg_catalog.pg_class as c on c.oid = p.partrelid
    where c.relnamespace = 'public'::regnamespace and p.partstrat = 'r'
    order by c.relname
  loop
    relation := v_parent.name::text;
    created := 0;
    v_months := add_partitions.months;
    -- A statement of its own: the table comes with a later migration than the first call.
    if v_months is null then
      select p.months_ahead into v_months
      from ops.retention_policies as p
      where p.relation = format('public.%I', v_parent.relname);
    end if;
    for v_month in
      select generate_series(
        date_trunc('month', now() at time zone 'utc'),
        date_trunc('month', now() at time zone 'utc') + make_interval(months => coalesce(v_months, 12)),
        interval '1 month'
      ) at time zone 'utc'
    loop
      v_partition := v_parent.relname || '_' || to_char(v_month at time zone 'utc', 'YYYY_MM');
      continue when to_regclass(format('private.%I', v_partition)) is not null;
      execute format(
        'create table private.%I partition of %s for values from (%L) to (%L)',
        v_partition, v_parent.name, v_month, (v_month at time zone 'utc' + interval '1 month') at time zone 'utc'
      );
      execute format('alter table private.%I enable row level security', v_partition);
      execute format('revoke all on private.%I from public, anon, authenticated, service_role', v_partition);
      -- A partition inherits the triggers for rows, but not those for statements: truncate would
      -- pass it by.
      for v_trigger in
        select t.tgname, t.tgfoid::regproc as name
        from pg_catalog.pg_trigger as t
        where t.tgrelid = v_parent.name and not t.tgisinternal and t.tgtype & 33 = 32
      loop
        execute format(
          'create trigger %I before truncate on private.%I for each statement execute function %s()',
          v_trigger.tgname, v_partition, v_trigger.name
        );
      end loop;
      created := created + 1;
    end loop;
    return next;
  end loop;
end
$$;
comment on function ops.add_partitions(integer) is
  'Makes the monthly partitions of every table that is partitioned by time: this month''s and as '
  'many ahead as asked; null: as ops.retention_policies.months_ahead says, 12 where it says nothing. '
  'Returns how many it made for each table. Raises 22023 unless months is between 1 and 60, or null.';
revoke all on function ops.add_partitions(integer) from public, anon, authenticated, service_role;

-- A year ahead: a scheduler that stands still for months must not stop a single write.
do $$
begin
  perform ops.add_partitions(12);
end
$$;
