-- A token of nobody, or one whose claim of the role is missing, is no scheduled work: it archives nothing.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(5);

alter table public.conversations disable trigger _200_touch;
update public.conversations set updated_at = now() - interval '1 year'
  where tenant_id in (tests.tenant_id('acme'), tests.tenant_id('globex'));

create function tests.archive_with(claims text) returns text language plpgsql as $$
declare
  v_answer text;
begin
  perform tests.become('authenticated', claims);
  v_answer := public.archive_old_conversations();
  perform tests.as_operator();
  return v_answer;
exception
  when insufficient_privilege then
    return sqlerrm;
end
$$;
select is(tests.archive_with('{"role": "authenticated"}'), 'This needs a signed-in user.', 'A5 a token of nobody');
select is(tests.archive_with((tests.claims('acme_member') - 'role')::text),
  'This needs the role admin or a higher one in a tenant.',
  'A5 a member''s token that names no role');
select is(tests.archive_with(''), 'This needs a signed-in user.', 'A5 no token, under the role of users');
select is(
  (select count(*) from public.conversations where is_archived and tenant_id = tests.tenant_id('globex')), 0::bigint,
    'A5 nothing is archived'
);
select is(tests.archive_with(tests.claims('acme_admin')::text), '2', 'A5 a known admin archives those of their tenant');

select * from finish();
rollback;
