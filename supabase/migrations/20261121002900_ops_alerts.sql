-- Alerts: a finding becomes one alert however often it is found, and ends by itself. (P4)
-- The rules are rows: how many runs in a row open it, how many without the finding end it. What
-- people should hear of is queued as a delivery; the edge function send-alerts posts it, and also
-- notices when the checking itself has stopped. Addresses and secrets stay out of the database.

create table ops.alert_rules (
  check_name text not null,
  opens_after integer not null default 1 constraint opens_after_at_least_one_run check (opens_after >= 1),
  resolves_after integer not null default 2 constraint resolves_after_at_least_one_run check (resolves_after >= 1),
  reopens_within interval not null default '1 day'
    constraint reopens_within_is_not_negative check (reopens_within >= interval '0'),
  constraint alert_rules_pkey primary key (check_name)
);
comment on table ops.alert_rules is
  'When alerts open and end. The row * holds for every check without a row of its own.';
comment on column ops.alert_rules.opens_after is 'Runs in a row with the finding.';
comment on column ops.alert_rules.resolves_after is 'Runs in a row without it.';
comment on column ops.alert_rules.reopens_within is
  'A finding that returns sooner after its end is the same alert, later a new one.';

alter table ops.alert_rules enable row level security;
revoke all on ops.alert_rules from public, anon, authenticated, service_role;
grant
  select,
  insert (check_name, opens_after, resolves_after, reopens_within),
  update (opens_after, resolves_after, reopens_within)
  on ops.alert_rules to service_role;

insert into ops.alert_rules (check_name) values ('*');
-- One odd quarter of an hour is no news.
insert into ops.alert_rules (check_name, opens_after) values ('metric_anomalies', 2);


create table ops.alert_channels (
  name text not null,
  max_attempts integer not null default 8 constraint max_attempts_is_at_least_1 check (max_attempts >= 1),
  first_delay interval not null default '1 minute' constraint first_delay_is_above_0 check (first_delay > interval '0'),
  longest_delay interval not null default '1 hour',
  lease interval not null default '5 minutes' constraint lease_is_above_0 check (lease > interval '0'),
  expires_after interval not null default '1 day' constraint expires_after_is_above_0 check (expires_after > interval '0'),
  constraint alert_channels_pkey primary key (name),
  constraint longest_delay_is_not_below_the_first check (longest_delay >= first_delay)
);
comment on table ops.alert_channels is 'How deliveries are tried again. There is one channel, webhook.';
comment on column ops.alert_channels.max_attempts is 'A delivery that failed so often is dead.';
comment on column ops.alert_channels.first_delay is 'Before the second attempt; doubled for each further one.';
comment on column ops.alert_channels.lease is
  'A delivery that was claimed and not finished for so long is anybody''s again.';
comment on column ops.alert_channels.expires_after is 'What could not be told for so long is no news any more.';

alter table ops.alert_channels enable row level security;
revoke all on ops.alert_channels from public, anon, authenticated, service_role;
grant select, update (max_attempts, first_delay, longest_delay, lease, expires_after)
  on ops.alert_channels to service_role;

insert into ops.alert_channels (name) values ('webhook');


create table ops.quiet_windows (
  id uuid not null default private.uuid_v7(),
  check_name text not null,
  key_pattern text not null default '%',
  starts_at timestamptz not null default now(),
  ends_at timestamptz not null,
  reason text not null,
  made_by text not null,
  constraint quiet_windows_pkey primary key (id),
  constraint ends_after_it_starts check (ends_at > starts_at)
);
comment on table ops.quiet_windows is
  'Times in which findings of a check open and raise no alert, such as a planned migration. What is '
  'still there when one ends is told then.';
comment on column ops.quiet_windows.check_name is 'A check, or * for all of them.';
comment on column ops.quiet_windows.key_pattern is 'Which findings, as in LIKE: public.messages, public.%.';

alter table ops.quiet_windows enable row level security;
revoke all on ops.quiet_windows from public, anon, authenticated, service_role;
grant select, delete on ops.quiet_windows to service_role;


create table ops.alerts (
  id uuid not null default private.uuid_v7(),
  check_name text not null,
  key text not null,
  severity text not null constraint severity_is_known check (severity in ('warn', 'critical')),
  message text not null,
  facts jsonb not null default '{}',
  remedy text,
  state text not null default 'pending'
    constraint state_is_known check (state in ('pending', 'open', 'acknowledged', 'silenced', 'resolved')),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  finding_count integer not null default 1,
  runs_with integer not null default 1,
  runs_without integer not null default 0,
  told_severity text constraint told_severity_is_known check (told_severity in ('warn', 'critical')),
  reopened_count integer not null default 0,
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text,
  silenced_until timestamptz,
  silenced_by text,
  resolved_at timestamptz,
  resolved_by text,
  constraint alerts_pkey primary key (id),
  constraint is_resolved_at_a_time check ((state = 'resolved') = (resolved_at is not null)),
  constraint is_silenced_until_a_time check (state <> 'silenced' or silenced_until is not null),
  constraint is_acknowledged_by_somebody check (
    state <> 'acknowledged' or (acknowledged_at is not null and acknowledged_by is not null)
  )
);
comment on table ops.alerts is 'One row for each finding while it lasts, and its past ones.';
comment on column ops.alerts.state is
  'pending: not found often enough yet. resolved: gone, by itself or by hand; it may return.';
