-- The soft delete closes a flow for everybody, until it is opened again.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(28);

create table tests.calls (call text);
insert into tests.calls
values
  ($$select public.insert_visual_test_step(tests.tenant_id('acme'), tests.flow_id('acme_login'), 'screenshot')$$),
  ($$select public.move_visual_test_step(tests.tenant_id('acme'), tests.step_id('a'), 2)$$),
  ($$select public.remove_visual_test_step(tests.tenant_id('acme'), tests.step_id('a'))$$),
  ($$select public.replace_visual_test_steps(tests.tenant_id('acme'), tests.flow_id('acme_login'), '[]')$$),
  ($$select public.freeze_visual_test_flow(tests.tenant_id('acme'), tests.flow_id('acme_login'))$$),
  ($$update public.visual_test_steps set value = 'v' where id = tests.step_id('a')$$);
create table tests.direct as values
  ($$insert into public.visual_test_steps (tenant_id, flow_id, position, action)
    values (tests.tenant_id('acme'), tests.flow_id('acme_login'), 4, 'screenshot')$$),
  ($$delete from public.visual_test_steps where id = tests.step_id('c')$$),
  ($$update public.visual_test_steps set flow_id = tests.flow_id('acme_empty'), position = 1 where id = tests.step_id('c')$$),
  ($$update public.visual_test_steps set position = 4 where id = tests.step_id('c')$$);

select is(tests.rows_as('acme_member', $$update public.visual_test_flows set is_archived = true where name = 'Login'$$), 1,
  'T3 a member archives a flow');
select tests.throws_as(who, call, 'PT409', 'The flow is archived.', format('T3 %s: %s', who, call))
from tests.calls, unnest('{acme_member, service, operator}'::text[]) as who;
select tests.throws_as('service', column1, 'PT409', 'The flow is archived.', format('T3 service: %s', column1))
from tests.direct;
select tests.throws_as('service', $$insert into public.visual_test_steps (tenant_id, flow_id, position, action)
    values (tests.tenant_id('acme'), tests.flow_id('acme_empty'), 1, 'screenshot');
    update public.visual_test_steps set flow_id = tests.flow_id('acme_login'), position = 4
    where flow_id = tests.flow_id('acme_empty')$$, 'PT409', 'The flow is archived.', 'T3 no step comes from another flow');
select lives_ok($$update public.visual_test_steps set value = 'v' where id = tests.step_id('x')$$,
  'T3 other flows are as open as before');

update public.visual_test_flows set is_archived = false where id = tests.flow_id('acme_login');
select tests.lives_as('acme_member', $$select public.remove_visual_test_step(tests.tenant_id('acme'), tests.step_id('a'))$$,
  'T3 opened again, it takes changes');

update public.visual_test_flows set is_archived = true where id = tests.flow_id('acme_login');
select is(tests.rows_as('acme_manager', $$delete from public.visual_test_flows where id = tests.flow_id('acme_login')$$), 1,
  'T3 an archived flow is deleted');
select is(tests.order_of('acme_login'), '', 'T3 with its steps');

select * from finish();
rollback;
