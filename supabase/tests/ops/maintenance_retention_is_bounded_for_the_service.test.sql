-- The service role says how long something is kept, within bounds. Which rows of which table go is not for it to say: a
-- stolen key would be a way to delete anything, and to wipe out the audit log.
begin;
\ir ../helpers/cast.psql
select plan(17);

select tests.lives_as('service', format('update ops.retention_policies set %s where relation = ''public.audit_log''', what),
  format('P2 the service may set %s', what))
from unnest(array['keep = ''2 years''', 'keep = ''1 year''', 'keep = null', 'batch_size = 100', 'is_enabled = false']) as what;
select is((select batch_size from ops.retention_policies where relation = 'public.audit_log'), 100, 'P2 and did');
select tests.throws_as('service', 'update ops.retention_policies set keep = ''11 months'' where relation = ''public.audit_log''',
  '23514', 'new row for relation "retention_policies" violates check constraint "keep_is_not_below_the_least"',
  'C8 but not make the audit log short');
select tests.throws_as('service', statement, '42501', 'permission denied for table retention_policies', format('S7 not %s', statement))
from unnest(array[
  'update ops.retention_policies set time_column = ''created_at''',
  'update ops.retention_policies set relation = ''public.tenants''',
  'update ops.retention_policies set least_keep = ''1 second''',
  'insert into ops.retention_policies (relation) values (''public.tenants'')',
  'delete from ops.retention_policies'
]) as statement;
select tests.throws_as(who, 'select from ops.retention_policies', '42501', 'permission denied for table retention_policies',
  format('P2 %s does not see them', who))
from unnest(array['acme_owner', 'platform_admin']) as who;
select throws_ok(
  format('update ops.retention_policies set %s', what), '23514',
  format('new row for relation "retention_policies" violates check constraint "%s"', name), format('P2 refused: %s', what))
from (values
  ('batch_size = 0', 'batch_size_is_between_1_and_100000'), ('batch_size = 100001', 'batch_size_is_between_1_and_100000'),
  ('keep = null, least_keep = ''0''', 'least_keep_is_positive')
) as v (what, name);

select * from finish();
rollback;
