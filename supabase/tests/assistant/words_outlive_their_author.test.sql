-- When an account is deleted, what it said and used stays with the tenant, without a name.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(7);

select is(tests.rows_as('operator', 'delete from auth.users where id = tests.user_id(''acme_member'')'), 1,
  'C2 an account is deleted');
select is((select user_id from public.conversations where id = tests.conversation_id('acme_first')), null,
  'A1 its conversation stays');
select is((select author_id from public.messages where id = tests.message_id('acme_question')), null,
  'A2 its message too');
select is((select count(*) from public.feedback where tenant_id = tests.tenant_id('acme') and user_id is null),
  1::bigint, 'A3 its feedback too');
select is((select sum(tokens) from public.usage_metrics where tenant_id = tests.tenant_id('acme')), 116::numeric,
  'A4 and what it used');
select is(tests.rows_as('acme_member2',
  $$update public.conversations set title = 'x' where id = tests.conversation_id('acme_first')$$), 0,
  'A6 nobody takes the conversation over');
select is(tests.rows_as('acme_manager',
  $$delete from public.conversations where id = tests.conversation_id('acme_first')$$), 1,
  'A6 a manager may delete it');

select * from finish();
rollback;
