-- Everybody may go, but the last owner.
begin;
\ir ../helpers/cast.psql
select plan(12);

select tests.lives_as(who, $$select public.leave_tenant(tests.tenant_id('acme'))$$, format('C3 %s goes', who))
from (values ('acme_customer'), ('acme_north'), ('acme_admin')) as v (who);
select is(tests.rows_as('acme_admin', 'select from public.tenants'), 0, 'C10 and reaches nothing from that moment');
select tests.throws_as(who, $$select public.leave_tenant(tests.tenant_id('acme'))$$, code, message,
  format('C3 %s does not', who))
from (values
  ('acme_admin', 'PT404', 'There is no such tenant.'),
  ('globex_member', 'PT404', 'There is no such tenant.'),
  ('acme_suspended', 'PT404', 'There is no such tenant.'),
  ('platform_admin', 'PT404', 'You are not a member of this tenant.'),
  ('acme_owner', 'PT409', 'A tenant always keeps an active owner.')
) as v (who, code, message);
select is((select count(*) from public.memberships where user_id = tests.user_id('acme_owner')), 1::bigint,
  'C6 the last owner is there');
select tests.lives_as('both_member', $$select public.leave_tenant(tests.tenant_id('globex'))$$,
  'C3 who belongs to two leaves one');
select is(tests.rows_as('both_member', 'select from public.tenants'), 1, 'C3 and keeps the other');

select * from finish();
rollback;
