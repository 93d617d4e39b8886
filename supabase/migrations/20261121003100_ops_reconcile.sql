-- Schedules run by pg_cron, and the scheduler watched. (P3, P1)
-- ops.schedules is the truth. Where pg_cron serves this database, reconciling makes its jobs equal to
-- the enabled schedules, and a job of every minute mends them, collects the answers of edge functions
-- and runs what was missed. Everywhere else another scheduler reads the table; ops.scheduler() says
-- which of the two it is, so that it is never both.

create function ops.find_run_due(cron text, at timestamptz, is_forward boolean)
  returns timestamptz
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_fields constant text[] := string_to_array(find_run_due.cron, ' ');
  v_step constant integer := case when find_run_due.is_forward then 1 else -1 end;
  v_bound timestamp := date_trunc('minute', find_run_due.at at time zone 'utc');
  v_minutes integer[];
  v_hours integer[];
  v_days integer[];
  v_months integer[];
  v_weekdays integer[];
  v_needs_both boolean;
  v_is_day boolean;
  v_is_weekday boolean;
  v_day date;
  v_month date;
  v_limit integer;
  v_minute integer;
begin
  if find_run_due.at is null or not ops.is_cron(find_run_due.cron) then
    return null;
  end if;
  v_minutes := ops.cron_values(v_fields[1], 0, 59);
  v_hours := ops.cron_values(v_fields[2], 0, 23);
  v_days := ops.cron_values(v_fields[3], 1, 31);
  v_months := ops.cron_values(v_fields[4], 1, 12);
  v_weekdays := ops.cron_values(v_fields[5], 0, 7);
  -- pg_cron looks at the first letter alone, so */2 counts as a star.
  v_needs_both := v_fields[3] like '*%' or v_fields[5] like '*%';
  if find_run_due.is_forward then
    v_bound := v_bound + interval '1 minute';
  end if;
  v_day := v_bound::date;
  v_month := date_trunc('month', v_bound)::date;
  v_limit := (extract(hour from v_bound) * 60 + extract(minute from v_bound))::integer;
  -- The calendar repeats after 28 years, or 40 around a year like 2100: then it never comes.
  for i in 0..12 * 41 loop
    if extract(month from v_month)::integer = any (v_months) then
      while date_trunc('month', v_day)::date = v_month loop
        v_is_day := extract(day from v_day)::integer = any (v_days);
        -- Sunday is 0 and 7.
        v_is_weekday := extract(dow from v_day)::integer = any (v_weekdays)
          or extract(isodow from v_day)::integer = any (v_weekdays);
        if (v_is_day and v_is_weekday) or ((v_is_day or v_is_weekday) and not v_needs_both) then
          select case when find_run_due.is_forward then min(h * 60 + m) else max(h * 60 + m) end into v_minute
          from unnest(v_hours) as h
          cross join unnest(v_minutes) as m
          where v_limit is null
            or case when find_run_due.is_forward then h * 60 + m >= v_limit else h * 60 + m <= v_limit end;
          if v_minute is not null then
            return (v_day + make_interval(mins => v_minute)) at time zone 'utc';
          end if;
        end if;
        v_day := v_day + v_step;
        v_limit := null;
      end loop;
    end if;
    v_month := (v_month + make_interval(months => v_step))::date;
    if date_trunc('month', v_day)::date <> v_month then
      v_day := case
        when find_run_due.is_forward then v_month
        else (v_month + interval '1 month' - interval '1 day')::date
      end;
    end if;
    v_limit := null;
  end loop;
  return null;
end
$$;
comment on function ops.find_run_due(text, timestamptz, boolean) is
  'The nearest minute at which a cron expression fires in UTC: after a moment, or at or before it. '
  'Null for no expression, and when there is none in 41 years (30 February).';
revoke all on function ops.find_run_due(text, timestamptz, boolean)
  from public, anon, authenticated, service_role;


create function ops.next_run_due(cron text, since timestamptz)
  returns timestamptz
  language sql
  immutable
  security invoker
  set search_path = ''
begin atomic
  select ops.find_run_due(next_run_due.cron, next_run_due.since, true);
end;
comment on function ops.next_run_due(text, timestamptz) is
  'The first minute after a moment at which a cron expression fires, in UTC. Null: never.';
revoke all on function ops.next_run_due(text, timestamptz) from public, anon, authenticated, service_role;


create function ops.previous_run_due(cron text, at timestamptz)
  returns timestamptz
  language sql
  immutable
  security invoker
  set search_path = ''
begin atomic
  select ops.find_run_due(previous_run_due.cron, previous_run_due.at, false);
end;
comment on function ops.previous_run_due(text, timestamptz) is
  'The last minute at or before a moment at which a cron expression fired, in UTC. Null: never.';