comment on column ops.alerts.finding_count is 'In how many runs it was found.';
comment on column ops.alerts.runs_with is 'Runs in a row with the finding.';
comment on column ops.alerts.runs_without is 'Runs in a row without it.';
comment on column ops.alerts.told_severity is
  'The worst that was told since it opened: only something worse is told again.';
comment on column ops.alerts.acknowledged_by is 'E-mail of a platform administrator, or a role.';
comment on column ops.alerts.resolved_by is 'Null: the finding went away.';

-- One alert at a time for a finding, whoever writes.
create unique index alerts_unresolved_key on ops.alerts (check_name, key) where state <> 'resolved';
create index alerts_check_name_key_resolved_at_idx on ops.alerts (check_name, key, resolved_at desc);
create index alerts_last_seen_at_idx on ops.alerts (last_seen_at desc);

alter table ops.alerts enable row level security;
revoke all on ops.alerts from public, anon, authenticated, service_role;
-- Its state changes through the functions below, which write down who did it.
grant select on ops.alerts to service_role;


create table ops.alert_deliveries (
  id uuid not null default private.uuid_v7(),
  alert_id uuid not null,
  event text not null
    constraint event_is_known
    check (event in ('opened', 'raised', 'reopened', 'silence_ended', 'acknowledged', 'resolved')),
  payload jsonb not null,
  state text not null default 'pending'
    constraint state_is_known check (state in ('pending', 'failed', 'sent', 'dead', 'expired')),
  attempts integer not null default 0 constraint attempts_are_not_negative check (attempts >= 0),
  next_attempt_at timestamptz not null default now(),
  response_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint alert_deliveries_pkey primary key (id),
  constraint alert_deliveries_alert_id_fkey foreign key (alert_id) references ops.alerts (id) on delete cascade,
  constraint is_finished_unless_to_be_tried check ((state in ('pending', 'failed')) = (finished_at is null))
);
comment on table ops.alert_deliveries is 'What is to be told, was told or could not be.';
comment on column ops.alert_deliveries.state is
  'pending: not told yet. failed: to be tried again. dead: failed too often. expired: too old.';
comment on column ops.alert_deliveries.next_attempt_at is 'While it is claimed: when the claim ends.';
comment on column ops.alert_deliveries.payload is
  'event, check, key, severity, message, at, by, note. The facts stay in the database.';

create index alert_deliveries_alert_id_idx on ops.alert_deliveries (alert_id);
create index alert_deliveries_next_attempt_at_idx on ops.alert_deliveries (next_attempt_at)
  where state in ('pending', 'failed');

alter table ops.alert_deliveries enable row level security;
revoke all on ops.alert_deliveries from public, anon, authenticated, service_role;
grant select on ops.alert_deliveries to service_role;


create function ops.caller_name()
  returns text
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
begin
  return coalesce(
    (select u.email from public.users as u where u.id = auth.uid()),
    nullif(current_setting('role'), 'none'),
    session_user
  );
end
$$;
comment on function ops.caller_name() is 'Who acts: the e-mail of the signed-in user, or the role of the session.';
revoke all on function ops.caller_name() from public, anon, authenticated, service_role;


create function ops.queue_delivery(alert ops.alerts, event text, caller text default null)
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  insert into ops.alert_deliveries (alert_id, event, payload)
  values (
    (queue_delivery.alert).id,
    queue_delivery.event,
    jsonb_build_object(
      'event', queue_delivery.event,
      'check', (queue_delivery.alert).check_name,
      'key', (queue_delivery.alert).key,
      'severity', (queue_delivery.alert).severity,
      'message', (queue_delivery.alert).message,
      'at', now(),
      'by', queue_delivery.caller,
      'note', case when queue_delivery.event = 'acknowledged' then (queue_delivery.alert).note end
    )
  );
end
$$;
comment on function ops.queue_delivery(ops.alerts, text, text) is 'Queues what send-alerts is to tell.';
revoke all on function ops.queue_delivery(ops.alerts, text, text) from public, anon, authenticated, service_role;


