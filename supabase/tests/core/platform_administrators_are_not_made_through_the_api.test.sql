-- Neither on the table nor on what the policies look at, by nobody: not even by an administrator or the service role.
begin;
\ir ../helpers/cast.psql
select plan(20);

select tests.throws_as(who, statement, '42501', format('permission denied for table %s', relation),
  format('C7 %s: %s', who, left(statement, 40)))
from (values ('acme_owner'), ('platform_admin'), ('service')) as w (who)
cross join (values
  ('platform_admins', 'insert into private.platform_admins (user_id) values (tests.user_id(''stranger''))'),
  ('platform_admins', 'select from private.platform_admins'),
  ('platform_admins', 'delete from private.platform_admins'),
  ('reach', 'insert into private.reach (user_id, is_platform_admin) values (tests.user_id(''stranger''), true)'),
  ('reach', 'update private.reach set is_platform_admin = true')
) as s (relation, statement);
select tests.throws_as('acme_owner', 'select private.sync_reach(tests.user_id(''acme_owner''))', '42501',
  'permission denied for function sync_reach', 'C7 the function behind it is closed too');
select tests.throws_as('acme_owner', 'update private.my_reach set branches = null', '42501',
  'permission denied for view my_reach', 'C7 nor is it written through the view');
select is_empty($$select from private.reach where is_platform_admin and user_id = tests.user_id('stranger')$$,
  'C7 the stranger is none');
select is((select count(*) from private.platform_admins where user_id = tests.user_id('platform_admin')), 1::bigint,
  'C7 and the administrator is one');
insert into private.platform_admins (user_id, note) values (tests.user_id('stranger'), 'on call');
select is(tests.rows_as('stranger', $$select from public.tenants where slug like 'tests-%'$$), 3,
  'C7 an operator makes one, by SQL');

select * from finish();
rollback;
