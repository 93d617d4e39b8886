-- In any conversation of the tenant, in their own name.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(20);

create function tests.say(what text) returns text language sql
  return 'insert into public.messages (tenant_id, conversation_id, role, content, author_id) values ' || what;

select tests.lives_as('acme_member',
  tests.say($$(tests.tenant_id('acme'), tests.conversation_id('acme_second'), 'user', 'New', default)$$),
  'A2 a member writes in another''s conversation');
select is((select author_id from public.messages where content = 'New' and tenant_id = tests.tenant_id('acme')),
  tests.user_id('acme_member'), 'A6 in their own name');
select tests.throws_as(who, tests.say(what), '42501', 'new row violates row-level security policy for table "messages"',
  format('A6 not: %s, %s', who, what))
from (values
  ('acme_viewer', $$(tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'user', 'X', default)$$),
  ('acme_member', $$(tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'user', 'X', tests.user_id('acme_member2'))$$),
  ('acme_member', $$(tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'assistant', 'X', null)$$),
  ('acme_member', $$(tests.tenant_id('globex'), tests.conversation_id('globex_first'), 'user', 'X', default)$$)
) as v (who, what);
select tests.throws_as('both_member',
  tests.say($$(tests.tenant_id('acme'), tests.conversation_id('globex_first'), 'user', 'X', default)$$), '23503',
  'insert or update on table "messages" violates foreign key constraint "messages_tenant_id_conversation_id_fkey"',
  'S3 nor in a conversation of another tenant, not even by a member of both');
select is(tests.rows_as(who, $$update public.messages set content = 'Changed' where content = 'Question'$$), 0,
  format('A6 %s changes no other''s', who))
from (values ('acme_member2'), ('acme_owner'), ('acme_viewer'), ('globex_member')) as v (who);
select is((select content from public.messages where id = tests.message_id('acme_question')), 'Question',
  'A6 it is unchanged');
select is(tests.rows_as('acme_member',
  $$update public.messages set content = 'Changed', token_count = 1, latency_ms = 2$$), 2, 'A6 its author changes it');
select tests.throws_as('acme_member', format('update public.messages set %s', what), '42501',
  'permission denied for table messages',
  format('A6 nobody sets %s', what))
from (values ('author_id = auth.uid()'), ('role = ''system'''),
  ('conversation_id = tests.conversation_id(''acme_second'')'), ('created_at = now()')) as v (what);
select is(tests.rows_as('acme_member2', $$delete from public.messages where id = tests.message_id('acme_question')$$),
  0, 'A6 a member deletes no other''s');
select is(tests.rows_as('acme_manager', $$delete from public.messages where id = tests.message_id('acme_answer')$$), 1,
  'A6 a manager does');
select is(tests.rows_as('acme_member', $$delete from public.messages where content = 'Changed'$$), 2,
  'A6 and everybody their own');

select * from finish();
rollback;