create function ops.note_finding(check_name text, finding ops.finding, at timestamptz)
  returns text
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_rule ops.alert_rules;
  v_alert ops.alerts;
  v_state text;
  v_event text;
  v_is_quiet boolean;
begin
  select r.* into strict v_rule
  from ops.alert_rules as r
  where r.check_name in (note_finding.check_name, '*')
  order by r.check_name = '*'
  limit 1;
  v_is_quiet := exists (
    select from ops.quiet_windows as w
    where w.check_name in (note_finding.check_name, '*')
      and (note_finding.finding).key like w.key_pattern
      and note_finding.at >= w.starts_at
      and note_finding.at < w.ends_at
  );

  select a.* into v_alert
  from ops.alerts as a
  where a.check_name = note_finding.check_name
    and a.key = (note_finding.finding).key
    and (a.state <> 'resolved' or a.resolved_at > note_finding.at - v_rule.reopens_within)
  order by a.resolved_at desc nulls first
  limit 1
  for update;
  if not found then
    insert into ops.alerts (check_name, key, severity, message, facts, remedy, first_seen_at, last_seen_at)
    values (
      note_finding.check_name,
      (note_finding.finding).key,
      (note_finding.finding).status,
      (note_finding.finding).message,
      coalesce((note_finding.finding).facts, '{}'),
      (note_finding.finding).remedy,
      note_finding.at,
      note_finding.at
    )
    returning * into v_alert;
  else
    v_alert.finding_count := v_alert.finding_count + 1;
    v_alert.runs_with := v_alert.runs_with + 1;
  end if;

  v_state := v_alert.state;
  if v_is_quiet then
    null;
  elsif v_state in ('pending', 'resolved') and v_alert.runs_with >= v_rule.opens_after then
    -- One that comes and goes stays silenced, or silencing it would be of no use.
    if v_alert.silenced_until > note_finding.at then
      v_state := 'silenced';
    else
      v_event := case v_state when 'pending' then 'opened' else 'reopened' end;
    end if;
  elsif v_state = 'silenced' and note_finding.at >= v_alert.silenced_until then
    v_event := 'silence_ended';
  elsif v_state in ('open', 'acknowledged')
    and (note_finding.finding).status = 'critical'
    and v_alert.told_severity is distinct from 'critical'
  then
    -- Whoever acknowledged a warning has not acknowledged this.
    v_event := 'raised';
  end if;
  if v_event is not null then
    v_state := 'open';
  end if;

  update ops.alerts as a
  set
    severity = (note_finding.finding).status,
    message = (note_finding.finding).message,
    facts = coalesce((note_finding.finding).facts, '{}'),
    remedy = (note_finding.finding).remedy,
    state = v_state,
    last_seen_at = note_finding.at,
    finding_count = v_alert.finding_count,
    runs_with = v_alert.runs_with,
    runs_without = 0,
    told_severity = case when v_event is null then a.told_severity else (note_finding.finding).status end,
    reopened_count = a.reopened_count + (a.state = 'resolved' and v_state <> 'resolved')::integer,
    silenced_until = case when v_event is null then a.silenced_until end,
    resolved_at = case when v_state = 'resolved' then a.resolved_at end,
    resolved_by = case when v_state = 'resolved' then a.resolved_by end
  where a.id = v_alert.id
  returning a.* into v_alert;
  if v_event is not null then
    perform ops.queue_delivery(v_alert, v_event);
  end if;
  return v_event;
end
$$;
comment on function ops.note_finding(text, ops.finding, timestamptz) is
  'Writes a finding into its alert, which opens, rises or reopens by the rules of the check. '
  'Returns what is told of it: opened, raised, reopened, silence_ended, or null for nothing.';
revoke all on function ops.note_finding(text, ops.finding, timestamptz)
  from public, anon, authenticated, service_role;


create function ops.note_absence(check_name text, present_keys text[], at timestamptz)
  returns integer
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_rule ops.alert_rules;
  v_alert ops.alerts;
  v_resolved integer := 0;
begin
  select r.* into strict v_rule
  from ops.alert_rules as r
  where r.check_name in (note_absence.check_name, '*')
  order by r.check_name = '*'
  limit 1;
  -- One that never opened was nothing.
  delete from ops.alerts as a
  where a.check_name = note_absence.check_name
    and a.state = 'pending'
    and a.key <> all (note_absence.present_keys);
  for v_alert in
    update ops.alerts as a
    set
      runs_with = 0,
      runs_without = a.runs_without + 1,
      state = case when a.runs_without + 1 >= v_rule.resolves_after then 'resolved' else a.state end,
      resolved_at = case when a.runs_without + 1 >= v_rule.resolves_after then note_absence.at end
    where a.check_name = note_absence.check_name
      and a.state <> 'resolved'
      and a.key <> all (note_absence.present_keys)
    returning a.*
  loop
    continue when v_alert.state <> 'resolved';
    v_resolved := v_resolved + 1;
    -- Who silenced it does not want to hear of it.
    if v_alert.silenced_until is null or v_alert.silenced_until <= note_absence.at then
      perform ops.queue_delivery(v_alert, 'resolved');
    end if;
  end loop;
  -- A resolved one that a person ended counts its next finding from one.
  update ops.alerts as a
  set runs_with = 0
  where a.check_name = note_absence.check_name
    and a.state = 'resolved'
    and a.runs_with > 0
    and a.key <> all (note_absence.present_keys);
  return v_resolved;
