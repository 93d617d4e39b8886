-- Who may not run a flow, what there is not, and what is too large.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(13);

create function tests.freeze(flow text) returns text language sql immutable return
  format('select public.freeze_visual_test_flow(tests.tenant_id(''acme''), tests.flow_id(%L))', flow);

select tests.throws_as(who, tests.freeze('acme_login'), '42501', 'This needs the role member or a higher one.',
  format('T3 %s may not', who))
from unnest('{acme_customer, acme_viewer}'::text[]) as who;
select tests.throws_as(who, tests.freeze('acme_login'), 'PT404', 'There is no such tenant.',
  format('T3 for %s there is no such tenant', who))
from unnest('{globex_member, stranger}'::text[]) as who;
select tests.throws_as(who, tests.freeze(flow), 'PT404', 'There is no such flow.', format('T3 for %s there is no %s', who, flow))
from unnest('{acme_member, both_member, service}'::text[]) as who, unnest('{globex_login, nowhere}'::text[]) as flow;
select is(tests.value_as(who, tests.freeze('acme_login')), '1', format('T3 %s may', who))
from unnest('{acme_member, operator}'::text[]) as who;

-- 450 steps of 10,000 characters.
insert into public.visual_test_steps (tenant_id, flow_id, position, action, value)
select tests.tenant_id('acme'), tests.flow_id('acme_empty'), n, 'navigate', repeat('x', 10000) from generate_series(1, 450) as n;
select tests.throws_as('acme_member', tests.freeze('acme_empty'), '23514',
  'new row for relation "visual_test_flow_versions" violates check constraint "snapshot_is_an_object_of_at_most_4_mb"',
  'T3 a flow beyond 4 MB does not run');

select * from finish();
rollback;
