-- A conversation is changed by who began it, and deleted by them or a manager.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(20);

select tests.lives_as('acme_member',
  $$insert into public.conversations (tenant_id, title) values (tests.tenant_id('acme'), 'New')$$,
  'A6 a member begins one');
select is((select user_id from public.conversations where title = 'New'), tests.user_id('acme_member'),
  'A6 in their own name');
select tests.throws_as(who, statement, '42501', 'new row violates row-level security policy for table "conversations"',
  format('A6 %s: %s', who, sentence))
from (values
  ('acme_viewer', 'a viewer begins none',
    $$insert into public.conversations (tenant_id, title) values (tests.tenant_id('acme'), 'X')$$),
  ('acme_customer', 'nor does a customer',
    $$insert into public.conversations (tenant_id, title) values (tests.tenant_id('acme'), 'X')$$),
  ('acme_member', 'nor in another name',
    $$insert into public.conversations (tenant_id, user_id) values (tests.tenant_id('acme'), tests.user_id('acme_member2'))$$),
  ('acme_member', 'nor in nobody''s',
    $$insert into public.conversations (tenant_id, user_id) values (tests.tenant_id('acme'), null)$$),
  ('acme_member', 'nor in another tenant',
    $$insert into public.conversations (tenant_id, title) values (tests.tenant_id('globex'), 'X')$$)
) as v (who, sentence, statement);
select is(tests.rows_as(who, $$update public.conversations set title = 'Changed' where title = 'Second'$$), 0,
  format('A6 %s does not change another''s', who))
from (values ('acme_member'), ('acme_manager'), ('acme_owner'), ('acme_viewer')) as v (who);
select is((select title from public.conversations where id = tests.conversation_id('acme_second')), 'Second',
  'A6 it is unchanged');
select is(tests.rows_as('acme_member2',
  $$update public.conversations set title = 'Changed', metadata = '{"a": 1}', is_archived = true$$), 1,
  'A6 who began it changes it, and no other');
select tests.throws_as('acme_member', format('update public.conversations set %s', what), '42501',
  'permission denied for table conversations',
  format('A6 nobody sets %s', what))
from (values ('user_id = auth.uid()'), ('created_at = now()'), ('updated_at = now()'),
  ('tenant_id = tests.tenant_id(''globex'')')) as v (what);
select is(tests.rows_as('acme_member',
  $$delete from public.conversations where id = tests.conversation_id('acme_second')$$), 0,
  'A6 a member deletes no other''s');
select is(tests.rows_as('acme_manager',
  $$delete from public.conversations where id = tests.conversation_id('acme_second')$$), 1, 'A6 a manager does');
select is(tests.rows_as('acme_member', $$delete from public.conversations where title = 'New'$$), 1,
  'A6 and everybody their own');

select * from finish();
rollback;