revoke all on function ops.previous_run_due(text, timestamptz) from public, anon, authenticated, service_role;


create function ops.missed_runs(cron text, since timestamptz, until timestamptz)
  returns integer
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_due timestamptz := ops.next_run_due(missed_runs.cron, missed_runs.since);
  v_count integer := 0;
begin
  -- Whether it is 50 or 5000 matters to nobody, and a schedule of every minute may have been away a year.
  while v_due <= missed_runs.until and v_count < 50 loop
    v_count := v_count + 1;
    v_due := ops.next_run_due(missed_runs.cron, v_due);
  end loop;
  return v_count;
end
$$;
comment on function ops.missed_runs(text, timestamptz, timestamptz) is
  'How often a cron expression fired after one moment and up to another; 50 stands for more.';
revoke all on function ops.missed_runs(text, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;


create function ops.cron_database()
  returns text
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return current_setting('cron.database_name', true);
exception
  -- Only those who read all settings may see it. pg_cron can be created in no other database.
  when insufficient_privilege then
    return current_database()::text;
end
$$;
comment on function ops.cron_database() is
  'The database that pg_cron serves. Null when it is not loaded.';
revoke all on function ops.cron_database() from public, anon, authenticated, service_role;


create function ops.scheduler()
  returns text
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return case
    when to_regclass('cron.job') is not null
      and to_regprocedure('cron.schedule(text, text, text)') is not null
      and ops.cron_database() = current_database() then 'pg_cron'
    else 'external'
  end;
end
$$;
comment on function ops.scheduler() is
  'Who runs the schedules: pg_cron where it serves this database, otherwise external: a program that '
  'reads ops.schedules, such as the local stack''s. It must stay idle while this says pg_cron.';
revoke all on function ops.scheduler() from public, anon, authenticated, service_role;


create function ops.begin_run(name text)
  returns uuid
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_running timestamptz;
  v_run uuid;
begin
  -- Two sessions that begin the same schedule at once must see each other.
  perform pg_advisory_xact_lock(hashtextextended('rowhouse begins ' || begin_run.name, 0));
  select r.started_at into v_running
  from ops.schedule_runs as r
  where r.schedule_name = begin_run.name and r.status = 'running'
  order by r.started_at desc
  limit 1;
  if found then
    insert into ops.schedule_runs (schedule_name, started_at, finished_at, status, error)
    values (
      begin_run.name, clock_timestamp(), clock_timestamp(), 'refused',
      format('The run that began at %s is still going on.', date_trunc('second', v_running))
    );
    return null;
  end if;
  insert into ops.schedule_runs (schedule_name, started_at, backend_pid, backend_start)
  select begin_run.name, clock_timestamp(), a.pid, a.backend_start
  from pg_catalog.pg_stat_get_activity(pg_backend_pid()) as a
  returning id into v_run;
  return v_run;
end
$$;
comment on function ops.begin_run(text) is
  'Records that this session begins a run of a schedule and returns its id; the caller commits, then '
  'calls ops.run_schedule. Null when a run of it is going on: that is recorded as refused. Raises '
  '23503 for an unknown schedule.';
revoke all on function ops.begin_run(text) from public, anon, authenticated, service_role;


create function ops.invoke_function(run uuid)
  returns bigint
  language plpgsql
  volatile
  security definer -- the only reader of the functions' secret in Vault
  set search_path = ''
as $$
declare
  v_run ops.schedule_runs;
  v_schedule ops.schedules;
  v_url text;
  v_secret text;
  v_request bigint;
begin
  if to_regclass('vault.decrypted_secrets') is null then
    raise exception using errcode = 'feature_not_supported', message = 'Vault is not installed.';
  end if;
  if to_regclass('net._http_response') is null then
    raise exception using errcode = 'feature_not_supported', message = 'pg_net is not installed.';
  end if;
  select r.* into strict v_run from ops.schedule_runs as r where r.id = invoke_function.run;
  select s.* into strict v_schedule from ops.schedules as s where s.name = v_run.schedule_name;
  execute format(
    'select max(s.decrypted_secret) filter (where s.name = %L), max(s.decrypted_secret) filter (where s.name = %L)'
    ' from vault.decrypted_secrets as s', 'rowhouse_project_url', 'rowhouse_functions_secret'
  ) into v_url, v_secret;
  -- A header ends at a line break, and the functions refuse a short secret.
  if v_secret is null or v_secret !~ '^[!-~]{32,}$' then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'Vault holds no usable rowhouse_functions_secret.';
  end if;
  if v_url is null or v_url !~ '^https?://[^/?#[:space:]]+/?$' then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'Vault holds no usable rowhouse_project_url.';
  end if;
  -- The secret is a parameter: as part of the text it would reach the server's log with an error.
  execute format(
    'select net.http_post(url := $1, body := $2, headers := $3, timeout_milliseconds := %s)',
    -- Supabase gives no function longer.
    least(v_schedule.timeout_seconds, 150) * 1000
  )
  into v_request
  using
    rtrim(v_url, '/') || '/functions/v1/' || v_schedule.target,
    v_schedule.body
      || jsonb_build_object('run', jsonb_build_object('id', v_run.id, 'started_at', v_run.started_at)),
    jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || v_secret);
  return v_request;
