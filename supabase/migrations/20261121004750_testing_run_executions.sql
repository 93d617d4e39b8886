-- Executions are run by jobs: what takes the jobs, and what ends executions whose job is over. (T5, T6)

create index scheduled_test_executions_open_idx on public.scheduled_test_executions (tenant_id, job_id)
  where status in ('queued', 'running');


create function private.end_lost_test_executions()
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_ended integer;
begin
  -- A worker that dies with the last attempt of a job tells nobody about the execution.
  with lost as (
    select e.tenant_id, e.id, coalesce(f.error, format('Its job is over: %s.', coalesce(f.status, 'gone'))) as error
    from public.scheduled_test_executions as e
    left join public.finished_jobs as f on f.tenant_id = e.tenant_id and f.id = e.job_id
    where e.status in ('queued', 'running')
      and not exists (select from public.job_queue as j where j.tenant_id = e.tenant_id and j.id = e.job_id)
    order by e.tenant_id, e.id
    limit 1000
    for no key update of e skip locked
  )
  update public.scheduled_test_executions as e
  set status = 'error', error = left(l.error, 10000)
  from lost as l
  where e.tenant_id = l.tenant_id and e.id = l.id;
  get diagnostics v_ended = row_count;
  return v_ended;
end
$$;
comment on function private.end_lost_test_executions() is
  'Ends executions that wait or run although their job is over, as errors with the job''s reason. '
  'Returns how many, at most a thousand.';
revoke all on function private.end_lost_test_executions() from public, anon, authenticated, service_role;


insert into ops.schedules (name, description, cron, kind, target, body)
values
  (
    'process-jobs',
    'Does jobs of the queue testing: runs of tests, where a runner is set.',
    '* * * * *',
    'function',
    'process-jobs',
    '{"queue": "testing"}'
  ),
  (
    'end-lost-executions',
    'Ends executions whose job is over without having said so.',
    '* * * * *',
    'sql',
    'select private.end_lost_test_executions()',
    '{}'
  );
update ops.schedules set timeout_seconds = 150 where name = 'process-jobs';
