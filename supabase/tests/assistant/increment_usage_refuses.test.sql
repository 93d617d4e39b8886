-- Nobody counts down, on others, or outside their tenants.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(24);

create table tests.before as select * from public.usage_metrics;
select tests.throws_as(who, format('select * from public.increment_usage(%s)', arguments), code, message,
  format('A4 %s: %s', who, arguments))
from (values
  ('acme_viewer', 'tests.tenant_id(''acme'')', '42501', 'This needs the role member or a higher one.'),
  ('acme_customer', 'tests.tenant_id(''acme'')', '42501', 'This needs the role member or a higher one.'),
  ('acme_suspended', 'tests.tenant_id(''acme'')', 'PT404', 'There is no such tenant.'),
  ('globex_member', 'tests.tenant_id(''acme'')', 'PT404', 'There is no such tenant.'),
  ('acme_member', 'null', 'PT404', 'There is no such tenant.'),
  ('acme_owner', 'tests.tenant_id(''acme''), user_id => tests.user_id(''acme_member'')', '42501',
    'Usage is counted on the caller only.'),
  ('service', 'tests.tenant_id(''acme'')', 'PT404', 'There is no such member.'),
  ('service', 'tests.tenant_id(''acme''), user_id => tests.user_id(''globex_member'')', 'PT404',
    'There is no such member.'),
  ('service', 'tests.tenant_id(''nowhere''), user_id => tests.user_id(''acme_member'')', 'PT404',
    'There is no such member.'),
  ('visitor', 'tests.tenant_id(''acme'')', '42501', 'permission denied for function increment_usage'),
  ('acme_member', 'tests.tenant_id(''acme''), -1', '22023', 'tokens, messages and cost must be numbers from 0 up.'),
  ('acme_member', 'tests.tenant_id(''acme''), messages => -1', '22023',
    'tokens, messages and cost must be numbers from 0 up.'),
  ('acme_member', 'tests.tenant_id(''acme''), cost => -0.01', '22023',
    'tokens, messages and cost must be numbers from 0 up.'),
  ('acme_member', 'tests.tenant_id(''acme''), cost => ''NaN''', '22023',
    'tokens, messages and cost must be numbers from 0 up.'),
  ('acme_member', 'tests.tenant_id(''acme''), tokens => null', '22023',
    'tokens, messages and cost must be numbers from 0 up.'),
  ('acme_member', 'tests.tenant_id(''acme''), messages => null', '22023',
    'tokens, messages and cost must be numbers from 0 up.'),
  ('acme_member', 'tests.tenant_id(''acme''), cost => null', '22023',
    'tokens, messages and cost must be numbers from 0 up.'),
  ('service', 'tests.tenant_id(''acme''), -1, user_id => tests.user_id(''acme_member'')', '22023',
    'tokens, messages and cost must be numbers from 0 up.'),
  ('acme_member', 'tests.tenant_id(''acme''), 9223372036854775807', '23514',
    'new row for relation "usage_metrics" violates check constraint "tokens_is_between_0_and_a_million_million"'),
  ('acme_member', 'tests.tenant_id(''acme''), cost => ''Infinity''', '22003', 'numeric field overflow')
) as v (who, arguments, code, message);
select tests.throws_as('acme_owner', statement, '42501', 'permission denied for table usage_metrics',
  format('A4 not on the table: %s', left(statement, 25)))
from (values
  ($$insert into public.usage_metrics (tenant_id, tokens) values (tests.tenant_id('acme'), 1)$$),
  ('update public.usage_metrics set tokens = 0'), ('delete from public.usage_metrics')
) as v (statement);
select bag_eq('table public.usage_metrics', 'table tests.before', 'A4 nothing has been counted');

select * from finish();
rollback;
