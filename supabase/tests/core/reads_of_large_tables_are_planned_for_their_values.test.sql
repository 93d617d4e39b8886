-- A plan for all values takes a large tenant for a small one: it is not for tables in which that costs anything.
begin;
\ir ../helpers/cast.psql
select plan(8);

create table public.few as select n from generate_series(1, 10) as n;
create table public.many as select n from generate_series(1, 10001) as n;
analyze public.few, public.many;

-- How a request is planned: what the API server sets and calls before the query itself.
create function tests.planned(method text, path text) returns text language plpgsql as $$
begin
  perform set_config('plan_cache_mode', 'auto', true), set_config('enable_seqscan', 'on', true);
  perform set_config('request.method', method, true), set_config('request.path', path, true), private.check_request();
  return concat_ws(', ', current_setting('plan_cache_mode'), current_setting('enable_seqscan'));
end
$$;
grant execute on function tests.planned(text, text) to authenticated, service_role;

select is(
  tests.value_as(r.who, format('select tests.planned(%L, %L)', r.method, r.path)), r.planned, format('F2 %s', r.what)
)
from (values
  ('acme_member', 'GET', '/many', 'force_custom_plan, off', 'a table of more than 10,000 rows is read by an index and a plan of its own'),
  ('acme_member', 'GET', '/events', 'force_custom_plan, off', 'and so is one of months, however few rows it has'),
  ('acme_member', 'GET', '/few', 'auto, on', 'a small table is not'),
  ('acme_member', 'PATCH', '/many', 'auto, on', 'nor what is written'),
  ('acme_member', 'GET', '/rpc/many', 'auto, on', 'nor a function'),
  ('acme_member', 'GET', '/', 'auto, on', 'nor no table at all'),
  ('acme_member', null, null, 'auto, on', 'nor what is no request'),
  ('service', 'GET', '/many', 'auto, on', 'nor for the service role, to which no policy applies')
) as r (who, method, path, planned, what);

select * from finish();
rollback;
