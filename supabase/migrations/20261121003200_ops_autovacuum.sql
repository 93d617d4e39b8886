-- Autovacuum for the tables that churn. (P9)
-- The server's defaults wait until a fifth of a table is dead, or a fifth is new. That suits a table
-- that grows evenly; each of these does something else. Thresholds are in rows, scale factors
-- shares of the table. Nothing here is hard to undo.

-- Rewritten by every change of a membership and read by every statement under a policy: a small
-- table whose dead versions are paid for by everybody.
alter table private.reach set (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 50,
  autovacuum_analyze_scale_factor = 0.05
);

-- One row a user and day, rewritten by each message that is counted: as many dead versions as
-- messages, in the few pages of today.
alter table public.usage_metrics set (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 200,
  autovacuum_analyze_scale_factor = 0.05
);

-- Each message moves updated_at, which is indexed: a dead version with its index entries every time.
alter table public.conversations set (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 500,
  autovacuum_analyze_scale_factor = 0.05
);

-- Only grows. A fifth of millions of rows is weeks without a visibility map, when counts and pages
-- read the table besides the index, and without statistics of the newest tenants.
alter table public.messages set (
  autovacuum_vacuum_insert_scale_factor = 0.02,
  autovacuum_vacuum_insert_threshold = 5000,
  autovacuum_analyze_scale_factor = 0.02
);

-- Every run is inserted, then updated, and deleted a month later; schedules look here each minute.
alter table ops.schedule_runs set (
  autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_vacuum_threshold = 200,
  autovacuum_analyze_scale_factor = 0.05
);

-- Rewritten by every claim and every attempt, and searched each minute for what is to be told.
alter table ops.alert_deliveries set (
  autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_vacuum_threshold = 100,
  autovacuum_analyze_scale_factor = 0.05
);

-- Some 100 000 rows come and as many go each day, a sixtieth of the table: at the defaults the space
-- of two weeks lies idle before any of it is used again.
alter table ops.metric_samples set (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02
);

-- A month of the log is written once and never changed. Its rows are frozen by the first vacuum that
-- sees them, so that no later one reads and writes the whole month again.
do $$
declare
  v_partition regclass;
begin
  for v_partition in
    select i.inhrelid from pg_catalog.pg_inherits as i
    where i.inhparent = 'public.audit_log'::regclass order by i.inhrelid
  loop
    execute format(
      'alter table %s set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_freeze_min_age = 0)', v_partition
    );
  end loop;
end
$$;