end
$$;
comment on function ops.invoke_function(uuid) is
  'Posts the body of a run''s schedule to its edge function by pg_net, with the run''s id and start as '
  'run, and returns the id of the request; it is sent at commit. The address and the secret come '
  'from Vault (rowhouse_project_url, rowhouse_functions_secret). Raises 0A000 when pg_net, Vault or '
  'one of them is missing.';
revoke all on function ops.invoke_function(uuid) from public, anon, authenticated, service_role;


create function ops.run_schedule(run uuid)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_schedule ops.schedules;
  v_rows bigint;
  v_request bigint;
  v_error text;
begin
  if run_schedule.run is null then
    return;
  end if;
  select s.* into strict v_schedule
  from ops.schedule_runs as r
  join ops.schedules as s on s.name = r.schedule_name
  where r.id = run_schedule.run;
  begin
    if v_schedule.kind = 'function' then
      v_request := ops.invoke_function(run_schedule.run);
    else
      execute format('%s', v_schedule.target);
      get diagnostics v_rows = row_count;
    end if;
  exception
    -- Whatever it is, the run has to say so: an error that went through would undo its row's end.
    when admin_shutdown or crash_shutdown then
      raise;
    when query_canceled or others then
      v_error := format('%s (%s)', sqlerrm, sqlstate);
  end;
  update ops.schedule_runs as r
  set
    status = case
      when v_error is not null then 'failed'
      when v_request is not null then 'running'
      else 'succeeded'
    end,
    -- The answer ends the run of a function.
    finished_at = case when v_request is null then clock_timestamp() end,
    request_id = v_request,
    error = left(v_error, 2000),
    result = case when v_rows is not null then jsonb_build_object('rows', v_rows) end
  where r.id = run_schedule.run;
end
$$;
comment on function ops.run_schedule(uuid) is
  'Does what the schedule of a begun run says and records how it ended. A call of an edge function is '
  'still running then, until ops.collect_http_answers finds the answer. A failure raises nothing. '
  'Does nothing for null, a refused run.';
revoke all on function ops.run_schedule(uuid) from public, anon, authenticated, service_role;


create function ops.as_json(content text)
  returns jsonb
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
begin
  return as_json.content::jsonb;
exception
  when data_exception or program_limit_exceeded then
    return to_jsonb(left(as_json.content, 2000));
end
$$;
comment on function ops.as_json(text) is
  'A text as the JSON it is, or else as a JSON string of its first 2000 letters.';
revoke all on function ops.as_json(text) from public, anon, authenticated, service_role;


create function ops.collect_http_answers()
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  -- pg_net's workers may have a queue before them.
  v_grace constant interval := interval '5 minutes';
  v_finished integer := 0;
  v_run record;
  v_status integer;
  v_content text;
  v_timed_out boolean;
  v_problem text;
  v_answered timestamptz;
begin
  for v_run in
    select
      r.id, r.started_at, r.request_id,
      r.started_at + least(s.timeout_seconds, 150) * interval '1 second' + v_grace as answered_before
    from ops.schedule_runs as r
    join ops.schedules as s on s.name = r.schedule_name
    where r.status = 'running' and r.request_id is not null
    for no key update of r skip locked
  loop
    v_answered := null;
    if to_regclass('net._http_response') is not null then
      -- Numbers begin again after a crash, so an answer must be of the right time as well.
      execute format(
        'select a.status_code, a.content, coalesce(a.timed_out, false), a.error_msg, a.created'
        ' from net._http_response as a where a.id = %s and a.created between %L and %L',
        v_run.request_id, v_run.started_at, v_run.answered_before
      ) into v_status, v_content, v_timed_out, v_problem, v_answered;
    end if;
    if v_answered is null and clock_timestamp() < v_run.answered_before then
      continue;
    end if;
    update ops.schedule_runs as r
    set
      status = case when v_status between 200 and 299 and not v_timed_out then 'succeeded' else 'failed' end,
      finished_at = coalesce(v_answered, clock_timestamp()),
      http_status = v_status,
      is_answered = v_answered is not null,
      result = ops.as_json(v_content),
      error = case
        when v_answered is null then 'The answer was lost: pg_net has none for this request.'
        when v_timed_out then 'There was no answer in time.'
        when v_status between 200 and 299 then null
        when v_status is null then left(coalesce(v_problem, 'There was no answer and no reason.'), 2000)
        else format('HTTP %s: %s', v_status, left(v_content, 2000))
      end
    where r.id = v_run.id;
    v_finished := v_finished + 1;
  end loop;
  return v_finished;
