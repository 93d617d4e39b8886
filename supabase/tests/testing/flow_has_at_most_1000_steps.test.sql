-- The 1001st step is refused, whichever way it comes.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(6);

create function tests.many(count integer) returns jsonb language sql immutable return (
  select jsonb_agg('{"action": "screenshot"}'::jsonb) from generate_series(1, many.count));
grant execute on function tests.many(integer) to authenticated;
create function tests.add() returns text language sql immutable return
  $$select public.insert_visual_test_step(tests.tenant_id('acme'), tests.flow_id('acme_empty'), 'screenshot')$$;
create function tests.replace_by(count integer) returns text language sql immutable return format(
  'select public.replace_visual_test_steps(tests.tenant_id(''acme''), tests.flow_id(''acme_empty''), tests.many(%s))', count);

select tests.throws_as('acme_member', tests.replace_by(1001), '22023', 'steps must be at most 1000.', 'T3 not 1001 at once');
select is(tests.value_as('acme_member', tests.replace_by(1000)), '1000', 'T3 but 1000');
select tests.throws_as('acme_member', tests.add(), 'PT409', 'A flow has at most 1000 steps.', 'T3 not one more');
select is(tests.value_as('acme_member', tests.replace_by(999)), '999', 'T3 with 999');
select tests.lives_as('acme_member', tests.add(), 'T3 there is room for one');
select lives_ok($$select tests.at_commit('select')$$, 'T3 and none is left out');

select * from finish();
rollback;
