-- A tenant keeps an active owner, whichever way the last one would go, by whomever.
begin;
\ir ../helpers/cast.psql
select plan(24);

create function tests.way(number integer) returns text language sql immutable return (array[
  $$leave_tenant(tests.tenant_id('acme'))$$,
  $$change_member_role(tests.tenant_id('acme'), tests.user_id('acme_owner'), 'admin')$$,
  $$set_member_status(tests.tenant_id('acme'), tests.user_id('acme_owner'), 'suspended')$$,
  $$remove_member(tests.tenant_id('acme'), tests.user_id('acme_owner'))$$,
  $$set_user_active(tests.user_id('acme_owner'), false)$$
])[number];
create table tests.ways (who text, statement text);
insert into tests.ways
values
  ('acme_owner', 'select public.' || tests.way(1)), ('platform_admin', 'select public.' || tests.way(2)),
  ('platform_admin', 'select public.' || tests.way(3)), ('platform_admin', 'select public.' || tests.way(4)),
  ('platform_admin', 'select public.' || tests.way(5)),
  ('service', $$update public.memberships set role = 'admin' where user_id = tests.user_id('acme_owner')$$),
  ('service', $$update public.memberships set status = 'suspended' where user_id = tests.user_id('acme_owner')$$),
  ('service', $$delete from public.memberships where user_id = tests.user_id('acme_owner')$$),
  ('service', $$update public.users set is_active = false where id = tests.user_id('acme_owner')$$),
  ('operator', $$delete from auth.users where id = tests.user_id('acme_owner')$$);

select tests.throws_as(who, statement, 'PT409', 'A tenant always keeps an active owner.',
  format('C6 not: %s, %s', who, left(statement, 70)))
from tests.ways;
select is(
  (select role || ' ' || status from public.memberships where user_id = tests.user_id('acme_owner')), 'owner active',
    'C6 the owner is there'
);
select is((select is_active from public.users where id = tests.user_id('acme_owner')), true, 'C6 and active');

-- With a second owner every one of these ways is open.
select tests.join('acme_owner2', 'acme', 'owner') from tests.enter('acme_owner2');
create function tests.lives_and_undoes(who text, statement text) returns text language plpgsql as $$
begin
  perform tests.rows_as(who, statement);
  raise exception using errcode = 'UNDO0';
exception
  when sqlstate 'UNDO0' then
    return pass(format('C6 with a second owner: %s, %s', who, left(statement, 70)));
end
$$;
select tests.lives_and_undoes(who, statement) from tests.ways;
update public.users set is_active = false where id = tests.user_id('acme_owner2');
select tests.throws_as('acme_owner', 'select public.' || tests.way(1), 'PT409',
  'A tenant always keeps an active owner.',
  'C6 a second owner who is deactivated does not count');
select is(tests.rows_as('acme_owner', 'select from public.tenants'), 1, 'C6 the owner owns it still');

select * from finish();
rollback;
