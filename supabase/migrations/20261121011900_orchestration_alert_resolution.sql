-- Tenant alerts end by themselves when their cause is gone. (O7)
-- One whose series has been looked at for a day without being found again. Not earlier: a spike is one
-- value, and somebody should still find it open in the morning; a shift is looked for every six hours,
-- and may be missed once. What had begun by then is not raised again, as after resolve_alert.

create function ops.resolve_quiet_alerts()
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_resolved integer;
begin
  -- How far the tenant has been looked at, and not what time it is: if nobody looks, nothing is over.
  update public.tenant_alerts as a
  set status = 'resolved', resolved_at = clock_timestamp(), resolved_by = null
  from private.metric_watches as w
  where w.tenant_id = a.tenant_id
    and a.status <> 'resolved'
    and a.last_seen_at < case when a.kind = 'spike' then w.looked_until else w.baselines_at end - interval '1 day';
  get diagnostics v_resolved = row_count;
  return v_resolved;
end
$$;
comment on function ops.resolve_quiet_alerts() is
  'Resolves the alerts of tenants, acknowledged or not, that a day of looking has not found again; returns how many. '
  'For the schedule resolve-quiet-alerts.';
revoke all on function ops.resolve_quiet_alerts() from public, anon, authenticated, service_role;

insert into ops.schedules (name, description, cron, kind, target)
values (
  'resolve-quiet-alerts',
  'Alerts of tenants whose cause is gone.',
  '*/15 * * * *',
  'sql',
  'select ops.resolve_quiet_alerts()'
);
