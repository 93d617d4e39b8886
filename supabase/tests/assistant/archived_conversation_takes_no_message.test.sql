-- The soft delete closes a conversation for everybody, until it is opened again.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(9);

create function tests.say() returns text language sql immutable return
  $$insert into public.messages (tenant_id, conversation_id, role, content) values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'user', 'New')$$;

select tests.lives_as('acme_member2', tests.say(), 'A1 a message arrives');
select is(tests.rows_as('acme_member', $$update public.conversations set is_archived = true$$), 1,
  'A1 the conversation is archived');
select tests.throws_as(who, tests.say(), 'PT409', 'The conversation is archived.',
  format('A1 %s writes no more in it', who))
from (values ('acme_member'), ('acme_member2'), ('service'), ('operator')) as v (who);
select tests.throws_as('service', $$insert into public.messages (tenant_id, conversation_id, role, content)
  select tests.tenant_id('acme'), tests.conversation_id(c), 'user', 'New' from unnest(array['acme_second', 'acme_first']) as c$$,
  'PT409', 'The conversation is archived.', 'A1 not as one of several either');
select is((select count(*) from public.messages where content = 'New' and tenant_id = tests.tenant_id('acme')),
  1::bigint, 'A1 none has arrived');
select is(
  tests.rows_as('acme_member', $$update public.conversations set is_archived = false$$) + tests.rows_as('acme_member2',
  tests.say()), 2,
  'A1 opened again, it takes them'
);

select * from finish();
rollback;
