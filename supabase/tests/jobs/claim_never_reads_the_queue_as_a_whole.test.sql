-- A worker that began on an empty queue has its plans from then. With a backlog they must still find by index what they take.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/jobs.psql
select plan(10);

-- What a statement reads of the queue.
create function tests.reading(statement text) returns text language plpgsql as $$
declare
  v_before record;
  v_after record;
begin
  select seq_scan, idx_tup_fetch into v_before from pg_stat_xact_user_tables where relid = 'public.job_queue'::regclass;
  begin
    execute statement;
  exception
    -- The first time there is no job to be found: the plans are made all the same.
    when sqlstate 'PT404' or sqlstate 'PT409' then null;
  end;
  select seq_scan, idx_tup_fetch into v_after from pg_stat_xact_user_tables where relid = 'public.job_queue'::regclass;
  return format('%s scans, %s', v_after.seq_scan - v_before.seq_scan, case
    when v_after.idx_tup_fetch - v_before.idx_tup_fetch < 100 then 'few rows' else 'many rows' end);
end
$$;

create function tests.work() returns setof text language plpgsql as $$
declare
  v_lease uuid;
  v_job uuid;
begin
  return next 'claim: ' || tests.reading($s$select tests.claim(10)$s$);
  select l.lease_id, l.job_ids[1] into v_lease, v_job from private.job_leases as l;
  return next 'complete one: ' || tests.reading(format('select public.complete_jobs(%L, %L)', v_lease, array[v_job]));
  select l.job_ids[1] into v_job from private.job_leases as l;
  return next 'fail: ' || tests.reading(format('select public.fail_job(%L, %L, %L)', v_lease, v_job, 'No.'));
  select l.job_ids[1] into v_job from private.job_leases as l;
  return next 'cancel: ' || tests.reading(format('select public.cancel_job(%L, %L)', tests.tenant_id('acme'), v_job));
  return next 'heartbeat: ' || tests.reading(format('select public.heartbeat_job(%L)', v_lease));
  select l.job_ids[1] into v_job from private.job_leases as l;
  return next 'release: ' || tests.reading(format('select public.release_jobs(%L, %L)', v_lease, array[v_job]));
  perform tests.let_leases_run_out();
  return next 'take back: ' || tests.reading('select public.requeue_expired_jobs()');
  perform tests.claim(10);
  select l.lease_id into v_lease from private.job_leases as l;
  return next 'complete all: ' || tests.reading(format('select public.complete_jobs(%L)', v_lease));
end
$$;

-- Every plan is made now, without a row or beside ten of them, and kept: the planner makes up its mind within six times.
analyze public.job_queue, public.finished_jobs, private.job_leases;
do $$
begin
  for i in 0..6 loop
    perform tests.enqueue_many('acme', 'first', 10) where i > 0;
    perform tests.work();
    delete from public.job_queue;
    delete from private.job_leases;
  end loop;
end
$$;
select is_empty('select from public.job_queue', 'T6: the plans are made beside an empty queue');

select tests.enqueue_many('acme', 'many', 20000);
select is(w.line, w.name || ': 0 scans, few rows', 'T6: and read by index beside 20,000 jobs: ' || w.name)
from (select line, split_part(line, ':', 1) as name from tests.work() as line) as w;
select is_empty('select * from tests.broken_jobs', 'T6: queue and leases agree');

select * from finish();
rollback;
