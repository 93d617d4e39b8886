-- Owners close, platform administrators suspend and reactivate; the rows are kept.
begin;
\ir ../helpers/cast.psql
select plan(17);

select tests.throws_as(who, format('select public.set_tenant_status(tests.tenant_id(''acme''), %L)', status), code,
  message,
  format('C11 %s does not set %s', who, coalesce(status, 'null')))
from (values
  ('acme_admin', 'closed', '42501', 'This needs the role owner or a higher one.'),
  ('acme_owner', 'suspended', '42501', 'This needs a platform administrator.'),
  ('acme_owner', 'active', '42501', 'This needs a platform administrator.'),
  ('acme_owner', null, '42501', 'This needs a platform administrator.'),
  ('globex_owner', 'closed', 'PT404', 'There is no such tenant.'),
  ('stranger', 'closed', 'PT404', 'There is no such tenant.'),
  ('platform_admin', 'frozen', '23514', 'new row for relation "tenants" violates check constraint "status_is_known"')
) as v (who, status, code, message);
select is(tests.rows_as('acme_owner', 'select from public.projects'), 3, 'C11 Acme is open');
select tests.lives_as('acme_owner', $$select public.set_tenant_status(tests.tenant_id('acme'), 'closed')$$,
  'C11 its owner closes it');
select is(tests.rows_as('acme_owner', 'select from public.projects'), 0, 'C11 and is out of reach of it');
select is((select count(*) from public.projects where tenant_id = tests.tenant_id('acme')), 3::bigint,
  'C11 the rows are kept');
select tests.throws_as('acme_owner', $$select public.set_tenant_status(tests.tenant_id('acme'), 'active')$$,
  'PT404', 'There is no such tenant.', 'C11 the owner does not open it again');
select tests.lives_as('platform_admin', $$select public.set_tenant_status(tests.tenant_id('acme'), 'active')$$,
  'C11 a platform administrator does');
select is(tests.rows_as('acme_owner', 'select from public.projects'), 3, 'C11 and all is in reach again');
select tests.lives_as('platform_admin', $$select public.set_tenant_status(tests.tenant_id('acme'), 'suspended')$$,
  'C11 or suspends it');
select is(tests.rows_as(who, 'select from public.projects'), seen, format('C11 %s reaches %s', who, seen))
from (values ('acme_owner', 0), ('both_member', 1)) as v (who, seen);

select * from finish();
rollback;