end
$$;
comment on function ops.note_absence(text, text[], timestamptz) is
  'Counts a run without their finding for the alerts of a check whose keys are not among these, and '
  'resolves those that were away for long enough. Returns how many it resolved.';
revoke all on function ops.note_absence(text, text[], timestamptz) from public, anon, authenticated, service_role;


create function ops.note_check(result jsonb, at timestamptz)
  returns jsonb
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_check constant text := note_check.result ->> 'name';
  v_status constant text := note_check.result ->> 'status';
  v_finding ops.finding;
  v_keys text[] := '{}'::text[];
  v_events text[] := '{}'::text[];
  v_event text;
  v_resolved integer := 0;
begin
  if v_status = 'unknown' then
    v_event := ops.note_finding(
      'failed_checks',
      (v_check, 'warn', format('The check %s failed: %s', v_check, note_check.result ->> 'reason'), '{}', null)::ops.finding,
      note_check.at
    );
    return jsonb_build_object('events', to_jsonb(array_remove(array[v_event], null)), 'resolved', 0);
  elsif v_status = 'skipped' then
    -- Nothing is known of its findings: they neither come nor go.
    return jsonb_build_object('events', '[]'::jsonb, 'resolved', 0);
  end if;
  for v_finding in
    -- Two findings with one key are one alert, with the worse of them.
    select distinct on (f.key) f.*
    from jsonb_populate_recordset(null::ops.finding, note_check.result -> 'findings') as f
    where f.status in ('warn', 'critical')
    order by f.key, f.status
  loop
    v_event := ops.note_finding(v_check, v_finding, note_check.at);
    v_keys := v_keys || v_finding.key;
    v_events := v_events || array_remove(array[v_event], null);
  end loop;
  v_resolved := ops.note_absence(v_check, v_keys, note_check.at);
  return jsonb_build_object('events', to_jsonb(v_events), 'resolved', v_resolved);
end
$$;
comment on function ops.note_check(jsonb, timestamptz) is
  'Brings the alerts of a check up to date with its result, as ops.run_health_check gives it. A '
  'skipped check changes nothing; one that failed is a finding of failed_checks. Returns the events '
  'to be told and how many alerts it resolved.';
revoke all on function ops.note_check(jsonb, timestamptz) from public, anon, authenticated, service_role;


create function ops.update_alerts(result jsonb, at timestamptz default now())
  returns jsonb
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_check jsonb;
  v_gone text;
  v_failed text[];
  v_noted jsonb;
  v_events jsonb := '[]'::jsonb;
  v_resolved integer := 0;
begin
  for v_check in select c from jsonb_array_elements(update_alerts.result -> 'checks') as c loop
    v_noted := ops.note_check(v_check, update_alerts.at);
    v_events := v_events || (v_noted -> 'events');
    v_resolved := v_resolved + (v_noted ->> 'resolved')::integer;
  end loop;
  select coalesce(array_agg(c ->> 'name'), '{}') into v_failed
  from jsonb_array_elements(update_alerts.result -> 'checks') as c
  where c ->> 'status' = 'unknown';
  v_resolved := v_resolved + ops.note_absence('failed_checks', v_failed, update_alerts.at);
  -- A check that was switched off or removed finds nothing any more.
  for v_gone in
    select distinct a.check_name
    from ops.alerts as a
    where a.state <> 'resolved'
      and a.check_name <> 'failed_checks'
      and not update_alerts.result -> 'checks' @> jsonb_build_array(jsonb_build_object('name', a.check_name))
  loop
    v_resolved := v_resolved + ops.note_absence(v_gone, '{}', update_alerts.at);
  end loop;
  return jsonb_build_object(
    'opened', (select count(*) from jsonb_array_elements_text(v_events) as e where e = 'opened'),
    'raised', (select count(*) from jsonb_array_elements_text(v_events) as e where e = 'raised'),
    'reopened', (select count(*) from jsonb_array_elements_text(v_events) as e where e in ('reopened', 'silence_ended')),
    'resolved', v_resolved
  );
end
$$;
comment on function ops.update_alerts(jsonb, timestamptz) is
  'Brings all alerts up to date with a health run and queues what is to be told. Returns how many '
  'opened, rose, reopened and were resolved.';
