-- The health of the database: which checks there are, where each begins to worry, and one run over
-- all of them. (P1, P4) A check is a function ops.check_<name>() that returns findings. The runner
-- gives each its own exception block: a check that cannot run says so and stops no other. The
-- checks come with the migrations of their subjects.

create function private.require_operator()
  returns void
  language plpgsql
  stable
  security definer -- nobody holds a right on private.reach
  set search_path = ''
as $$
begin
  if private.is_trusted_session() then
    return;
  end if;
  if not exists (select from private.reach as r where r.user_id = auth.uid() and r.is_platform_admin) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = 'This needs a platform administrator or the service role.',
      hint = 'Ask the operators of the platform.';
  end if;
end
$$;
comment on function private.require_operator() is
  'Raises 42501 unless the caller is the service role, an operator''s own session or an active '
  'platform administrator.';
revoke all on function private.require_operator() from public, anon, authenticated, service_role;

-- Platform administrators call the functions of ops; each asks require_operator. No table of ops is
-- granted to them.
grant usage on schema ops to authenticated;


create type ops.finding as (
  key text,
  status text,
  message text,
  facts jsonb,
  remedy text
);
comment on type ops.finding is
  'What a check found about one thing. key: stable over runs, such as public.messages; status: ok '
  '(shown, no worry), warn or critical; remedy: SQL that would mend it, for a person to run.';


create table ops.health_checks (
  name text not null constraint name_is_lower_case_words check (name ~ '^[a-z0-9]+(_[a-z0-9]+)*$'),
  title text not null,
  description text not null,
  category text not null
    constraint category_is_known
    check (category in ('sessions', 'queries', 'indexes', 'tables', 'server', 'scheduler', 'alerting')),
  is_required boolean not null default true,
  is_enabled boolean not null default true,
  constraint health_checks_pkey primary key (name)
);
comment on table ops.health_checks is
  'The checks that ops.database_health_check() makes. Each is a function ops.check_<name>().';
comment on column ops.health_checks.is_required is
  'Whether the whole is at best unknown when this check could not run.';

alter table ops.health_checks enable row level security;
revoke all on ops.health_checks from public, anon, authenticated, service_role;
grant select, update (is_enabled) on ops.health_checks to service_role;


create table ops.health_thresholds (
  check_name text not null,
  measure text not null constraint measure_is_lower_case_words check (measure ~ '^[a-z0-9]+(_[a-z0-9]+)*$'),
  unit text not null,
  worse text not null default 'above' constraint worse_is_known check (worse in ('above', 'below')),
  default_warn numeric,
  default_critical numeric,
  warn numeric,
  critical numeric,
  description text not null,
  updated_at timestamptz not null default now(),
  constraint health_thresholds_pkey primary key (check_name, measure),
  constraint health_thresholds_check_name_fkey foreign key (check_name)
    references ops.health_checks (name) on delete cascade,
  constraint critical_is_worse_than_warn check (
    case worse
      when 'above' then coalesce(critical, default_critical) >= coalesce(warn, default_warn)
      else coalesce(critical, default_critical) <= coalesce(warn, default_warn)
    end
  )
);
comment on table ops.health_thresholds is
  'Where a check begins to worry. Operators set warn and critical; the defaults stay beside them.';
comment on column ops.health_thresholds.worse is 'Which side of the threshold is bad.';
comment on column ops.health_thresholds.warn is 'Instead of default_warn. Null: the default.';
comment on column ops.health_thresholds.critical is 'Instead of default_critical. Null: the default.';

alter table ops.health_thresholds enable row level security;
revoke all on ops.health_thresholds from public, anon, authenticated, service_role;
grant select, update (warn, critical) on ops.health_thresholds to service_role;

create trigger _200_touch
  before update on ops.health_thresholds
  for each row execute function private.tg__touch();


create function ops.judge(check_name text, measure text, value numeric)
  returns text
  language plpgsql
  stable
  security invoker
  set search_path = ''
as $$
declare
  v_threshold ops.health_thresholds;
  v_warn numeric;
  v_critical numeric;
begin
  select t.* into strict v_threshold
  from ops.health_thresholds as t
  where t.check_name = judge.check_name and t.measure = judge.measure;
  v_warn := coalesce(v_threshold.warn, v_threshold.default_warn);
  v_critical := coalesce(v_threshold.critical, v_threshold.default_critical);
  return case
    when judge.value is null then 'ok'
    when v_threshold.worse = 'above' and judge.value >= v_critical then 'critical'
    when v_threshold.worse = 'above' and judge.value >= v_warn then 'warn'
    when v_threshold.worse = 'below' and judge.value <= v_critical then 'critical'
    when v_threshold.worse = 'below' and judge.value <= v_warn then 'warn'
    else 'ok'
  end;
