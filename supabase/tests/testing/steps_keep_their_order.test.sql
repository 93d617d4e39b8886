-- Insert, move and remove leave the positions 1, 2, 3 and so on, and all other steps in the order they had.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(14);

create function tests.insert_step(name text, place integer) returns text language sql immutable return format(
  'select public.insert_visual_test_step(tests.tenant_id(''acme''), tests.flow_id(''acme_login''), ''click'', ''#new'', '
  'description => %L, "position" => %L)', name, place);
create function tests.move_step(name text, place integer) returns text language sql immutable return format(
  'select public.move_visual_test_step(tests.tenant_id(''acme''), tests.step_id(%L), %L)', name, place);
create function tests.remove_step(name text) returns text language sql immutable return format(
  'select public.remove_visual_test_step(tests.tenant_id(''acme''), tests.step_id(%L))', name);
create function tests.order_after(who text, statement text) returns text language plpgsql as $$
begin
  perform tests.rows_as(order_after.who, order_after.statement);
  return tests.order_of('acme_login');
end
$$;

select is(tests.order_after('acme_member', tests.insert_step('d', null)), '1a 2b 3c 4d', 'T3 a step goes to the end');
select is(tests.order_after('acme_member2', tests.insert_step('e', 5)), '1a 2b 3c 4d 5e', 'T3 or right behind the last one');
select is(tests.order_after('service', tests.insert_step('f', 1)), '1f 2a 3b 4c 5d 6e', 'T3 or to the beginning');
select is(tests.order_after('operator', tests.insert_step('g', 3)), '1f 2a 3g 4b 5c 6d 7e', 'T3 or in between');

select is(tests.order_after('acme_member', tests.move_step('a', 5)), '1f 2g 3b 4c 5a 6d 7e', 'T3 a step moves back');
select is(tests.order_after('acme_member', tests.move_step('c', 2)), '1f 2c 3g 4b 5a 6d 7e', 'T3 or up');
select is(tests.order_after('acme_member', tests.move_step('a', 7)), '1f 2c 3g 4b 5d 6e 7a', 'T3 or to the end');
select is(tests.order_after('acme_member', tests.move_step('b', 1)), '1b 2f 3c 4g 5d 6e 7a', 'T3 or to the beginning');
select is(tests.order_after('service', tests.move_step('b', 1)), '1b 2f 3c 4g 5d 6e 7a', 'T3 or to where it is');

select is(tests.order_after('acme_member', tests.remove_step('c')), '1b 2f 3g 4d 5e 6a', 'T3 those behind a removed step move up');
select is(tests.order_after('service', tests.remove_step('b')), '1f 2g 3d 4e 5a', 'T3 behind the first');
select is(tests.order_after('acme_member', tests.remove_step('a')), '1f 2g 3d 4e', 'T3 and behind the last there is none');

select lives_ok($$select tests.at_commit('select')$$, 'T3 the order is right at the end of the transaction');
select is(tests.order_of('globex_login'), '1x', 'T3 the steps of another flow stay where they are');

select * from finish();
rollback;