end
$$;
comment on function ops.collect_http_answers() is
  'Ends the runs whose edge function has answered, timed out, or has no answer 5 minutes after its '
  'time-out (lost). Returns how many. pg_net keeps answers for 6 hours.';
revoke all on function ops.collect_http_answers() from public, anon, authenticated, service_role;


create function ops.end_abandoned_runs()
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_ended integer;
begin
  update ops.schedule_runs as r
  set status = 'failed', finished_at = clock_timestamp(), error = 'The session that ran this is gone.'
  where r.status = 'running' and r.request_id is null and r.backend_pid is not null
    and not exists (
      select from pg_catalog.pg_stat_activity as a
      where a.pid = r.backend_pid and a.backend_start = r.backend_start
    );
  get diagnostics v_ended = row_count;
  return v_ended;
end
$$;
comment on function ops.end_abandoned_runs() is
  'Fails the runs whose session has ended without saying how: the server was restarted, or the '
  'session terminated. Returns how many. Until then the next run would be refused.';
revoke all on function ops.end_abandoned_runs() from public, anon, authenticated, service_role;


create function ops.list_due_schedules(grace interval)
  returns setof text
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  select s.name
  from ops.schedules as s
  left join lateral (
    select r.started_at
    from ops.schedule_runs as r
    where r.schedule_name = s.name
    order by r.started_at desc
    limit 1
  ) as last on true
  where s.is_enabled
    and (
      s.run_requested_at > coalesce(last.started_at, '-infinity')
      or ops.next_run_due(s.cron, coalesce(last.started_at, s.created_at))
        <= clock_timestamp() - list_due_schedules.grace
    )
  order by s.name;
end
$$;
comment on function ops.list_due_schedules(interval) is
  'The enabled schedules whose run was due at least grace ago and has not begun, each once however '
  'often it was missed, and those that somebody asked to run.';
revoke all on function ops.list_due_schedules(interval) from public, anon, authenticated, service_role;


create function ops.list_expected_jobs()
  returns table (job text, cron text, command text)
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  -- A commit in between, so that a run is seen while it goes on and its start survives a crash. A
  -- function cannot commit, and no procedure with a search path of its own can.
  select
    'rowhouse:' || s.name,
    s.cron,
    format('do %L', format(
      'declare v_run uuid := ops.begin_run(%L); begin commit; perform ops.run_schedule(v_run); end', s.name
    ))
  from ops.schedules as s
  where s.is_enabled
  union all
  -- No schedule can have this name. Two minutes belong to pg_cron before a run counts as missed.
  select
    'rowhouse:_watch',
    '* * * * *',
    format('do %L',
      'declare v_name text; v_run uuid; begin'
      ' perform ops.end_abandoned_runs(); commit;'
      ' perform ops.collect_http_answers(); commit;'
      ' perform ops.reconcile_schedules(); commit;'
      ' foreach v_name in array array(select ops.list_due_schedules(interval ''2 minutes'')) loop'
      ' v_run := ops.begin_run(v_name); commit; perform ops.run_schedule(v_run); commit;'
      ' end loop; end'
    );
end
$$;
comment on function ops.list_expected_jobs() is
  'The jobs that pg_cron should have: one for each enabled schedule, and rowhouse:_watch, which every '
  'minute ends abandoned runs, collects answers, reconciles and runs what was missed, once.';
revoke all on function ops.list_expected_jobs() from public, anon, authenticated, service_role;


create function ops.list_job_differences()
  returns table (job text, difference text, job_id bigint, owner text, cron text, command text)
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query execute format(
    '
      select
        coalesce(e.job, j.jobname::text),
        case
          when j.jobid is null then ''missing''
          when e.job is null or j.username::text <> current_user then ''foreign''
          when not j.active then ''inactive''
          else ''changed''
        end,
        j.jobid, j.username::text, e.cron, e.command
      from (select x.*, current_user::text as owner from ops.list_expected_jobs() as x) as e
      full join (select c.* from cron.job as c where starts_with(c.jobname::text, %L)) as j
        on j.jobname::text = e.job and j.username::text = e.owner
      where (j.active and j.schedule = e.cron and j.command = e.command and j.database::text = ops.cron_database())
        is not true
      order by 1, 3
    ',
    'rowhouse:'
  );
end
$$;
comment on function ops.list_job_differences() is
  'Where the jobs of pg_cron named rowhouse:* and ops.schedules do not agree: missing; foreign (no '
  'enabled schedule has it, or another role owns it); inactive; changed (time, command or '
  'database). cron and command are what should be. Raises 42P01 without pg_cron.';
