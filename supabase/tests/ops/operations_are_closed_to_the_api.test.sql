-- Nothing of ops is reached by users or visitors; the service role refreshes and lists, and makes no partitions itself.
begin;
\ir ../helpers/cast.psql
select plan(13);

select tests.throws_as(
  who, format('select ops.%s(%s)', name, arguments), '42501',
  'permission denied for ' || case who when 'visitor' then 'schema ops' else 'function ' || name end,
  format('P2 %s: %s', who, name)
)
from (values ('visitor'), ('acme_owner'), ('platform_admin')) as w (who)
cross join (values
  ('refresh_materialized_views', ''), ('refresh_materialized_view', $$'monthly_usage_summary'$$), ('add_partitions', '')
) as v (name, arguments);
select tests.throws_as('service', 'select ops.add_partitions()', '42501',
  'permission denied for function add_partitions', 'P2 service: partitions');
select tests.throws_as('service', 'insert into ops.view_refreshes default values', '42501',
  'permission denied for table view_refreshes',
  'P2 service: a made-up record');
select tests.lives_as('service', 'select ops.refresh_materialized_view(''monthly_usage_summary'')',
  'P2 service: refreshes one');
select cmp_ok(tests.rows_as('service', 'select * from ops.list_materialized_views()'), '>=', 2,
  'P2 service: lists all');

select * from finish();
rollback;
