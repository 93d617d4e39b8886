-- Who writes rows directly is asked at the end of the transaction.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(20);

create function tests.add(place integer, flow text) returns text language sql immutable return format(
  'insert into public.visual_test_steps (tenant_id, flow_id, position, action, description)
   values (tests.tenant_id(''acme''), tests.flow_id(%L), %s, ''screenshot'', ''n'')', flow, place);
create function tests.at_end(statement text) returns text language sql immutable return
  format('select tests.at_commit(%L)', statement);
create function tests.leaves_gap(who text, statement text, description text) returns text language sql
  return tests.throws_as(who, tests.at_end(statement), '23514', 'The positions of a flow''s steps must be 1, 2, 3 and so on.',
    description);

select tests.leaves_gap(who, statement, format('T3 %s: %s', who, what))
from unnest('{service, operator}'::text[]) as who, (values
  (tests.add(5, 'acme_login'), 'no step comes behind a gap'),
  (tests.add(2, 'acme_empty'), 'no flow begins with step 2'),
  ($$delete from public.visual_test_steps where description = 'b'$$, 'none is taken from between'),
  ($$delete from public.visual_test_steps where description = 'a'$$, 'none is taken from the beginning'),
  ($$update public.visual_test_steps set position = 5 where description = 'c'$$, 'the last does not go away from the others'),
  ($$update public.visual_test_steps set position = 4 where description = 'b'$$, 'one from between does not become the last'),
  ($$update public.visual_test_steps set flow_id = tests.flow_id('acme_empty') where description = 'a'$$,
    'one does not leave a gap for another flow')
) as v (statement, what);

select tests.throws_as('service', tests.add(2, 'acme_login'), '23505',
  'duplicate key value violates unique constraint "visual_test_steps_tenant_id_flow_id_position_key"',
  'T3 no two steps have one position');
select tests.lives_as('service', tests.at_end(statement), format('T3 the service: %s', what))
from (values
  (tests.add(6, 'acme_login') || ';' || tests.add(5, 'acme_login') || ';' || tests.add(4, 'acme_login'),
    'several steps come in any order'),
  ($$delete from public.visual_test_steps where flow_id = tests.flow_id('acme_login') and position >= 4$$, 'the last ones go'),
  ($$update public.visual_test_steps set position = 4 - position where flow_id = tests.flow_id('acme_login')$$,
    'one statement turns the order round'),
  ($$update public.visual_test_steps set flow_id = tests.flow_id('acme_empty'), position = 1 where description = 'a'$$,
    'the last of one flow becomes the first of another')
) as v (statement, what);
select is(tests.order_of('acme_login') || ', ' || tests.order_of('acme_empty'), '1c 2b, 1a', 'T3 that is how they lie then');

select * from finish();
rollback;
