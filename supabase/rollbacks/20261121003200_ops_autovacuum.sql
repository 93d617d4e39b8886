do $$
declare
  v_partition regclass;
begin
  for v_partition in
    select i.inhrelid from pg_catalog.pg_inherits as i
    where i.inhparent = 'public.audit_log'::regclass order by i.inhrelid desc
  loop
    execute format('alter table %s reset (autovacuum_vacuum_insert_scale_factor, autovacuum_freeze_min_age)', v_partition);
  end loop;
end
$$;
alter table ops.metric_samples reset (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor
);
alter table ops.alert_deliveries reset (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor
);
alter table ops.schedule_runs reset (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor
);
alter table public.messages reset (
  autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold, autovacuum_analyze_scale_factor
);
alter table public.conversations reset (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor
);
alter table public.usage_metrics reset (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor
);
alter table private.reach reset (
  autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, autovacuum_analyze_scale_factor
);
