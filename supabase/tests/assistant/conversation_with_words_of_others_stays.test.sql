-- A cascade asks no policy: who began a conversation could otherwise delete what others wrote in it.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(9);

insert into public.messages (tenant_id, conversation_id, author_id, role, content)
values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), tests.user_id('acme_member2'), 'user', 'Mine');

create function tests.remove() returns text language sql immutable return
  'delete from public.conversations where id = tests.conversation_id(''acme_first'')';
select tests.throws_as('acme_member', tests.remove(), 'PT409', 'The conversation holds messages of other members.',
  'A6 who began it does not delete it');
select is((select count(*) from public.messages where conversation_id = tests.conversation_id('acme_first')), 3::bigint,
  'A6 every word is there');
select is(tests.rows_as('acme_member', $$delete from public.messages where content = 'Mine'$$), 0,
  'A6 nor do they delete the words');
select is(tests.rows_as('acme_member2', tests.remove()), 0, 'A6 who wrote them does not delete the conversation');
select is(tests.rows_as('acme_member2', $$delete from public.messages where content = 'Mine'$$), 1,
  'A6 but takes their words back');
select is(tests.rows_as('acme_member', tests.remove()), 1,
  'A6 and with their own and the assistant''s, who began it deletes it');
select is((select count(*) from public.messages where conversation_id = tests.conversation_id('acme_first')), 0::bigint,
  'A6 words and all');
insert into public.messages (tenant_id, conversation_id, author_id, role, content)
values (tests.tenant_id('acme'), tests.conversation_id('acme_second'), tests.user_id('acme_member'), 'user', 'Mine');
select is(
  tests.rows_as('acme_manager', 'delete from public.conversations where id = tests.conversation_id(''acme_second'')'),
  1, 'A6 a manager deletes any'
);
select is(tests.rows_as('operator', 'delete from public.tenants where id = tests.tenant_id(''acme'')'), 1,
  'C12 and a tenant goes whole');

select * from finish();
rollback;