revoke all on function ops.update_alerts(jsonb, timestamptz) from public, anon, authenticated, service_role;


create function ops.record_health_check()
  returns jsonb
  language plpgsql
  volatile
  security definer -- nobody may write runs, samples and alerts
  set search_path = ''
as $$
declare
  v_started constant timestamptz := clock_timestamp();
  v_run uuid;
  v_result jsonb;
  v_snapshot jsonb;
  v_alerts jsonb;
begin
  perform private.require_operator();
  if not pg_try_advisory_xact_lock(hashtextextended('ops.record_health_check', 0)) then
    return jsonb_build_object('recorded', false, 'reason', 'Another health check is being recorded.');
  end if;
  -- First, so that the check of the checking sees that it goes on.
  insert into ops.health_runs (started_at) values (v_started) returning id into v_run;
  v_result := ops.database_health_check();
  begin
    v_snapshot := jsonb_build_object('samples', ops.take_snapshot());
  exception
    when query_canceled or admin_shutdown or crash_shutdown then
      raise;
    -- Without its samples the run is still worth keeping, and the alerts must go out.
    when others then
      v_snapshot := jsonb_build_object('samples', 0, 'error', format('%s (%s)', sqlerrm, sqlstate));
  end;
  v_alerts := ops.update_alerts(v_result);
  update ops.health_runs as r
  set
    status = v_result ->> 'status',
    result = v_result || jsonb_build_object('snapshot', v_snapshot),
    duration_ms = extract(epoch from clock_timestamp() - v_started) * 1000
  where r.id = v_run;
  return jsonb_build_object(
    'recorded', true,
    'run_id', v_run,
    'status', v_result ->> 'status',
    'checks', (
      select jsonb_object_agg(s.status, s.checks)
      from (
        select c ->> 'status' as status, count(*) as checks
        from jsonb_array_elements(v_result -> 'checks') as c
        group by c ->> 'status'
      ) as s
    ),
    'snapshot', v_snapshot,
    'alerts', v_alerts
  );
end
$$;
comment on function ops.record_health_check() is
  'Makes all checks, keeps the result in ops.health_runs, takes the samples that are due, brings '
  'the alerts up to date and queues what is to be told. '
  'Returns recorded, run_id, status, checks (how many of each status), snapshot and alerts; '
  'recorded false with a reason while another one is at it. Raises 42501 unless the service role '
  'or a platform administrator asks.';
revoke all on function ops.record_health_check() from public, anon, authenticated, service_role;
grant execute on function ops.record_health_check() to authenticated, service_role;


create function ops.cron_values(field text, lowest integer, highest integer)
  returns integer[]
  language sql
  immutable
  security invoker
  set search_path = ''
begin atomic
  select array_agg(distinct v.value order by v.value)
  from string_to_table(cron_values.field, ',') as p (part)
  cross join lateral regexp_match(p.part, '^(?:\*|([0-9]+)(?:-([0-9]+))?)(?:/([0-9]+))?$') as m (words)
  cross join lateral generate_series(
    coalesce(m.words[1]::integer, cron_values.lowest),
    coalesce(m.words[2]::integer, m.words[1]::integer, cron_values.highest),
    coalesce(m.words[3]::integer, 1)
  ) as v (value);
end;
comment on function ops.cron_values(text, integer, integer) is
  'The numbers that one field of a cron expression stands for, ascending; lowest and highest are '
  'what a star spans.';
revoke all on function ops.cron_values(text, integer, integer) from public, anon, authenticated, service_role;


create function ops.cron_interval(cron text)
  returns interval
  language plpgsql
  immutable
  security invoker
  set search_path = ''
as $$
declare
  v_fields constant text[] := string_to_array(cron_interval.cron, ' ');
  v_minutes integer;
begin
  if v_fields[3:5] <> '{*, *, *}' then
    return null;
  end if;
  select max(d.minute - d.before) into v_minutes
  from (
    select s.minute, lag(s.minute) over (order by s.minute) as before
    from (
      -- Two days, so that the gap over midnight is among them.
      select day * 1440 + h * 60 + m as minute
      from generate_series(0, 1) as day
      cross join unnest(ops.cron_values(v_fields[2], 0, 23)) as h
      cross join unnest(ops.cron_values(v_fields[1], 0, 59)) as m
    ) as s
  ) as d;
  return make_interval(mins => v_minutes);
end
$$;
comment on function ops.cron_interval(text) is
  'The longest time between two runs of a valid cron expression. Null when it does not run every day.';
revoke all on function ops.cron_interval(text) from public, anon, authenticated, service_role;


