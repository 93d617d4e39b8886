-- No token, an empty one, a user who is nobody, a subject that is no uuid: nothing is seen, nothing written, and the
-- next statement of somebody else is as good as ever.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-claims.psql
select plan(20);

create table tests.nobodies (claims text, refusal text);
insert into tests.nobodies
values
  (null, 'This needs a signed-in user.'), ('', 'This needs a signed-in user.'), ('{}', 'This needs a signed-in user.'),
  ('{"role": "authenticated"}', 'This needs a signed-in user.'), ('{"role": "service_role"}',
    'This needs a signed-in user.'),
  ('{"sub": null}', 'This needs a signed-in user.'),
  (jsonb_build_object('app_metadata', tests.claims('acme_member'))::text, 'This needs a signed-in user.'),
  (jsonb_build_object('sub', tests.user_id('nobody'))::text, 'This account is not active.'),
  (jsonb_build_object('sub', tests.tenant_id('acme'))::text, 'This account is not active.');
select is(tests.seen_with(claims), '', format('S1 nothing is seen with %s', coalesce(left(claims, 60), 'no claims')))
  from tests.nobodies;
select is_empty(
  $$select claims, tests.answer_with(claims, statement) from tests.nobodies, unnest(array[
      'insert into public.conversations (tenant_id) values (tests.tenant_id(''acme''))',
      'insert into public.conversations (tenant_id, user_id) values (tests.tenant_id(''acme''), tests.user_id(''acme_member''))',
      'insert into public.projects (tenant_id, name) values (tests.tenant_id(''acme''), ''X'')']) as statement
    where tests.answer_with(claims,
      statement) not like '42501 new row violates row-level security policy for table %'$$,
  'S1 nothing is written'
);
select is_empty(
  $$select claims, tests.answer_with(claims, statement) from tests.nobodies,
    unnest(array['select public.create_tenant(''X'', ''tests-x'')',
      'select public.accept_invitation(''x'')',
        'select public.invite_member(tests.tenant_id(''acme''), ''x@tests.example'', ''viewer'')']) as statement
    where tests.answer_with(claims, statement) <> '42501 ' || refusal$$,
  'S1 no function serves them'
);
select is_empty(
  $$select claims, tests.answer_with(claims, statement) from tests.nobodies,
    unnest(array['select public.increment_usage(tests.tenant_id(''acme''))',
      'select public.leave_tenant(tests.tenant_id(''acme''))',
        'select public.set_tenant_status(tests.tenant_id(''acme''), ''closed'')']) as statement
    where tests.answer_with(claims, statement) <> 'PT404 There is no such tenant.'$$,
  'S1 nor tells them of a tenant'
);

-- A subject that is none is refused by every table and view, and cannot be mistaken for another.
create table tests.broken (sub text);
insert into tests.broken values (''), ('not an id'), (' '), ('1'), (''' or true --'), ('{}'),
  (tests.user_id('acme_owner') || 'x'),
  (left(tests.user_id('acme_owner')::text, 35)), ('%');
select is_empty(
  $$select sub, name, tests.answer_with(jsonb_build_object('sub', sub)::text, 'select from ' || name)
    from tests.broken, tests.readable
    where tests.answer_with(jsonb_build_object('sub', sub)::text, 'select from ' || name)
      <> format('22P02 invalid input syntax for type uuid: "%s"', sub)$$,
  'S1 a subject that is no uuid reads nothing'
);
select is(tests.answer_with('{"sub": ' || sub, 'select from public.projects'),
  '22P02 invalid input syntax for type json',
  format('S1 nor do claims that are no json: %s', sub))
from unnest(array['"', tests.user_id('acme_owner')::text]) as sub;
select is(tests.answer_with(jsonb_build_object('sub', upper(tests.user_id('acme_member')::text))::text,
  'select from public.branches'), '2 rows',
  'S1 the same id in capitals is the same person');
select is(tests.rows_as('acme_member', 'select from public.branches'), 2, 'S1 the next statement is served as ever');

-- The old spelling of the claims, one setting each, is read first: it must not let a session be two people.
create function tests.both_spellings(old_sub text, new_sub text) returns text language plpgsql as $$
begin
  perform set_config('request.jwt.claim.sub', old_sub, true);
  return tests.answer_with(jsonb_build_object('sub', new_sub)::text,
    'select from private.my_reach as r where r.user_id = auth.uid()');
end
$$;
select is(tests.both_spellings(tests.user_id('acme_member')::text, tests.user_id('globex_owner')::text), '1 rows',
  'S1 policies and auth.uid() mean the same person, whichever spelling is set');
select is(tests.both_spellings('', tests.user_id('globex_owner')::text), '1 rows', 'S1 also when the old one is empty');
select set_config('request.jwt.claim.sub', '', true) = '' as done;
select is_empty(
  $$select who, tests.answer(who, 'select from ' || name) from tests.readable, unnest(array['visitor']) as who
    where tests.answer(who, 'select from ' || name) not like '42501 permission denied for %'$$,
  'S2 without a token every table and view is refused'
);

select * from finish();
rollback;
