-- Of an enrolled table, the declaration says who holds what. Everything else that an API role may read or write is
-- written down here; views of public are for users, who read them through policies.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.other_grants as
  select g.name, g.kind, g.grantee, g.privilege
  from tests.grants as g
  where g.kind in ('relation', 'column')
    and g.grantee in ('authenticated', 'service_role')
    and not exists (
      select from private.enrollments as e where g.name = e.relation or starts_with(g.name, e.relation || '.'));

select set_eq(
  $$select name, grantee, privilege from tests.other_grants where kind = 'relation' and name !~ '^public\.'$$,
  $$values
    ('private.my_reach', 'authenticated', 'SELECT'),
    ('private.my_reach', 'service_role', 'SELECT'),
    ('private.message_feedback_summary_in_reach', 'authenticated', 'SELECT'),
    ('private.monthly_usage_summary_in_reach', 'authenticated', 'SELECT'),
    ('ops.schedules', 'service_role', 'SELECT'),
    ('ops.schedule_runs', 'service_role', 'SELECT'), ('ops.schedule_runs', 'service_role', 'DELETE'),
    ('ops.view_refreshes', 'service_role', 'SELECT'), ('ops.view_refreshes', 'service_role', 'DELETE')$$,
  'S2 of private, users read their own reach and what is filtered by it; of ops, the service reads what ran'
);
select set_eq(
  $$select g.name, g.grantee, g.privilege from tests.other_grants as g join tests.tables as t on t.name = g.name
    where t.schema = 'public'$$,
  $$values ('public.users', 'authenticated', 'SELECT'), ('public.users', 'service_role', 'SELECT')$$,
  'S2 of public, the profiles are the only other table that is read'
);
select is_empty(
  $$select g.name, g.grantee, g.privilege from tests.other_grants as g join tests.relations as v on v.name = g.name
    where v.relkind = 'v' and v.schema = 'public' and g.privilege <> 'SELECT'$$,
  'S4 the views of public are only read'
);
select set_eq(
  $$select name, grantee, privilege from tests.other_grants where kind = 'column'$$,
  $$values
    ('public.users.full_name', 'authenticated', 'UPDATE'), ('public.users.full_name', 'service_role', 'UPDATE'),
    ('public.users.avatar_url', 'authenticated', 'UPDATE'), ('public.users.avatar_url', 'service_role', 'UPDATE'),
    ('public.users.is_active', 'service_role', 'UPDATE'),
    ('ops.schedules.cron', 'service_role', 'UPDATE'), ('ops.schedules.is_enabled', 'service_role', 'UPDATE')$$,
  'C2 of a profile and of a schedule, these columns are changed'
);

select * from finish();
rollback;