create function ops.check_health_runs_are_recent()
  returns setof ops.finding
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_schedule ops.schedules;
  v_interval interval;
  v_last timestamptz;
  v_age interval;
  v_status text;
begin
  select s.* into v_schedule from ops.schedules as s where s.name = 'health-check' and s.is_enabled;
  if not found then
    raise exception using
      errcode = 'feature_not_supported',
      message = 'The schedule health-check is switched off.';
  end if;
  v_interval := ops.cron_interval(v_schedule.cron);
  if v_interval is null then
    raise exception using
      errcode = 'feature_not_supported',
      message = format('The schedule health-check does not run every day (%s).', v_schedule.cron);
  end if;
  select max(r.started_at) into v_last from ops.health_runs as r;
  -- From a change on, the new cron is owed a run; before it, nothing was promised.
  v_age := clock_timestamp() - greatest(v_last, v_schedule.updated_at);
  v_status := ops.judge('health_runs_are_recent', 'intervals',
    (extract(epoch from v_age) / extract(epoch from v_interval))::numeric);
  if v_status <> 'ok' then
    return next (
      'health-check',
      v_status,
      format('The checking stopped: no health run since %s; there should be one every %s.',
        coalesce(to_char(v_last at time zone 'utc', 'YYYY-MM-DD HH24:MI "UTC"'), 'ever'), v_interval),
      jsonb_build_object('last_run_at', v_last, 'age_seconds', round(extract(epoch from v_age)),
        'interval_seconds', extract(epoch from v_interval)::integer),
      null
    )::ops.finding;
  end if;
end
$$;
comment on function ops.check_health_runs_are_recent() is
  'Whether health runs are still recorded as often as their schedule says. Raises 0A000 when it is '
  'switched off or does not run every day.';
revoke all on function ops.check_health_runs_are_recent() from public, anon, authenticated, service_role;

insert into ops.health_checks (name, title, description, category, is_required)
values ('health_runs_are_recent', 'The checking itself', 'Asked by send-alerts each minute as well.', 'alerting', false);
insert into ops.health_thresholds (check_name, measure, unit, worse, default_warn, default_critical, description)
values ('health_runs_are_recent', 'intervals', 'intervals', 'above', 2, 4, 'Of the schedule health-check, without a run.');


create function ops.watch_health_runs()
  returns jsonb
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
begin
  if not exists (select from ops.health_checks as c where c.name = 'health_runs_are_recent' and c.is_enabled)
    -- While one is being recorded, the checking goes on.
    or not pg_try_advisory_xact_lock(hashtextextended('ops.record_health_check', 0))
  then
    return jsonb_build_object('events', '[]'::jsonb, 'resolved', 0);
  end if;
  return ops.note_check(ops.run_health_check('health_runs_are_recent'), clock_timestamp());
end
$$;
comment on function ops.watch_health_runs() is
  'Opens the alert that the checking stopped, or resolves it: for whoever still runs when the '
  'checking does not. Returns the events to be told and how many alerts it resolved.';
revoke all on function ops.watch_health_runs() from public, anon, authenticated, service_role;


create function ops.get_alerts(state text default null)
  returns setof ops.alerts
  language plpgsql
  stable
  security definer -- nobody but the service role may read the alerts
  set search_path = ''
as $$
begin
  perform private.require_operator();
  if get_alerts.state not in ('pending', 'open', 'acknowledged', 'silenced', 'resolved') then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('There is no state %L.', get_alerts.state),
      hint = 'pending, open, acknowledged, silenced or resolved; null for all that are not over.';
  end if;
  return query
  select a.*
  from ops.alerts as a
  where case
    when get_alerts.state is null then a.state in ('open', 'acknowledged', 'silenced')
    else a.state = get_alerts.state
  end
  order by a.severity, a.last_seen_at desc, a.id;
end
$$;
comment on function ops.get_alerts(text) is
  'The alerts in a state; null: all that are open, acknowledged or silenced. Critical ones first. '
  'Raises 22023 for an unknown state, 42501 unless the service role or a platform administrator '
  'asks.';
revoke all on function ops.get_alerts(text) from public, anon, authenticated, service_role;
grant execute on function ops.get_alerts(text) to authenticated, service_role;


create function ops.lock_alert(id uuid)
  returns ops.alerts
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_alert ops.alerts;
begin
  select a.* into v_alert from ops.alerts as a where a.id = lock_alert.id for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'There is no such alert.', hint = 'ops.get_alerts() lists them.';
  end if;
  if v_alert.state in ('pending', 'resolved') then
    raise exception using
      errcode = 'PT409',
      message = format('The alert is %s.', v_alert.state),
      hint = 'Only open, acknowledged and silenced alerts are changed.';
  end if;
  return v_alert;