revoke all on function ops.list_job_differences() from public, anon, authenticated, service_role;


create function ops.reconcile_schedules()
  returns table (job text, difference text)
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_found record;
begin
  if ops.scheduler() <> 'pg_cron' then
    return;
  end if;
  for v_found in select d.* from ops.list_job_differences() as d loop
    -- Nobody but its owner can remove a job; the check reports it.
    continue when v_found.owner <> current_user;
    -- Scheduling a name again alters time and command of its job, and neither database nor activity.
    if v_found.job_id is not null then
      execute format('select cron.unschedule(%s::bigint)', v_found.job_id);
    end if;
    if v_found.command is not null then
      execute format('select cron.schedule(%L, %L, %L)', v_found.job, v_found.cron, v_found.command);
    end if;
    job := v_found.job;
    difference := v_found.difference;
    return next;
  end loop;
end
$$;
comment on function ops.reconcile_schedules() is
  'Makes the jobs of pg_cron named rowhouse:* equal to the enabled schedules, and returns what it '
  'mended. Does nothing where pg_cron does not serve this database. To be called by hand once after '
  'pg_cron was enabled; afterwards it calls itself.';
revoke all on function ops.reconcile_schedules() from public, anon, authenticated, service_role;


create function private.tg_schedules__reconcile()
  returns trigger
  language plpgsql
  volatile
  security definer -- the service role, which moves and stops schedules, has no right on pg_cron
  set search_path = ''
as $$
begin
  perform ops.reconcile_schedules();
  return null;
end
$$;
comment on function private.tg_schedules__reconcile() is
  'Makes a change of ops.schedules count at once where pg_cron runs them.';
revoke all on function private.tg_schedules__reconcile() from public, anon, authenticated, service_role;

create trigger _900_reconcile
  after insert or delete or truncate or update of name, cron, is_enabled on ops.schedules
  for each statement execute function private.tg_schedules__reconcile();


create function ops.get_schedules()
  returns table (
    name text,
    cron text,
    kind text,
    is_enabled boolean,
    next_due_at timestamptz,
    missed_runs integer,
    last_started_at timestamptz,
    last_status text,
    last_error text,
    last_duration_ms numeric,
    p95_duration_ms numeric,
    failures_in_a_row integer,
    refusals_in_a_row integer,
    timeout_seconds integer
  )
  language plpgsql
  volatile
  security definer -- asks who calls, then reads ops past every grant
  set search_path = ''
as $$
begin
  perform private.require_operator();
  return query
  select
    s.name,
    s.cron,
    s.kind,
    s.is_enabled,
    case when s.is_enabled then ops.next_run_due(s.cron, now()) end,
    case
      -- A job waits while pg_cron has its hands full, and a run that was missed begins after two minutes.
      when s.is_enabled then
        ops.missed_runs(s.cron, greatest(last.started_at, s.updated_at), now() - interval '5 minutes')
      else 0
    end,
    last.started_at,
    last.status,
    last.error,
    round(extract(epoch from coalesce(last.finished_at, clock_timestamp()) - last.started_at) * 1000, 1),
    past.p95,
    past.failures,
    past.refusals,
    s.timeout_seconds
  from ops.schedules as s
  left join lateral (
    select r.* from ops.schedule_runs as r where r.schedule_name = s.name order by r.started_at desc limit 1
  ) as last on true
  cross join lateral (
    select
      case when count(*) filter (where r.status = 'succeeded') >= 20 then
        round((percentile_cont(0.95) within group (order by extract(epoch from r.finished_at - r.started_at))
          filter (where r.status = 'succeeded'))::numeric * 1000, 1)
      end as p95,
      -- Of the runs that came to an end, those since the last that went well.
      (count(*) filter (where r.status = 'failed' and r.nth < coalesce(r.first_success, 101)))::integer as failures,
      (count(*) filter (where r.status = 'refused' and r.nth < coalesce(r.first_begun, 101)))::integer as refusals
    from (
      select
        l.*,
        min(l.nth) filter (where l.status = 'succeeded') over () as first_success,
        min(l.nth) filter (where l.status in ('succeeded', 'failed')) over () as first_begun
      from (
        select h.status, h.started_at, h.finished_at, row_number() over (order by h.started_at desc) as nth
        from ops.schedule_runs as h
        where h.schedule_name = s.name
        order by h.started_at desc
        limit 100
      ) as l
    ) as r
  ) as past
  order by s.name;
