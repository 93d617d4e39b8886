-- A setting that policies trust and a caller can set is an open door. Only the claims of the request and the role of
-- the session are trusted. (That nothing of ours sets one: catalog/functions_set_nothing_but_their_search_path.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-claims.psql
select plan(10);

-- Everything of the house that is run as code: functions, views, policies, defaults, checks, conditions of triggers.
create table tests.code as
  select 'function' as kind, name, prosrc as source from tests.functions
  union all select 'view', name, pg_get_viewdef(oid) from tests.relations where relkind in ('v', 'm')
  union all select 'policy', p.polrelid::regclass::text, concat_ws(' ', pg_get_expr(p.polqual, p.polrelid),
    pg_get_expr(p.polwithcheck, p.polrelid))
    from pg_policy as p join tests.tables as t on t.oid = p.polrelid
  union all select 'default', d.adrelid::regclass::text, pg_get_expr(d.adbin, d.adrelid) from pg_attrdef as d
    join tests.tables as t on t.oid = d.adrelid
  union all select 'check', c.conrelid::regclass::text, pg_get_constraintdef(c.oid) from pg_constraint as c
    join tests.tables as t on t.oid = c.conrelid
  union all select 'trigger', g.tgrelid::regclass::text, pg_get_triggerdef(g.oid) from pg_trigger as g
    join tests.tables as t on t.oid = g.tgrelid;
-- What looks after the server reads how it is configured, and tells it to operators; no rule follows from it.
delete from tests.code where kind = 'function' and name ~ '^ops\.';
create view tests.trusted as
  select c.kind, c.name, m[1] as setting
  from tests.code as c, regexp_matches(c.source, 'current_setting\(\s*''([^'']*)''', 'g') as m;
select set_eq(
  'select distinct setting from tests.trusted',
  $$values ('request.jwt.claim.sub'), ('request.jwt.claims'), ('role'),
    -- Only ever a reason to refuse.
    ('request.headers'), ('transaction_isolation'),
    -- Only ever a reason to find the same rows another way.
    ('request.method'), ('request.path')$$,
  'S1 these settings are trusted and no other'
);
select is_empty(
  $$select kind, name from tests.code where source ~ 'current_setting\(\s*[^''\s]'$$,
  'S1 none is read by a name that is worked out'
);
-- Set by the caller all the same: whatever other products trust, and what this one could be thought to.
create table tests.settings (name text, value text);
insert into tests.settings
values ('request.groups', jsonb_build_object(tests.tenant_id('globex'), array['owner'])::text),
  ('app.tenant_id', tests.tenant_id('globex')::text),
  ('app.current_tenant', tests.tenant_id('globex')::text), ('nile.tenant_id', tests.tenant_id('globex')::text),
  ('request.jwt.claim.role', 'service_role'), ('request.jwt.claim.email', tests.email('globex_owner')),
    ('request.jwt.claim.tenant_id', tests.tenant_id('globex')::text),
  ('request.headers', '{"x-tenant-id": "*"}'), ('request.method', 'GET'), ('request.path', '/service'),
    ('request.user_id', tests.user_id('globex_owner')::text),
  ('my.bypass_rls', 'on'), ('rowhouse.is_admin', 'true'), ('search_path', 'private, ops, public'),
  ('statement_timeout', '0'), ('default_transaction_read_only', 'off'), ('check_function_bodies', 'off');
-- Set inside the intruder's own session, after signing in, as their statement would.
create function tests.seen_after(name text, value text) returns text language plpgsql as $$
declare
  v_seen text;
begin
  perform set_config(name, value, true);
  v_seen := tests.seen_with(tests.claims('acme_member')::text);
  raise exception using errcode = 'UNDO0', message = md5(v_seen);
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select cmp_ok(length(tests.seen_with(tests.claims('acme_member')::text)), '>', 2000,
  'S1 a member sees the rows of their tenant');
select is_empty(
  $$select name from tests.settings where tests.seen_after(name, value)
    <> md5(tests.seen_with(tests.claims('acme_member')::text))$$,
  'S1 and with each of these settings the very same'
);
select is_empty(
  $$select s.name, c.call from tests.settings as s, lateral (values ('select public.archive_old_conversations()'),
      ('select public.increment_usage(tests.tenant_id(''acme''), user_id => tests.user_id(''acme_viewer''))')) as c (call)
    where tests.answer_with(tests.claims('acme_member')::text,
      format('with s as materialized (select set_config(%L, %L, true) as done) %s from s where done is not null',
      s.name, s.value, replace(c.call, '()', '(''6 months'')'))) not like '42501 %'$$,
  'S1 nor is such a session taken for the service'
);
-- Settings that would lift row level security or triggers.
select is(tests.answer(who, 'select set_config(''session_replication_role'', ''replica'', true)'),
  '42501 permission denied to set parameter "session_replication_role"', format('S2 %s switches no trigger off', who))
from (values ('acme_owner'), ('service'), ('visitor')) as v (who);
create function tests.answer_unfiltered(who text, relation text) returns text language plpgsql as $$
begin
  perform set_config('row_security', 'off', true);
  return tests.answer(who, 'select from ' || relation);
end
$$;
select is_empty(
  $$select relation, tests.answer_unfiltered('acme_owner', relation) from private.enrollments
    where read_role is not null
      and tests.answer_unfiltered('acme_owner',
        relation) not like '42501 query would be affected by row-level security policy for table %'$$,
  'S2 with row_security off a query is refused, not unfiltered'
);
select set_config('row_security', 'on', true) = 'on' as done;
select is(tests.answer('acme_owner', 'select from public.branches'), '2 rows',
  'S2 with it on an owner reads their own');

select * from finish();
rollback;
