-- All measurements are lost.
drop function public.record_metric(uuid, text, double precision, text, text, jsonb, uuid, timestamptz);
drop function public.record_metrics(uuid, jsonb);
delete from ops.retention_policies where relation = 'public.performance_metrics';
call private.withdraw('public.performance_metrics');
drop table public.performance_metrics;