end
$$;
comment on function ops.get_schedules() is
  'The schedules and how they fare. next_due_at: in UTC; missed_runs: times that came since the last '
  'run or change and passed 5 minutes ago without a run; last_duration_ms: so far when running; '
  'p95_duration_ms: of the successful among the last 100 runs, null below 20; failures_in_a_row: '
  'since the last success; refusals_in_a_row: since the last run that ended, because one was still '
  'going on. Raises 42501 unless the service role or a platform administrator asks.';
revoke all on function ops.get_schedules() from public, anon, authenticated, service_role;
grant execute on function ops.get_schedules() to authenticated, service_role;


create function ops.run_schedule_now(name text)
  returns timestamptz
  language plpgsql
  volatile
  security definer -- asks who calls, then writes a column that is granted to nobody
  set search_path = ''
as $$
declare
  v_enabled boolean;
begin
  perform private.require_operator();
  -- A request to the API is cut off after seconds, so the scheduler runs it.
  update ops.schedules as s
  set run_requested_at = case when s.is_enabled then clock_timestamp() else s.run_requested_at end
  where s.name = run_schedule_now.name
  returning s.is_enabled into v_enabled;
  if not found then
    raise exception using errcode = 'PT404', message = 'There is no such schedule.';
  end if;
  if not v_enabled then
    raise exception using
      errcode = 'PT409',
      message = 'This schedule is switched off.',
      hint = 'Set is_enabled of ops.schedules first.';
  end if;
  return clock_timestamp();
end
$$;
comment on function ops.run_schedule_now(text) is
  'Asks the scheduler to run a schedule beside its times: within a minute, or two seconds on the local '
  'stack. Returns when it was asked; the run appears in ops.schedule_runs. Raises 42501 unless the '
  'service role or a platform administrator asks, PT404 for an unknown schedule, PT409 for one that '
  'is switched off.';
revoke all on function ops.run_schedule_now(text) from public, anon, authenticated, service_role;
grant execute on function ops.run_schedule_now(text) to authenticated, service_role;


create function ops.check_schedules_late()
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    s.name,
    j.status,
    format('%s has missed %s of its runs; the last began %s.', s.name,
      case s.missed_runs when 50 then '50 or more' else s.missed_runs::text end,
      coalesce(to_char(s.last_started_at at time zone 'utc', 'YYYY-MM-DD HH24:MI "UTC"'), 'never')),
    jsonb_build_object('missed_runs', s.missed_runs, 'last_started_at', s.last_started_at, 'cron', s.cron,
      'scheduler', ops.scheduler()),
    case when ops.scheduler() = 'pg_cron' then 'select * from ops.reconcile_schedules();' end
  from ops.get_schedules() as s
  cross join lateral ops.judge('schedules_late', 'missed_runs', s.missed_runs) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_schedules_late() is
  'Schedules whose times came and passed without a run. Raises nothing of its own.';
revoke all on function ops.check_schedules_late() from public, anon, authenticated, service_role;


create function ops.check_schedules_failed()
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    s.name,
    j.status,
    format('%s has failed %s times in a row.', s.name, s.failures_in_a_row),
    jsonb_build_object('failures_in_a_row', s.failures_in_a_row, 'last_error', s.last_error,
      'last_started_at', s.last_started_at),
    null::text
  from ops.get_schedules() as s
  cross join lateral ops.judge('schedules_failed', 'failures_in_a_row', s.failures_in_a_row) as j (status)
  where s.is_enabled and j.status <> 'ok';
end
$$;
comment on function ops.check_schedules_failed() is
  'Enabled schedules that have failed since they last went well. Raises nothing of its own.';
revoke all on function ops.check_schedules_failed() from public, anon, authenticated, service_role;


create function ops.check_schedules_overlapping()
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  return query
  with running as (
    select
      s.name, s.p95_duration_ms, s.timeout_seconds, r.backend_pid,
      round(extract(epoch from clock_timestamp() - r.started_at)) as age
    from ops.get_schedules() as s
    join ops.schedule_runs as r on r.schedule_name = s.name and r.status = 'running'
  )
  select
    s.name || ' refused',
    j.status,
    format('%s was refused %s times in a row, because a run of it was still going on.', s.name,
      s.refusals_in_a_row),
    jsonb_build_object('refusals_in_a_row', s.refusals_in_a_row, 'cron', s.cron,
      'p95_duration_ms', s.p95_duration_ms),
    null::text
  from ops.get_schedules() as s
  cross join lateral ops.judge('schedules_overlapping', 'refusals_in_a_row', s.refusals_in_a_row) as j (status)
  where j.status <> 'ok'
  union all
  select
    r.name || ' running',
    case when 'critical' in (j.status, k.status) then 'critical' else 'warn' end,
    format('%s has been running for %s s; its time-out is %s s.', r.name, r.age, r.timeout_seconds),
    jsonb_build_object('age_seconds', r.age, 'timeout_seconds', r.timeout_seconds,
      'p95_duration_ms', r.p95_duration_ms),
    case when r.backend_pid is not null then format('select pg_cancel_backend(%s);', r.backend_pid) end
  from running as r
  cross join lateral ops.judge('schedules_overlapping', 'percent_of_timeout', 100 * r.age / r.timeout_seconds)
    as j (status)
  -- Ten times nothing is still nothing.
  cross join lateral ops.judge(
    'schedules_overlapping', 'percent_of_p95', 100000 * r.age / greatest(r.p95_duration_ms, 10000)
  ) as k (status)
  where j.status <> 'ok' or (k.status <> 'ok' and r.p95_duration_ms is not null);
