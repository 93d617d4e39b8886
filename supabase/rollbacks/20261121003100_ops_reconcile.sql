-- The thresholds that operators set for these checks are lost; the jobs of pg_cron go, the schedules stay.
do $$
declare
  v_job bigint;
begin
  if ops.scheduler() = 'pg_cron' then
    for v_job in execute format(
      'select j.jobid from cron.job as j where starts_with(j.jobname::text, %L) and j.username::text = current_user',
      'rowhouse:'
    ) loop
      execute format('select cron.unschedule(%s::bigint)', v_job);
    end loop;
  end if;
  -- From here on a change of a schedule makes no job again.
  drop trigger _900_reconcile on ops.schedules;
end
$$;
delete from ops.health_checks
where name in (
  'schedules_late', 'schedules_failed', 'schedules_overlapping', 'schedules_reconciled', 'http_answers',
  'vault_secrets', 'cron_history'
);
drop function ops.check_cron_history();
drop function ops.check_vault_secrets();
drop function ops.check_http_answers();
drop function ops.get_http_answers(timestamptz);
drop function ops.check_schedules_reconciled();
drop function ops.check_schedules_overlapping();
drop function ops.check_schedules_failed();
drop function ops.check_schedules_late();
drop function ops.run_schedule_now(text);
drop function ops.get_schedules();
drop function private.tg_schedules__reconcile();
drop function ops.reconcile_schedules();
drop function ops.list_job_differences();
drop function ops.list_expected_jobs();
drop function ops.list_due_schedules(interval);
drop function ops.end_abandoned_runs();
drop function ops.collect_http_answers();
drop function ops.as_json(text);
drop function ops.run_schedule(uuid);
drop function ops.invoke_function(uuid);
drop function ops.begin_run(text);
drop function ops.scheduler();
drop function ops.cron_database();
drop function ops.missed_runs(text, timestamptz, timestamptz);
drop function ops.previous_run_due(text, timestamptz);
drop function ops.next_run_due(text, timestamptz);
drop function ops.find_run_due(text, timestamptz, boolean);
