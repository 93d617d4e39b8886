-- What conversations, messages and feedback may hold.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(16);

select tests.sign_in('acme_member');
select throws_ok(
  format('update public.%I set %s', relation, what), '23514',
  format('new row for relation "%s" violates check constraint "%s"', relation, name),
  format('A2 refused: %s', left(what, 50))
)
from (values
  ('conversations', 'title = repeat(''x'', 501)', 'title_has_at_most_500_characters'),
  ('conversations', 'metadata = ''[]''', 'metadata_is_an_object_of_at_most_64_kb'),
  ('conversations', 'metadata = jsonb_build_object(''a'', repeat(''x'', 65536))',
    'metadata_is_an_object_of_at_most_64_kb'),
  ('messages', 'content = ''''', 'content_has_1_to_100000_characters'),
  ('messages', 'content = repeat(''x'', 100001)', 'content_has_1_to_100000_characters'),
  ('messages', 'token_count = -1', 'token_count_is_not_negative'),
    ('messages', 'latency_ms = -1', 'latency_is_not_negative'),
  ('messages', 'metadata = ''null''', 'metadata_is_an_object_of_at_most_64_kb'),
  ('feedback', 'rating = ''sideways''', 'rating_is_up_or_down'),
  ('feedback', 'comment = repeat(''x'', 5001)', 'comment_has_at_most_5000_characters')
) as v (relation, what, name);
select throws_ok(
  $$insert into public.messages (tenant_id, conversation_id, role, content)
    values (tests.tenant_id('acme'), tests.conversation_id('acme_first'), 'robot', 'x')$$, '23514',
  'new row for relation "messages" violates check constraint "role_is_known"', 'A2 an unknown role'
);
select lives_ok(
  format('insert into public.messages (tenant_id, conversation_id, role, content) values (tests.tenant_id(''acme''), tests.conversation_id(''acme_first''), %L, ''x'')', role),
  format('A2 the role %s', role)
) from unnest(array['user', 'assistant', 'system']) as role;
select lives_ok($$update public.messages set content = repeat('ü', 100000)$$, 'A2 a hundred thousand characters');
select lives_ok($$update public.messages set metadata = '{"a": [1, {"b": null}]}'$$, 'A2 any object');

select * from finish();
rollback;
