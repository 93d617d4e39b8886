-- Who may not, what there is not, and where there is no position.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(47);

create table tests.calls (call text, thing text, made text);
insert into tests.calls
values
  ('insert', 'flow', $$select public.insert_visual_test_step(tests.tenant_id(%L), %L, 'screenshot')$$),
  ('replace', 'flow', $$select public.replace_visual_test_steps(tests.tenant_id(%L), %L, '[]')$$),
  ('move', 'step', $$select public.move_visual_test_step(tests.tenant_id(%L), %L, 1)$$),
  ('remove', 'step', $$select public.remove_visual_test_step(tests.tenant_id(%L), %L)$$);
create function tests.made(call text, tenant text, flow text, step text) returns text language sql stable return (
  select format(c.made, made.tenant, case c.thing when 'flow' then tests.flow_id(made.flow) else tests.step_id(made.step) end)
  from tests.calls as c where c.call = made.call);

select tests.throws_as(who, tests.made(call, 'acme', 'acme_login', 'c'), '42501',
  'This needs the role member or a higher one.', format('T3 %s: a %s may not', call, who))
from tests.calls, unnest('{acme_customer, acme_viewer}'::text[]) as who;
select tests.throws_as(who, tests.made(call, 'acme', 'acme_login', 'c'), 'PT404', 'There is no such tenant.',
  format('T3 %s: for %s there is no such tenant', call, who))
from tests.calls, unnest('{globex_member, stranger, acme_inactive}'::text[]) as who;
select tests.throws_as(who, tests.made(call, 'acme', 'globex_login', 'x'), 'PT404', format('There is no such %s.', thing),
  format('T3 %s: for %s another tenant''s %s is none', call, who, thing))
from tests.calls, unnest('{acme_member, both_member, service}'::text[]) as who;
select tests.throws_as('acme_member', tests.made(call, 'acme', 'nowhere', 'nowhere'), 'PT404',
  format('There is no such %s.', thing), format('T3 %s: an unknown %s is none', call, thing))
from tests.calls;

create function tests.insert_at(place text) returns text language sql immutable return format('
  select public.insert_visual_test_step(tests.tenant_id(''acme''), tests.flow_id(''acme_login''), ''screenshot'',
  "position" => %s)', place);
create function tests.move_to(place text) returns text language sql immutable return format(
  'select public.move_visual_test_step(tests.tenant_id(''acme''), tests.step_id(''b''), %s)', place);
select tests.throws_as('acme_member', tests.insert_at(place), '22023', 'position must be between 1 and 4.',
  format('T3 nothing is inserted at %s of three', place))
from unnest('{0, -1, 5}'::text[]) as place;
select tests.throws_as('acme_member', tests.move_to(place), '22023', 'position must be between 1 and 3.',
  format('T3 nothing moves to %s of three', place))
from unnest(array['0', '4', 'null']) as place;
select is(tests.order_of('acme_login') || tests.order_of('globex_login'), '1a 2b 3c1x', 'T3 nothing has changed');
select tests.lives_as('acme_member', tests.made(call, 'acme', 'acme_login', step), format('T3 %s: a member may', call))
from (values ('insert', null), ('move', 'c'), ('remove', 'c'), ('replace', null)) as v (call, step);

select * from finish();
rollback;