end
$$;
comment on function ops.lock_alert(uuid) is
  'An alert that is not over, locked until the end of the transaction. Raises PT404 for an unknown '
  'one, PT409 for one that is over or not open yet.';
revoke all on function ops.lock_alert(uuid) from public, anon, authenticated, service_role;


create function ops.acknowledge_alert(id uuid, note text default null)
  returns ops.alerts
  language plpgsql
  volatile
  security definer -- nobody may write the alerts
  set search_path = ''
as $$
declare
  v_alert ops.alerts;
begin
  perform private.require_operator();
  perform ops.lock_alert(acknowledge_alert.id);
  update ops.alerts as a
  set
    state = 'acknowledged',
    acknowledged_at = now(),
    acknowledged_by = ops.caller_name(),
    note = acknowledge_alert.note,
    silenced_until = null
  where a.id = acknowledge_alert.id
  returning a.* into v_alert;
  perform ops.queue_delivery(v_alert, 'acknowledged', v_alert.acknowledged_by);
  return v_alert;
end
$$;
comment on function ops.acknowledge_alert(uuid, text) is
  'Somebody looks after it: the caller, as the session knows them. Told once; it rises and resolves '
  'as before. Returns the alert. Raises PT404, PT409 for one that is over, 42501 unless the service '
  'role or a platform administrator asks.';
revoke all on function ops.acknowledge_alert(uuid, text) from public, anon, authenticated, service_role;
grant execute on function ops.acknowledge_alert(uuid, text) to authenticated, service_role;


create function ops.silence_alert(id uuid, until timestamptz)
  returns ops.alerts
  language plpgsql
  volatile
  security definer -- nobody may write the alerts
  set search_path = ''
as $$
declare
  v_alert ops.alerts;
begin
  perform private.require_operator();
  if silence_alert.until is null
    or silence_alert.until <= now()
    or silence_alert.until > now() + interval '90 days'
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'until must be a time within the next 90 days.';
  end if;
  perform ops.lock_alert(silence_alert.id);
  update ops.alerts as a
  set state = 'silenced', silenced_until = silence_alert.until, silenced_by = ops.caller_name()
  where a.id = silence_alert.id
  returning a.* into v_alert;
  return v_alert;
end
$$;
comment on function ops.silence_alert(uuid, timestamptz) is
  'Nothing is told of it until a time, neither a rise nor its end. If it is still found then, it is '
  'open and told again. Returns the alert. Raises 22023 unless the time is within 90 days, PT404, '
  'PT409 for one that is over, 42501 unless the service role or a platform administrator asks.';
