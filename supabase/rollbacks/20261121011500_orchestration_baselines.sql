-- Baselines come back with the next run; alerts are lost.
delete from ops.schedules where name = 'detect-anomalies';
drop function ops.detect_anomalies(integer, interval);
drop function private.look_at_series(uuid);
drop function private.find_change(public.metric_baselines);
drop function private.find_spikes(uuid, timestamptz, timestamptz);
drop function private.compute_baseline(uuid, text, text);
drop function private.usual_value(double precision[], double precision, timestamptz);
drop function private.hour_of_week(timestamptz);
drop table private.metric_watches;
call private.withdraw('public.metric_baselines');
drop table public.metric_baselines;
drop function public.resolve_alert(uuid, uuid);
drop function public.acknowledge_alert(uuid, uuid);
drop function private.move_tenant_alert(uuid, uuid, text);
drop function private.raise_tenant_alert(uuid, text, text, text, text, text, jsonb, timestamptz);
delete from ops.retention_policies where relation = 'public.tenant_alerts';
call private.withdraw('public.tenant_alerts');
drop table public.tenant_alerts;