end
$$;
comment on function ops.check_schedules_overlapping() is
  'Runs that go on longer than their time-out or far longer than usual, and schedules that are refused '
  'because of such a run. Raises nothing of its own.';
revoke all on function ops.check_schedules_overlapping() from public, anon, authenticated, service_role;


create function ops.check_schedules_reconciled()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if ops.scheduler() <> 'pg_cron' then
    return;
  end if;
  return query
  select
    -- Two owners may have a job of one name.
    d.job || case when d.owner <> current_user then ' of ' || d.owner else '' end,
    case when d.difference in ('missing', 'inactive') then 'critical' else 'warn' end,
    case d.difference
      when 'missing' then format('pg_cron has no job %s: it does not run.', d.job)
      when 'inactive' then format('The job %s of pg_cron is switched off: it does not run.', d.job)
      when 'foreign' then format('The job %s of pg_cron (owner %s) belongs to no enabled schedule.', d.job, d.owner)
      else format('The job %s of pg_cron is not what ops.schedules says.', d.job)
    end,
    jsonb_build_object('difference', d.difference, 'job_id', d.job_id, 'owner', d.owner),
    case
      when d.owner <> current_user then format('select cron.unschedule(%s::bigint);', d.job_id)
      else 'select * from ops.reconcile_schedules();'
    end
  from ops.list_job_differences() as d;
end
$$;
comment on function ops.check_schedules_reconciled() is
  'Jobs of pg_cron that are not what ops.schedules says. Finds nothing where another scheduler runs '
  'them. A job of another role has to be removed by that role.';
revoke all on function ops.check_schedules_reconciled() from public, anon, authenticated, service_role;


create function ops.get_http_answers(since timestamptz)
  returns table (problem text, answers bigint, last_at timestamptz, last_error text)
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  if to_regclass('net._http_response') is null then
    raise exception using errcode = 'feature_not_supported', message = 'pg_net is not installed.';
  end if;
  return query execute format(
    '
      select l.problem, count(*), max(l.at), (array_agg(l.error order by l.at desc))[1]
      from (
        select
          case
            when a.timed_out then ''timed out''
            when a.status_code is not null then ''status '' || a.status_code
            else ''not sent''
          end as problem,
          a.created as at,
          left(coalesce(a.error_msg, a.content), 200) as error
        from net._http_response as a
        where a.created >= %1$L
          and (a.timed_out or a.status_code is null or a.status_code not between 200 and 299)
        union all
        select ''lost'', r.finished_at, r.schedule_name || '': '' || r.error
        from ops.schedule_runs as r
        where r.finished_at >= %1$L and r.request_id is not null and r.status = ''failed'' and not r.is_answered
      ) as l
      group by l.problem
      order by l.problem
    ',
    get_http_answers.since
  );
end
$$;
comment on function ops.get_http_answers(timestamptz) is
  'The HTTP calls of pg_net that went wrong since a moment, by problem (status 500, timed out, not '
  'sent, lost): how many, the last one and its error. Whoever made the call; pg_net keeps answers for '
  '6 hours. Raises 0A000 without pg_net.';
revoke all on function ops.get_http_answers(timestamptz) from public, anon, authenticated, service_role;


create function ops.check_http_answers()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return query
  select
    a.problem,
    j.status,
    format('%s HTTP calls of the last hour: %s.', a.answers, a.problem),
    jsonb_build_object('answers', a.answers, 'last_at', a.last_at, 'last_error', a.last_error),
    null::text
  from ops.get_http_answers(now() - interval '1 hour') as a
  cross join lateral ops.judge('http_answers', 'failed_answers', a.answers) as j (status)
  where j.status <> 'ok';
end
$$;
comment on function ops.check_http_answers() is
  'HTTP calls of the last hour that pg_net could not make, or whose answer was no success or was lost. '
  'Raises 0A000 without pg_net.';
revoke all on function ops.check_http_answers() from public, anon, authenticated, service_role;


create function ops.check_vault_secrets()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_schedules bigint;
  v_missing text[];
