-- The recorded runs and samples are lost, and the thresholds that operators set for these checks.
delete from ops.health_checks
where name in ('table_growth', 'noisy_tenant', 'metric_anomalies', 'query_regressions');
drop function ops.check_query_regressions();
drop function ops.check_metric_anomalies();
drop function ops.check_noisy_tenant();
drop function ops.check_table_growth();
drop function ops.get_query_regressions(interval, interval);
drop function ops.get_metric_anomalies(interval);
drop function ops.get_table_growth(interval, bigint);
drop function ops.last_growth(text, timestamptz);
drop function ops.take_snapshot(timestamptz);
drop function ops.get_tenant_shares();
drop function ops.list_table_sizes();
drop table ops.metric_samples;
drop table ops.metrics;
drop table ops.health_runs;
drop function ops.threshold(text, text);
