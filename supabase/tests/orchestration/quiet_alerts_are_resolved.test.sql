-- An alert ends by itself when a day of looking has not found its cause again; not while nobody looks.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/series.psql
select plan(12);

create function tests.open_alerts() returns text language sql
  begin atomic; select string_agg(a.fingerprint, ' ' order by a.fingerprint) from public.tenant_alerts as a where a.status <> 'resolved'; end;
insert into public.tenant_alerts (tenant_id, fingerprint, kind, severity, title, recommendation, began_at, last_seen_at, status, acknowledged_at)
select tests.tenant_id(tenant), kind || '-' || seen, kind, 'warning', 'x', 'x', now() - interval '9 days', now() - seen::interval, status,
  case status when 'acknowledged' then now() - interval '2 days' end
from (values
  ('acme', 'spike', '25 hours', 'open'), ('acme', 'spike', '23 hours', 'open'), ('acme', 'shift', '26 hours', 'acknowledged'),
  ('acme', 'drift', '28 hours', 'open'), ('acme', 'shift', '20 hours', 'open'), ('globex', 'spike', '30 hours', 'open')
) as v (tenant, kind, seen, status);
select is(ops.resolve_quiet_alerts(), 0, 'O7: nobody has looked at these tenants');
insert into private.metric_watches (tenant_id, looked_until, baselines_at)
values (tests.tenant_id('acme'), now(), null), (tests.tenant_id('globex'), now() - interval '10 hours', now());
select is(ops.resolve_quiet_alerts(), 1, 'O7: a day of looking for spikes');
select is(tests.open_alerts(), 'drift-28 hours shift-20 hours shift-26 hours spike-23 hours spike-30 hours',
  'O7: not one that was seen within a day, nor of a tenant that was looked at before');
update private.metric_watches set baselines_at = now() - interval '3 hours' where tenant_id = tests.tenant_id('acme');
select is(ops.resolve_quiet_alerts(), 1, 'O7: shifts and drifts are looked for with the baselines');
select is(tests.open_alerts(), 'shift-20 hours shift-26 hours spike-23 hours spike-30 hours', 'O7: a day after they were seen');
update private.metric_watches set baselines_at = now();
select is(ops.resolve_quiet_alerts(), 1, 'O7: one that somebody knows of ends as well');
select results_eq($$select fingerprint, resolved_at >= now(), resolved_by from public.tenant_alerts where status = 'resolved' order by 1$$,
  $$values ('drift-28 hours', true, null::uuid), ('shift-26 hours', true, null), ('spike-25 hours', true, null)$$, 'O7: by nobody');

-- From end to end: a spike, then quiet; the next one is another alert.
delete from public.tenant_alerts;
delete from private.metric_watches;
select tests.add_series('cpu', 1);
update public.performance_metrics set value = 1000 where created_at = (select max(created_at) from public.performance_metrics);
select tests.look_again('10 minutes', true) from ops.detect_anomalies();
select is((select string_agg(kind, ' ') from tests.alerts where status = 'open'), 'spike', 'O7: a spike is found');
select is(ops.resolve_quiet_alerts(), 0, 'O7: and stays for now');
update public.tenant_alerts set last_seen_at = now() - interval '25 hours', began_at = now() - interval '25 hours';
update public.performance_metrics set value = 100 where value = 1000;
select tests.look_again('10 minutes');
select is(ops.resolve_quiet_alerts(), 1, 'O7: it ends');
select results_eq($$select after ->> 'status', actor_id from public.audit_log where table_name = 'public.tenant_alerts'
    and verb = 'update' and after ->> 'status' is not null order by id desc limit 1$$, $$values ('resolved', null::uuid)$$,
  'C8: the log shows that nobody did it');
select is((select count(*) from ops.schedules where name = 'resolve-quiet-alerts' and is_enabled), 1::bigint, 'P3: there is a schedule for it');

select * from finish();
rollback;