begin
  if ops.scheduler() <> 'pg_cron' then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'An external scheduler keeps the secret of the functions itself.';
  end if;
  if to_regclass('vault.secrets') is null then
    raise exception using errcode = 'feature_not_supported', message = 'Vault is not installed.';
  end if;
  select count(*) into v_schedules from ops.schedules as s where s.kind = 'function' and s.is_enabled;
  -- The names alone: the values are read where they are sent and nowhere else.
  execute format(
    'select array(select n.name from unnest(%L::text[]) as n (name)'
    ' where not exists (select from vault.secrets as v where v.name = n.name))',
    array['rowhouse_functions_secret', 'rowhouse_project_url']
  ) into v_missing;
  return query
  select
    n.name,
    'critical',
    format('Vault has no secret %s: no schedule can call an edge function.', n.name),
    jsonb_build_object('schedules', v_schedules),
    format('select vault.create_secret(''...'', %L);', n.name)
  from unnest(v_missing) as n (name)
  where v_schedules > 0;
end
$$;
comment on function ops.check_vault_secrets() is
  'What schedules need to call edge functions and Vault does not hold. Raises 0A000 without Vault or '
  'where another scheduler runs them.';
revoke all on function ops.check_vault_secrets() from public, anon, authenticated, service_role;


create function ops.check_cron_history()
  returns setof ops.finding
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_table constant regclass := to_regclass('cron.job_run_details');
  v_rows bigint;
  v_status text;
begin
  if v_table is null then
    raise exception using errcode = 'feature_not_supported', message = 'pg_cron is not installed.';
  end if;
  -- An estimate; counting would read all of it. Before the first VACUUM or ANALYZE, from its pages.
  select
    case when c.reltuples >= 0 then c.reltuples::bigint else ops.relation_bytes(c.oid) / 200 end
  into v_rows
  from pg_catalog.pg_class as c
  where c.oid = v_table;
  v_status := ops.judge('cron_history', 'rows', v_rows);
  if v_status <> 'ok' then
    return query select
      'cron.job_run_details', v_status,
      format('pg_cron keeps about %s runs and deletes none by itself.', v_rows),
      jsonb_build_object('rows', v_rows, 'size_bytes', ops.relation_bytes(v_table)),
      'delete from cron.job_run_details where end_time < now() - interval ''7 days'';';
  end if;
end
$$;
comment on function ops.check_cron_history() is
  'The history of pg_cron, which grows until somebody deletes it. Raises 0A000 without pg_cron.';
revoke all on function ops.check_cron_history() from public, anon, authenticated, service_role;


insert into ops.health_checks (name, title, description, category, is_required)
values
  ('schedules_late', 'Schedules run when they should',
    'Times of an enabled schedule that passed more than 5 minutes ago without a run.', 'scheduler', true),
  ('schedules_failed', 'Schedules succeed', 'Enabled schedules whose last runs failed.', 'scheduler', true),
  ('schedules_overlapping', 'Schedules end before they begin again',
    'Runs beyond their time-out or far beyond what they usually take, and runs refused because of them.',
    'scheduler', true),
  ('schedules_reconciled', 'pg_cron has the jobs it should have',
    'Jobs of pg_cron that are missing, switched off, changed or unknown to ops.schedules.', 'scheduler', true),
  ('http_answers', 'HTTP calls are answered',
    'Calls made by pg_net in the last hour that failed, timed out, or whose answer was lost.', 'scheduler', false),
  ('vault_secrets', 'Vault holds the secret of the functions',
    'The secret and the address with which schedules call edge functions.', 'scheduler', false),
  ('cron_history', 'The history of pg_cron is kept short',
    'Rows of cron.job_run_details, which pg_cron never deletes.', 'scheduler', false);

insert into ops.health_thresholds (check_name, measure, unit, default_warn, default_critical, description)
values
  ('schedules_late', 'missed_runs', 'runs', 2, 4, 'Times that passed without a run since the last one.'),
  ('schedules_failed', 'failures_in_a_row', 'runs', 1, 3, 'Failed runs since the last success.'),
  ('schedules_overlapping', 'refusals_in_a_row', 'runs', 1, 3, 'Refused runs since the last that ended.'),
  ('schedules_overlapping', 'percent_of_timeout', 'percent', 100, 200, 'How long a run goes on, of its time-out.'),
  ('schedules_overlapping', 'percent_of_p95', 'percent', 300, 1000,
    'How long a run goes on, of what 95 of 100 runs took, at least 10 s.'),
  ('http_answers', 'failed_answers', 'answers', 1, 10, 'Calls of the last hour with the same problem.'),
  ('cron_history', 'rows', 'rows', 100000, 1000000, 'Runs of jobs that pg_cron keeps.');

-- pg_cron may be there before this file.
select ops.reconcile_schedules();
