-- Settings that come with a role or a database act on every session. These would act on the rules themselves.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

create view tests.settings as
  select coalesce(nullif(s.setrole, 0)::regrole::text, 'everybody') as role, split_part(c, '=', 1) as name, c as setting
  from pg_db_role_setting as s
  cross join lateral unnest(s.setconfig) as c
  where s.setdatabase in (0, (select oid from pg_database where datname = current_database()));

select isnt_empty(
  $$select from tests.settings where role = 'authenticated' and name = 'statement_timeout'$$,
  'S2 the settings of the API roles are seen'
);
select is_empty(
  $$select role, setting from tests.settings
    where role in ('everybody', 'anon', 'authenticated', 'service_role', 'authenticator')
      and (name in ('role', 'row_security', 'search_path', 'session_replication_role') or name like 'request.%')$$,
  'S2 none of them names a role, a claim, a search path, or what policies and triggers depend on'
);
select is_empty(
  $$select role, setting from tests.settings
    where name = 'pgrst.db_schemas' and setting ~ '\m(private|ops|auth|extensions)\M'$$,
  'S2 none has the API serve a schema that is not for it'
);

select * from finish();
rollback;
