-- Materialized views hold all tenants; their views show the caller's own, from viewer up.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(28);

select is(tests.rows_as('operator', format('select from private.%I', name)) >= 0, true,
  format('S4 private.%s is there', name))
from (values ('message_feedback_summary'), ('monthly_usage_summary')) as v (name);
refresh materialized view private.message_feedback_summary;
refresh materialized view private.monthly_usage_summary;
select is(
  (select count(distinct tenant_id) from private.message_feedback_summary
    where tenant_id in (tests.tenant_id('acme'), tests.tenant_id('globex'))), 2::bigint,
  'S4 both tenants are in it'
);
select is(tests.rows_as(who, format('select from public.%I', name)), seen,
  format('S4 %s reads %s of %s', who, seen, name))
from (values
  ('acme_owner', 1), ('acme_viewer', 1), ('acme_customer', 0), ('acme_suspended', 0), ('globex_member', 1),
    ('both_member', 2), ('stranger', 0)
) as w (who, seen)
cross join (values ('message_feedback_summary'), ('daily_feedback_summary')) as v (name);
select is(tests.value_as(who, 'select string_agg(distinct tenant_id::text, '' '') from public.monthly_usage_summary'),
  seen, format('S4 %s reads the months of their own', who))
from (values ('acme_viewer', tests.tenant_id('acme')::text), ('globex_member', tests.tenant_id('globex')::text),
  ('acme_customer', null)) as v (who, seen);
select tests.throws_as(who, format('select from private.%I', name), '42501',
  format('permission denied for materialized view %s', name),
  format('S4 %s does not read private.%s', who, name))
from (values ('acme_owner'), ('platform_admin'), ('service')) as w (who)
cross join (values ('message_feedback_summary'), ('monthly_usage_summary')) as v (name);
select is(
  tests.rows_as('acme_owner', 'select from private.message_feedback_summary_in_reach'), 1,
  'S4 the view between shows the own tenant only, too'
);
select tests.throws_as('visitor', 'select from public.message_feedback_summary', '42501',
  'permission denied for view message_feedback_summary',
  'S2 a visitor may not even ask');

select * from finish();
rollback;
