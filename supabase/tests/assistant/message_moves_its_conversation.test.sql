-- updated_at moves when a message arrives, from whoever, in all conversations that got one; and in no other.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(6);

create function tests.moved() returns text language sql
  return (select string_agg(c.title, ' ' order by c.title) from public.conversations as c
    where c.updated_at = now() and c.tenant_id = tests.tenant_id('acme'));

select is(tests.moved(), null, 'A1 both conversations lie in the past');
select tests.lives_as('acme_member2', $$insert into public.messages (tenant_id, conversation_id, role, content)
  values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'user', 'New')$$, 'A1 a message of another member arrives');
select is(tests.moved(), 'First', 'A1 its conversation has moved, and no other');
select tests.lives_as('service', $$insert into public.messages (tenant_id, conversation_id, role, content)
  values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'assistant', '1'),
    (tests.tenant_id('acme'), tests.conversation_id('acme_second'), 'assistant', '2')$$, 'A1 the service writes two at once');
select is(tests.moved(), 'First Second', 'A1 both have moved');
select is((select updated_at < now() from public.conversations where id = tests.conversation_id('globex_first')), true,
  'A1 Globex has not');

select * from finish();
rollback;
