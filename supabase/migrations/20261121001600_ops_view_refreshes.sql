-- Materialized views: published through one path, refreshed one by one, every refresh recorded.
-- (S4, P2) A materialized view has no row level security. It stays in private, where no role of the
-- API reads it; a security-barrier view beside it keeps the rows of the caller's tenants; public
-- has a security-invoker view of that one, so that the API never serves a view with its owner's
-- rights.

create procedure private.publish_materialized_view(name text, read text)
  language plpgsql
  security invoker
  set search_path = ''
as $$
declare
  v_source constant text := format('private.%I', publish_materialized_view.name);
  v_filtered constant text := format('private.%I', publish_materialized_view.name || '_in_reach');
  v_served constant text := format('public.%I', publish_materialized_view.name);
  v_columns text;
  v_relation text;
begin
  perform private.role_rank(publish_materialized_view.read);
  select string_agg(format('m.%I', a.attname), ', ' order by a.attnum) into v_columns
  from pg_catalog.pg_attribute as a
  where a.attrelid = v_source::regclass and a.attnum > 0;
  execute format(
    'create view %s with (security_barrier = true) as select %s from %s as m'
    ' where m.tenant_id = any ((select r.%I from private.my_reach as r)::uuid[])',
    v_filtered, v_columns, v_source, publish_materialized_view.read
  );
  execute format(
    'create view %s with (security_invoker = true) as select %s from %s as m',
    v_served, v_columns, v_filtered
  );
  foreach v_relation in array array[v_source, v_filtered, v_served] loop
    execute format('revoke all on %s from public, anon, authenticated, service_role', v_relation);
  end loop;
  execute format('grant select on %s, %s to authenticated', v_filtered, v_served);
  execute format('comment on view %s is %L', v_filtered,
    format('The rows of %s that belong to the caller''s tenants. Behind %s.', v_source, v_served));
  execute format('comment on view %s is %L', v_served, obj_description(v_source::regclass, 'pg_class'));
end
$$;
comment on procedure private.publish_materialized_view(text, text) is
  'Gives private.<name> its tenant-filtered view public.<name>, for callers with at least the role '
  'read. The materialized view needs a column tenant_id.';
revoke all on procedure private.publish_materialized_view(text, text)
  from public, anon, authenticated, service_role;


create table ops.view_refreshes (
  id uuid not null default private.uuid_v7(),
  view_name text not null,
  started_at timestamptz not null,
  duration_ms numeric(12, 3) not null constraint duration_is_not_negative check (duration_ms >= 0),
  is_concurrent boolean not null,
  row_count bigint,
  error_code text,
  error text,
  constraint view_refreshes_pkey primary key (id),
  constraint has_rows_or_an_error check ((row_count is null) <> (error is null))
);
comment on table ops.view_refreshes is
  'One row each time a materialized view was refreshed, or failed to be.';

create index view_refreshes_view_name_started_at_idx on ops.view_refreshes (view_name, started_at desc);

alter table ops.view_refreshes enable row level security;
revoke all on ops.view_refreshes from public, anon, authenticated, service_role;
grant select, delete on ops.view_refreshes to service_role;


create function ops.list_materialized_views()
  returns table (name text, is_concurrent boolean)
  language plpgsql
  stable
  security definer -- the service role holds no right on private
  set search_path = ''
as $$
begin
  return query
  select
    c.relname::text,
    -- A concurrent refresh needs rows to compare with and a unique index over plain columns.
    c.relispopulated and exists (
      select from pg_catalog.pg_index as i
      where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    )
  from pg_catalog.pg_class as c
  where c.relkind = 'm' and c.relnamespace = 'private'::regnamespace
  order by c.relname;
end
$$;
comment on function ops.list_materialized_views() is
  'The materialized views of the house, from the catalogue, and whether each can be refreshed '
  'while it is read.';
revoke all on function ops.list_materialized_views() from public, anon, authenticated, service_role;
grant execute on function ops.list_materialized_views() to service_role;


create function ops.refresh_materialized_view(name text)
  returns ops.view_refreshes
  language plpgsql
  volatile
  security definer -- only the owner of a materialized view may refresh it
  set search_path = ''
as $$
declare
  v_started timestamptz := clock_timestamp();
  v_run ops.view_refreshes;
  v_concurrent boolean;
  v_rows bigint;
  v_code text;
  v_error text;
begin
  select l.is_concurrent into v_concurrent
  from ops.list_materialized_views() as l
  where l.name = refresh_materialized_view.name;
  if not found then
    raise exception using
      errcode = 'PT404',
      message = format(
        'There is no materialized view %s.', coalesce(quote_literal(refresh_materialized_view.name), 'null')
      ),
      hint = 'ops.list_materialized_views() names them.';
  end if;
  begin
    execute format('refresh materialized view %s private.%I',
      case when v_concurrent then 'concurrently' else '' end, refresh_materialized_view.name);
    execute format('select count(*) from private.%I', refresh_materialized_view.name) into v_rows;
  exception
    -- Whatever is wrong with one view is written down and must not stop the others. A cancelled or
    -- shut-down session is not the view's fault and goes through.
    when query_canceled or admin_shutdown or crash_shutdown then
      raise;
    when others then
      get stacked diagnostics v_code = returned_sqlstate, v_error = message_text;
  end;
  insert into ops.view_refreshes (view_name, started_at, duration_ms, is_concurrent, row_count, error_code, error)
  values (
    refresh_materialized_view.name,
    v_started,
    extract(epoch from clock_timestamp() - v_started) * 1000,
    v_concurrent,
    v_rows,
    v_code,
    v_error
  )
  returning * into v_run;
  return v_run;
end
$$;
comment on function ops.refresh_materialized_view(text) is
  'Refreshes one materialized view, concurrently where that is possible, and records duration and '
  'rows, or the error. '
  'Returns the record. Raises PT404 for an unknown view; a refresh that fails raises nothing.';
revoke all on function ops.refresh_materialized_view(text)
  from public, anon, authenticated, service_role;
grant execute on function ops.refresh_materialized_view(text) to service_role;


create function ops.refresh_materialized_views()
  returns setof ops.view_refreshes
  language plpgsql
  volatile
  security definer -- calls ops.refresh_materialized_view in the same transaction
  set search_path = ''
as $$
declare
  v_name text;
begin
  for v_name in select l.name from ops.list_materialized_views() as l order by l.name loop
    return query select * from ops.refresh_materialized_view(v_name);
  end loop;
end
$$;
comment on function ops.refresh_materialized_views() is
  'Refreshes every materialized view, one after the other in one transaction; a failing one does '
  'not stop the rest. Returns a record for each. '
  'The edge function refresh-views uses a transaction a view instead.';
revoke all on function ops.refresh_materialized_views()
  from public, anon, authenticated, service_role;
grant execute on function ops.refresh_materialized_views() to service_role;


insert into ops.schedules (name, description, cron, kind, target, timeout_seconds)
values (
  'refresh-views',
  'Refreshes the materialized views.',
  '*/15 * * * *',
  'function',
  'refresh-views',
  300
);
