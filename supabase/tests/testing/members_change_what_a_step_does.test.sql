-- What a step does is written directly; which steps there are, and where, by functions only.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(9);

select is(tests.rows_as('acme_member', $$update public.visual_test_steps set action = 'fill', target = '#q', value = 'v',
    expectation = '{"a": 1}', settings = '{"b": 2}', timeout_ms = 5, description = 'b' where id = tests.step_id('b')$$), 1,
  'T3 a member changes what a step does');
select is(tests.rows_as('acme_viewer', $$update public.visual_test_steps set value = 'w' where id = tests.step_id('b')$$), 0,
  'T3 a viewer does not');
select is(tests.rows_as('acme_viewer', $$select from public.visual_test_steps$$), 3, 'T3 but sees the steps');
select is(tests.rows_as('globex_member', $$select from public.visual_test_steps$$), 1, 'T3, S2 another tenant sees its own');
select tests.throws_as('acme_owner', statement, '42501', 'permission denied for table visual_test_steps',
  format('T3 not even an owner writes: %s', statement))
from unnest(array[
  $$update public.visual_test_steps set position = 4 where id = tests.step_id('c')$$,
  $$delete from public.visual_test_steps where id = tests.step_id('c')$$,
  $$insert into public.visual_test_steps (tenant_id, flow_id, position, action)
    values (tests.tenant_id('acme'), tests.flow_id('acme_login'), 4, 'screenshot')$$
]) as statement;
select is(tests.rows_as('acme_member', $$delete from public.visual_test_flows where id = tests.flow_id('acme_login')$$)
  + tests.rows_as('acme_manager', $$delete from public.visual_test_flows where id = tests.flow_id('acme_login')$$), 1,
  'T3 a manager and no member deletes a flow');
select is(tests.order_of('acme_login'), '', 'T3 its steps go with it');

select * from finish();
rollback;
