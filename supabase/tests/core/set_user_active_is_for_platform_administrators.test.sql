-- A deactivated account reaches nothing from its next statement; nobody but a platform administrator switches accounts.
begin;
\ir ../helpers/cast.psql
select plan(13);

select tests.throws_as(who, $$select public.set_user_active(tests.user_id('acme_inactive'), true)$$, '42501', message,
  format('C2 %s does not activate an account', who))
from (values
  ('acme_owner', 'This needs a platform administrator.'), ('acme_inactive', 'This needs a platform administrator.'),
  ('stranger', 'This needs a platform administrator.'), ('service', 'permission denied for function set_user_active'),
  ('visitor', 'permission denied for function set_user_active')
) as v (who, message);
select is((select is_active from public.users where id = tests.user_id('acme_inactive')), false,
  'C2 it is inactive still');
select tests.lives_as('platform_admin', $$select public.set_user_active(tests.user_id('acme_inactive'), true)$$,
  'C2 a platform administrator does');
select is(tests.rows_as('acme_inactive', 'select from public.projects'), 3, 'C10 and the member is back at once');
select tests.lives_as('platform_admin', $$select public.set_user_active(tests.user_id('acme_inactive'), false)$$,
  'C2 or deactivates it');
select is(tests.rows_as('acme_inactive', 'select from public.projects'), 0, 'C10 and they reach nothing at once');
select tests.throws_as('platform_admin', $$select public.set_user_active(tests.user_id('nobody'), true)$$,
  'PT404', 'There is no such user.', 'C2 an unknown account');
select tests.throws_as('platform_admin', $$select public.set_user_active(tests.user_id('acme_member'), null)$$,
  '22004', 'is_active must be true or false.', 'C2 neither yes nor no');
select tests.lives_as('service', $$update public.users set is_active = true where id = tests.user_id('acme_inactive')$$,
  'C2 the service role may do so on the table');

select * from finish();
rollback;