revoke all on function ops.silence_alert(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function ops.silence_alert(uuid, timestamptz) to authenticated, service_role;


create function ops.resolve_alert(id uuid)
  returns ops.alerts
  language plpgsql
  volatile
  security definer -- nobody may write the alerts
  set search_path = ''
as $$
declare
  v_alert ops.alerts;
begin
  perform private.require_operator();
  perform ops.lock_alert(resolve_alert.id);
  update ops.alerts as a
  set
    state = 'resolved',
    resolved_at = now(),
    resolved_by = ops.caller_name(),
    silenced_until = null,
    runs_with = 0,
    runs_without = 0
  where a.id = resolve_alert.id
  returning a.* into v_alert;
  perform ops.queue_delivery(v_alert, 'resolved', v_alert.resolved_by);
  return v_alert;
end
$$;
comment on function ops.resolve_alert(uuid) is
  'Ends an alert by hand. If it is found again it reopens. Returns the alert. Raises PT404, PT409 '
  'for one that is over, 42501 unless the service role or a platform administrator asks.';
revoke all on function ops.resolve_alert(uuid) from public, anon, authenticated, service_role;
grant execute on function ops.resolve_alert(uuid) to authenticated, service_role;


create function ops.add_quiet_window(
  check_name text,
  ends_at timestamptz,
  reason text,
  key_pattern text default '%',
  starts_at timestamptz default now()
)
  returns ops.quiet_windows
  language plpgsql
  volatile
  security definer -- nobody may write the windows
  set search_path = ''
as $$
declare
  v_window ops.quiet_windows;
begin
  perform private.require_operator();
  if add_quiet_window.check_name <> '*'
    and not exists (select from ops.health_checks as c where c.name = add_quiet_window.check_name)
  then
    raise exception using
      errcode = 'PT404',
      message = format('There is no check %L.', add_quiet_window.check_name),
      hint = 'A row of ops.health_checks, or * for all of them.';
  end if;
  insert into ops.quiet_windows (check_name, key_pattern, starts_at, ends_at, reason, made_by)
  values (
    add_quiet_window.check_name,
    add_quiet_window.key_pattern,
    add_quiet_window.starts_at,
    add_quiet_window.ends_at,
    add_quiet_window.reason,
    ops.caller_name()
  )
  returning * into v_window;
  return v_window;
end
$$;
comment on function ops.add_quiet_window(text, timestamptz, text, text, timestamptz) is
  'Nothing is opened or raised for the findings of a check (* for all) with keys like a pattern '
  'until a time, such as during planned work. Returns the window. Raises PT404 for an unknown '
  'check, 23514 when it ends before it starts, 42501 unless the service role or a platform '
  'administrator asks.';
revoke all on function ops.add_quiet_window(text, timestamptz, text, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function ops.add_quiet_window(text, timestamptz, text, text, timestamptz)
  to authenticated, service_role;


create function ops.claim_alert_deliveries(batch integer default 100)
  returns setof ops.alert_deliveries
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_channel ops.alert_channels;
begin
  if claim_alert_deliveries.batch is null or claim_alert_deliveries.batch not between 1 and 1000 then
    raise exception using errcode = 'invalid_parameter_value', message = 'batch must be between 1 and 1000.';
  end if;
  select c.* into strict v_channel from ops.alert_channels as c where c.name = 'webhook';
  -- Whose claim still holds is being told at this moment.
  update ops.alert_deliveries as d
  set
    state = case when d.attempts >= v_channel.max_attempts then 'dead' else 'expired' end,
    last_error = coalesce(d.last_error, 'It was never told in time.'),
    finished_at = now()
  where d.id in (
    select o.id
    from ops.alert_deliveries as o
    where o.state in ('pending', 'failed')
      and o.next_attempt_at <= now()
      and (o.created_at <= now() - v_channel.expires_after or o.attempts >= v_channel.max_attempts)
    for update skip locked
  );
  return query
  update ops.alert_deliveries as d
  set attempts = d.attempts + 1, next_attempt_at = now() + v_channel.lease
  where d.id in (
    select o.id
    from ops.alert_deliveries as o
    where o.state in ('pending', 'failed')
      and o.next_attempt_at <= now()
      -- Nobody is told of an end before the beginning.
      and not exists (
        select from ops.alert_deliveries as e
        where e.alert_id = o.alert_id
          and e.state in ('pending', 'failed')
          and e.next_attempt_at > now()
          and e.id < o.id
      )
    order by o.payload ->> 'severity', o.created_at, o.id
    limit claim_alert_deliveries.batch
    for update skip locked
  )
  returning d.*;
end
$$;
comment on function ops.claim_alert_deliveries(integer) is
  'Takes deliveries that are due, critical ones first, so that nobody else takes them while the '
  'lease lasts; each counts as an attempt. Before that, what is too old expires and what was tried '
  'too often is dead. Raises 22023 unless batch is between 1 and 1000.';
revoke all on function ops.claim_alert_deliveries(integer) from public, anon, authenticated, service_role;


create function ops.finish_alert_delivery(id uuid, attempt integer, response_status integer, error text)
  returns text
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_channel ops.alert_channels;
  v_state text;
begin
  select c.* into strict v_channel from ops.alert_channels as c where c.name = 'webhook';
  update ops.alert_deliveries as d
  set
    state = case
      when finish_alert_delivery.error is null then 'sent'
      when d.attempts >= v_channel.max_attempts then 'dead'
      else 'failed'
    end,
    response_status = finish_alert_delivery.response_status,
    last_error = left(finish_alert_delivery.error, 500),
    -- The exponent is bounded: 2 to the 30th minutes is beyond every cap.
    next_attempt_at = now() + least(v_channel.longest_delay, v_channel.first_delay * power(2, least(d.attempts, 30) - 1)),
    finished_at = case
      when finish_alert_delivery.error is null or d.attempts >= v_channel.max_attempts then now()
    end
  where d.id = finish_alert_delivery.id
    and d.state in ('pending', 'failed')
    -- A failure that comes after somebody else took over says nothing; a success does.
    and (d.attempts = finish_alert_delivery.attempt or finish_alert_delivery.error is null)
  returning d.state into v_state;
  return v_state;
end
$$;
comment on function ops.finish_alert_delivery(uuid, integer, integer, text) is
  'Writes down how an attempt ended: error null means told. A failed one is tried again after a '
  'delay that doubles up to a cap, or is dead after the last attempt. Returns the new state, null '
  'when the delivery is over or another attempt has taken its place.';
revoke all on function ops.finish_alert_delivery(uuid, integer, integer, text)
  from public, anon, authenticated, service_role;


insert into ops.schedules (name, description, cron, kind, target, timeout_seconds)
values
  ('health-check', 'Makes all health checks, keeps history and alerts.', '*/15 * * * *', 'function', 'health-check', 120),
  ('send-alerts', 'Tells what opened, rose and was resolved, and watches the health checks.', '* * * * *', 'function',
    'send-alerts', 60);
