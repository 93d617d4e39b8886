-- A token that can be read, in a table, a log or an error, is a membership for whoever reads it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(12);

select tests.sign_in('acme_owner');
create temp table sent as select * from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'admin');
grant all on sent to authenticated;
select tests.as_operator();
-- Its whole life: replaced, taken back, accepted; each step is written to the log.
select tests.sign_in('acme_owner');
create temp table second as select * from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'),
  'viewer');
create temp table third as select * from public.invite_member(tests.tenant_id('acme'), 'other@tests.example', 'viewer');
grant all on second, third to authenticated;
select public.revoke_invitation(tests.tenant_id('acme'), invitation_id) from third;
select tests.value_as('stranger', 'select public.accept_invitation(token) from second') is not null as done;

create table tests.tokens as select token from sent union all select token from second union all select token
  from third;
select cmp_ok((select count(distinct token) from tests.tokens where token ~ '^[0-9a-f]{64}$'), '=', 3::bigint,
  'C5 three tokens were given out');

-- Everything that the database holds, of whatever schema, the partitions of the log too.
create table tests.stores as
  select format('%I.%I', n.nspname, c.relname) as name from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname in ('public', 'private', 'ops', 'auth') and has_table_privilege(c.oid,
    'select');
create function tests.held_in(store text, needle text) returns bigint language plpgsql as $$
declare
  v_count bigint;
begin
  execute format('select count(*) from %s as t where strpos(to_jsonb(t)::text, $1) > 0',
    store) into v_count using needle;
  return v_count;
end
$$;
select is_empty($$select s.name from tests.stores as s, tests.tokens as t where tests.held_in(s.name, t.token) > 0$$,
  'C5 none is kept in any table');
select is(
  (select sum(tests.held_in(s.name, encode(sha256(convert_to(t.token, 'utf8')), 'hex'))) from tests.stores as s,
    tests.tokens as t where s.name ~ 'invit'),
  3::numeric, 'C5 each is kept as its hash, once'
);
select is_empty(
  $$select s.name from tests.stores as s, tests.tokens as t
    where s.name <> 'private.invitation_tokens' and tests.held_in(s.name, encode(sha256(convert_to(t.token, 'utf8')),
      'hex')) > 0$$,
  'C8 and nowhere else: not in the log, before or after'
);
select cmp_ok((select count(*) from public.audit_log where table_name = 'public.invitations'
  and tenant_id = tests.tenant_id('acme')), '>=', 6::bigint,
  'C8 where each step is written down');

-- Nobody from the API is shown it, or its hash.
select is_empty(
  $$select w.who, e.relation from private.enrollments as e, tests.tokens as t, unnest(array['acme_owner', 'acme_admin',
    'stranger', 'platform_admin']) as w (who)
    where e.read_role is not null and tests.shown_to(w.who, 'select to_jsonb(t)::text from ' || e.relation || ' as t')
      ~ (t.token || '|' || encode(sha256(convert_to(t.token, 'utf8')), 'hex'))$$,
  'C5 no table shows one to anybody'
);
select is(tests.answer(who, 'select from private.invitation_tokens'),
  '42501 permission denied for table invitation_tokens', format('C5 %s reads no hash', who))
from (values ('acme_owner'), ('platform_admin'), ('service')) as v (who);
select is_empty(
  $$select column_name from information_schema.columns where table_schema = 'public' and table_name = 'invitations'
    and column_name ~ 'token|hash|secret'$$,
  'C5 the table that admins read has no place for it'
);
-- An id that admins read is no token, nor is the hash.
select is(tests.answer('stranger', format('select public.accept_invitation(%s)', guess)),
  'PT404 There is no such invitation.', 'C5 nor does ' || what || ' open anything')
from (values ('(select invitation_id::text from sent)', 'the id of the invitation'),
  ('(select encode(sha256(convert_to(token, ''utf8'')), ''hex'') from sent)', 'the hash')) as v (guess, what);

select * from finish();
rollback;
