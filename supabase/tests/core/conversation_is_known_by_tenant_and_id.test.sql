-- An id is one tenant's own: another tenant's conversation with the same id, or any other conversation, changes nothing.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(5);

insert into public.conversations (tenant_id, id, user_id, title)
values (tests.tenant_id('globex'), tests.conversation_id('acme_first'), tests.user_id('globex_member'), 'Same id');
insert into public.messages (tenant_id, conversation_id, author_id, role, content)
values (tests.tenant_id('globex'), tests.conversation_id('acme_first'), tests.user_id('globex_member'), 'user', 'Theirs');
update public.conversations set is_archived = true
  where title = 'Same id' or id = tests.conversation_id('acme_second');

select tests.lives_as('acme_member', $$insert into public.messages (tenant_id, conversation_id, role, content)
  values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'user', 'New')$$,
  'A1 a message arrives while other conversations are archived');
select tests.throws_as('globex_member', $$insert into public.messages (tenant_id, conversation_id, role, content)
  values (tests.tenant_id('globex'), tests.conversation_id('acme_first'), 'user', 'New')$$,
  'PT409', 'The conversation is archived.', 'A1 not in the archived one of the same id');
select is(tests.rows_as('acme_member', $$delete from public.conversations where id = tests.conversation_id('acme_first')$$), 1,
  'A6 who began a conversation deletes it, whatever others wrote in the one of the same id');
select is((select string_agg(content, ' ') from public.messages where conversation_id = tests.conversation_id('acme_first')),
  'Theirs', 'A6 their words are there');
select is((select count(*) from public.conversations where id = tests.conversation_id('acme_first')), 1::bigint,
  'A6 and their conversation');

select * from finish();
rollback;
