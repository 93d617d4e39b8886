-- What is trusted is told by the role that acts: an operator who has taken the role postgres, as the command line does,
-- is one; a user who calls a function that runs as postgres is none.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(6);

insert into public.messages (tenant_id, conversation_id, author_id, role, content)
values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), tests.user_id('acme_member2'), 'user', 'Mine');
create function tests.trusted() returns boolean language sql security definer set search_path = '' return private.is_trusted_session();
grant execute on function tests.trusted() to anon, authenticated, service_role;

select is(tests.value_as(who, 'select tests.trusted()')::boolean, trusted, format('A5 %s: %s', who, trusted))
from (values ('acme_owner', false), ('visitor', false), ('service', true), ('operator', true)) as v (who, trusted);
select tests.become('postgres', '');
select is(private.is_trusted_session(), true, 'A5 who has taken the role postgres is trusted');
select is(tests.rows('delete from public.tenants where id = tests.tenant_id(''acme'')'), 1,
  'C12 and erases a tenant whole');

select * from finish();
rollback;
