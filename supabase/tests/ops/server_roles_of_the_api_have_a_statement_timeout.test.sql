-- A statement of the API that may run for ever holds a connection and its locks for ever.
begin;
\ir ../helpers/cast.psql
select plan(12);

select is_empty('select from ops.check_role_timeouts()', 'P1 the roles of the API are as Supabase makes them');
select is((select count(*) from ops.get_role_timeouts() where is_api_role and statement_timeout_ms > 0), 3::bigint,
  'P1 three of them, each with a time-out');

alter role authenticated reset statement_timeout;
select results_eq(
  'select key, status, message, remedy from ops.check_role_timeouts()',
  $$values ('authenticated', 'warn', 'Statements of the role authenticated may run for ever.',
    'alter role authenticated set statement_timeout = ''8s'';')$$,
  'P1 one without is found'
);
alter role authenticated set statement_timeout = 0;
select is((select status from ops.check_role_timeouts()), 'warn', 'P1 zero is none');
alter role authenticated set statement_timeout = '10min';
select is((select message from ops.check_role_timeouts()), 'Statements of the role authenticated may run for 600.0 s.',
  'P1 and ten minutes are too long');
do $$ begin execute format('alter role authenticated in database %I set statement_timeout = ''2s''', current_database()); end $$;
select is_empty('select from ops.check_role_timeouts()', 'P1 what is set for the database goes first');

create role tests_worker login;
select is((select statement_timeout_ms from ops.get_role_timeouts() where role_name = 'tests_worker'), null,
  'P1 a login role without one is shown');
select ok(not (select is_api_role from ops.get_role_timeouts() where role_name = 'tests_worker'),
  'P1 and is no role of the API, so no finding');

select is(ops.setting_milliseconds(written), ms::numeric, format('P1 %s', written))
from (values ('8s', 8000), ('1500', 1500), ('2min', 120000), ('250ms', 250)) as v (written, ms);

select * from finish();
rollback;
