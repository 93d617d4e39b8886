-- What a request may ask for, checked before it runs, and how its query is planned. (S4, F2)
-- Counts that the planner guesses, and plans, are made from the statistics over the rows of all
-- tenants: they tell a caller how much there is altogether and, with a filter on tenant_id, how much
-- of it is one tenant's. PostgREST has no switch for the first; it calls the function below in the
-- transaction of each request, once role and claims are set, because its login's settings say so.
-- A filter on the tenant and the policy say the same, but count as two conditions: the planner takes a
-- tenant's rows for a hundredth of what they are and finds it cheap to read and sort them all for a
-- page of the newest, the more so as reading the empty months of a partitioned table from end to end
-- costs nothing and looking into their indexes something. The plan for any tenant, which PostgreSQL
-- keeps for a query that is prepared and asked a sixth time, as PostgREST does, took 24 ms for 50 of
-- 15,000 events; one for the tenant that is asked for, by indexes, takes 3 with its planning. A read
-- of a small table is spared that third of a millisecond (of months: three).

create function private.check_request()
  returns void
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_headers json := nullif(current_setting('request.headers', true), '')::json;
begin
  -- It reads every row anyway.
  if current_user = 'service_role' then
    return;
  end if;
  -- Looser than PostgREST, which takes only the exact words: what it may learn to take is refused too.
  if v_headers ->> 'prefer' ~* 'count\s*=\s*"?(planned|estimated)' then
    raise exception using
      errcode = 'PT400',
      message = 'Rows are counted exactly or not at all.',
      hint = 'Ask for count=exact.';
  end if;
  if v_headers ->> 'accept' ~* 'vnd\.pgrst\.plan' then
    raise exception using
      errcode = 'PT400',
      message = 'The plan of a query is not shown.',
      hint = 'Ask for JSON or CSV.';
  end if;
  if current_setting('request.method', true) = 'GET' and exists (
    select from pg_catalog.pg_class as c
    where c.relname = ltrim(current_setting('request.path', true), '/')
      and (c.relkind = 'p' or c.reltuples > 10000)
  ) then
    perform
      set_config('plan_cache_mode', 'force_custom_plan', true),
      set_config('enable_seqscan', 'off', true);
  end if;
end
$$;
comment on function private.check_request() is
  'Refuses what a request must not ask for. Called before each request by the API server, as the '
  'request''s role; so a visitor, who may not execute it, gets 42501 whatever they ask for. '
  'Raises PT400 for counts by the planner and for query plans, unless the service role asks. A read of a '
  'partitioned table, or of one with more than 10,000 rows, is planned for the values it asks for, and by an index.';
revoke all on function private.check_request() from public, anon, authenticated, service_role;
grant execute on function private.check_request() to authenticated, service_role;


-- For this database only: the settings of a role are shared by all databases of the server.
-- A warning and no error where it cannot be set: the rest of the house must not depend on it.
do $$
declare
  v_present text;
begin
  select split_part(c.setting, '=', 2) into v_present
  from pg_db_role_setting as s
  join pg_roles as r on r.oid = s.setrole and r.rolname = 'authenticator'
  cross join lateral unnest(s.setconfig) as c (setting)
  where s.setdatabase in (0, (select d.oid from pg_database as d where d.datname = current_database()))
    and split_part(c.setting, '=', 1) = 'pgrst.db_pre_request'
  order by s.setdatabase desc
  limit 1;
  if v_present <> 'private.check_request' then
    raise warning using
      message = format('PostgREST calls %s before each request, so private.check_request is not called.', v_present),
      hint = format('Let %s call private.check_request().', v_present);
    return;
  end if;
  execute format(
    'alter role authenticator in database %I set pgrst.db_pre_request = %L',
    current_database(), 'private.check_request'
  );
  perform pg_notify('pgrst', 'reload config');
exception
  when undefined_object then
    raise warning using
      message = 'There is no role authenticator, so no API server was told to call private.check_request.',
      hint = 'Have your API server call it before each request, as the role of the request.';
  when insufficient_privilege then
    raise warning using
      message = format('PostgREST was not told to call private.check_request: %s.', sqlerrm),
      hint = format(
        'Run as superuser: alter role authenticator in database %I set pgrst.db_pre_request = %L; '
        'notify pgrst, ''reload config'';',
        current_database(), 'private.check_request'
      );
end
$$;
