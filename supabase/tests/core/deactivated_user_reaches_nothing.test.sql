-- Whatever they were: no row of any table, no function, whatever token they hold.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(20);

update public.memberships set role = 'admin' where user_id = tests.user_id('acme_inactive');
insert into public.invitations (tenant_id, email, role, expires_at) values (tests.tenant_id('acme'),
  'new@tests.example', 'viewer', now() + interval '1 day');
create function tests.seen_by(who text) returns bigint language sql
  begin atomic; select sum(tests.rows_as(who, 'select from ' || relation)) from private.enrollments
  where read_role is not null; end;

update public.users set is_active = true where id = tests.user_id('acme_inactive');
select cmp_ok(tests.seen_by('acme_inactive'), '>', 30::bigint, 'C2 active, an admin sees rows of every kind');
update public.users set is_active = false where id = tests.user_id('acme_inactive');
select is(tests.seen_by('acme_inactive'), 0::bigint, 'C2 deactivated, none of any table');
select is(tests.rows_as('acme_inactive', 'select from public.' || relation), 0, format('C2 none of %s', relation))
from unnest(array['users', 'current_day_usage', 'message_feedback_summary', 'daily_feedback_summary',
  'monthly_usage_summary']) as relation;
select tests.throws_as('acme_inactive', 'select public.' || call, code, message,
  format('C2 %s', split_part(call, '(', 1)))
from (values
  ('create_tenant(''New'', ''tests-new'')', '42501', 'This account is not active.'),
  ('accept_invitation(''x'')', '42501', 'This account is not active.'),
  ('invite_member(tests.tenant_id(''acme''), ''x@tests.example'', ''viewer'')', '42501', 'This account is not active.'),
  ('change_member_role(tests.tenant_id(''acme''), tests.user_id(''acme_member''), ''viewer'')', '42501',
    'This account is not active.'),
  ('leave_tenant(tests.tenant_id(''acme''))', 'PT404', 'There is no such tenant.'),
  ('set_tenant_status(tests.tenant_id(''acme''), ''closed'')', 'PT404', 'There is no such tenant.'),
  ('transfer_ownership(tests.tenant_id(''acme''), tests.user_id(''acme_member''))', 'PT404',
    'There is no such tenant.'),
  ('increment_usage(tests.tenant_id(''acme''))', 'PT404', 'There is no such tenant.'),
  ('archive_old_conversations()', '42501', 'This account is not active.'),
  ('rate_message(tests.tenant_id(''acme''), tests.message_id(''acme_answer''), ''up'')', '42501',
    'new row violates row-level security policy for table "feedback"')
) as v (call, code, message);
select is(tests.rows_as('acme_inactive', 'select from public.my_memberships()'), 0, 'C2 my_memberships is empty');
select is(tests.rows_as('acme_inactive', 'update public.users set full_name = ''x'''), 0,
  'C2 not even their profile is changed');
select is((select full_name from public.users where id = tests.user_id('acme_inactive')), null,
  'C2 which is as it was');

select * from finish();
rollback;
