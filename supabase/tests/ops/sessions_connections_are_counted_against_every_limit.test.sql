-- Connections run out for the server, and before that for a role or a database that has a limit of its own.
begin;
\ir ../helpers/cast.psql
select plan(9);

create temp table stats as select * from ops.get_connection_stats();
select is((select max_usable + reserved from stats), current_setting('max_connections')::integer,
  'P1 what clients may use and what is reserved is everything');
select ok((select used >= 1 and percent_used = round(100.0 * used / max_usable, 1) from stats), 'P1 used, in percent');
select is((select sum(value::integer) from stats, jsonb_each_text(by_state)), (select used::bigint from stats),
  'P1 the states add up');
select is(
  (select sum(a.connections) from stats, jsonb_to_recordset(by_application) as a (connections integer)),
  (select used::bigint from stats), 'P1 and so do the applications'
);

select is_empty('select from ops.check_connections()', 'P1 no finding while few are used');
update ops.health_thresholds set warn = 0 where check_name = 'connections';
select results_eq('select key, status from ops.check_connections()', $$values ('server', 'warn')$$,
  'P1 a warning from its threshold on');
update ops.health_thresholds set critical = 0 where check_name = 'connections';
select results_eq('select key, status from ops.check_connections()', $$values ('server', 'critical')$$,
  'P1 critical from the other on');

update ops.health_thresholds set warn = null, critical = null where check_name = 'connections';
create role tests_limited connection limit 1;
select is_empty('select from ops.check_connections()', 'P1 no finding about a role that does not use its limit');
select results_eq($$select l ->> 'kind', l ->> 'name', l ->> 'connections', l ->> 'connection_limit', l ->> 'percent_used'
    from ops.get_connection_stats(), jsonb_array_elements(limits) as l where l ->> 'name' = 'tests_limited'$$,
  $$values ('role', 'tests_limited', '0', '1', '0.0')$$, 'P1 which is shown with its own');

select * from finish();
rollback;
