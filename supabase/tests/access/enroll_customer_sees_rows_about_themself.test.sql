-- customer: below read, a person sees the rows that name them, in their tenant, and writes none.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(14);

call private.enroll('public.notes', read => 'viewer', write => 'member', remove => 'manager',
  customer => 'customer_id');
select is(tests.try_as(who, 'select from public.notes'), seen, format('S1 %s reads %s', who, seen))
from (values ('acme_customer', '2'), ('acme_viewer', '4'), ('globex_member', '1'), ('stranger', '0')) as v (who, seen);
select is(
  tests.value_as('acme_customer', 'select string_agg(body, '' '' order by body) from public.notes'), 'north south',
  'S1 not the row of another tenant that names them'
);
select is(tests.try_as('acme_customer', statement), answer, format('S1 a customer does not: %s', left(statement, 40)))
from (values
  ('update public.notes set body = ''x''', '0'), ('delete from public.notes', '0'),
  ('insert into public.notes (tenant_id, customer_id, body) values (tests.tenant_id(''acme''), auth.uid(), ''x'')',
    '42501')
) as v (statement, answer);
select is(
  tests.try_as('acme_member', 'update public.notes set customer_id = null'), '42501',
  'S1 a row does not change whom it is about'
);
select is(
  tests.try_as('acme_member',
    'insert into public.notes (tenant_id, customer_id, body) values (tests.tenant_id(''acme''), tests.user_id(''acme_customer''), ''x'')'),
  '1', 'S1 a member writes about a customer'
);
call private.enroll('public.notes', read => 'viewer', branch => 'branch_id', customer => 'customer_id');
select is(tests.try_as('acme_customer', 'select from public.notes'), '2',
  'S5 with branches, a customer sees the rows of all');
update public.memberships set is_confined = true where user_id = tests.user_id('acme_customer');
select is(tests.try_as('acme_customer', 'select from public.notes'), '0',
  'S5 but a confined customer those of their branches');
update public.memberships set status = 'suspended' where user_id = tests.user_id('acme_customer');
select is(tests.try_as('acme_customer', 'select from public.notes'), '0', 'C10 and a suspended one none');
select is(tests.try_as('acme_viewer', 'select from public.notes'), '4', 'S1 readers all');

select * from finish();
rollback;