end
$$;
comment on function ops.judge(text, text, numeric) is
  'ok, warn or critical for a value by its row of ops.health_thresholds. A null value is ok. Raises '
  'P0002 for a threshold that is not there.';
revoke all on function ops.judge(text, text, numeric) from public, anon, authenticated, service_role;


create function ops.run_health_check(name text)
  returns jsonb
  language plpgsql
  volatile
  security invoker
  set search_path = ''
  -- A check looks; it never waits for anybody who works.
  set lock_timeout = '100ms'
as $$
declare
  v_started constant timestamptz := clock_timestamp();
  v_status text := 'ok';
  v_reason text;
  v_findings jsonb := '[]'::jsonb;
begin
  begin
    execute format(
      'select coalesce(jsonb_agg(to_jsonb(f) order by array_position(''{critical, warn, ok}''::text[], f.status), f.key), ''[]'')'
      ' from ops.%I() as f', 'check_' || run_health_check.name
    ) into v_findings;
    v_status := case
      when v_findings @> '[{"status": "critical"}]' then 'critical'
      when v_findings @> '[{"status": "warn"}]' then 'warn'
      else 'ok'
    end;
  exception
    when query_canceled or admin_shutdown or crash_shutdown then
      raise;
    -- What a check needs and does not find, it says itself.
    when feature_not_supported or insufficient_privilege then
      v_status := 'skipped';
      v_reason := sqlerrm;
    when others then
      v_status := 'unknown';
      v_reason := format('%s (%s)', sqlerrm, sqlstate);
  end;
  return jsonb_build_object(
    'name', run_health_check.name,
    'status', v_status,
    'reason', v_reason,
    'duration_ms', round(extract(epoch from clock_timestamp() - v_started) * 1000, 1),
    'findings', v_findings
  );
end
$$;
comment on function ops.run_health_check(text) is
  'Runs one check: its status (ok, warn, critical; skipped when something it needs is missing; '
  'unknown when it failed), the reason, duration and findings. Never raises for what the check does.';
revoke all on function ops.run_health_check(text) from public, anon, authenticated, service_role;


create function ops.database_health_check()
  returns jsonb
  language plpgsql
  volatile
  security definer -- reads the state of all sessions and the statistics of all tables
  set search_path = ''
as $$
declare
  v_started constant timestamptz := clock_timestamp();
  v_checks jsonb := '[]'::jsonb;
  v_check ops.health_checks;
  v_status text;
begin
  perform private.require_operator();
  for v_check in select c.* from ops.health_checks as c where c.is_enabled order by c.category, c.name loop
    v_checks := v_checks || jsonb_build_array(
      jsonb_build_object('title', v_check.title, 'category', v_check.category, 'is_required', v_check.is_required)
      || ops.run_health_check(v_check.name)
    );
  end loop;
  v_status := case
    when v_checks @> '[{"status": "critical"}]' then 'critical'
    when v_checks @> '[{"status": "warn"}]' then 'warn'
    -- Never better than what could be looked at.
    when v_checks = '[]'
      or v_checks @> '[{"is_required": true, "status": "skipped"}]'
      or v_checks @> '[{"status": "unknown"}]' then 'unknown'
    else 'ok'
  end;
  return jsonb_build_object(
    'status', v_status,
    'checked_at', v_started,
    'duration_ms', round(extract(epoch from clock_timestamp() - v_started) * 1000, 1),
    'server_version', current_setting('server_version'),
    'checks', v_checks
  );
end
$$;
comment on function ops.database_health_check() is
  'Every enabled check: one status over all (critical, warn, unknown, ok), and for each check its '
  'status, reason and findings. '
  'The whole is unknown, not ok, when a required check could not run. Raises 42501 unless the '
  'service role or a platform administrator asks.';
revoke all on function ops.database_health_check() from public, anon, authenticated, service_role;
grant execute on function ops.database_health_check() to authenticated, service_role;


create function ops.relation_bytes(relation oid)
  returns bigint
  language plpgsql
  volatile
  security invoker
  set search_path = ''
  set lock_timeout = '10ms'
as $$
begin
  return pg_catalog.pg_total_relation_size(relation_bytes.relation);
exception
  -- Somebody alters or rebuilds it at this moment. One such table must not hide all others.
  when lock_not_available then
    return null;
end
$$;
comment on function ops.relation_bytes(oid) is
  'Size of a table with its indexes and TOAST, or of an index, in bytes. Null when it is gone, or '
  'locked so that its size cannot be read at once.';
revoke all on function ops.relation_bytes(oid) from public, anon, authenticated, service_role;
