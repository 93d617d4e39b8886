-- Today's totals of each tenant in reach, at once.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(12);

select is(tests.rows_as('operator',
  $$select from public.current_day_usage where tenant_id in (tests.tenant_id('acme'), tests.tenant_id('globex'))$$), 2,
  'A4 two tenants have usage today');
select is(tests.value_as(who, 'select string_agg(tokens::text, '' '' order by tokens) from public.current_day_usage'),
  seen, format('A4 %s reads %s', who, coalesce(seen, 'nothing')))
from (values
  ('acme_owner', '115'), ('acme_viewer', '115'), ('acme_customer', '5'), ('acme_suspended', null),
    ('globex_member', '1000'),
  ('both_member', '115 1000'), ('stranger', null)
) as v (who, seen);
select is(tests.rows_as('acme_viewer', 'select from public.usage_metrics'), 4,
  'A4 a viewer reads the rows behind it, of all days');
select tests.lives_as('acme_member', $$select * from public.increment_usage(tests.tenant_id('acme'), 1000, 1, 0.5)$$,
  'A4 usage is counted');
select tests.sign_in('acme_viewer');
select results_eq(
  'select tenant_id, day, users, tokens, messages, cost from public.current_day_usage',
  $$values (tests.tenant_id('acme'), (now() at time zone 'utc')::date, 3::bigint, 1115::bigint, 4::bigint, 2.0::numeric)$$, 'A4 and there at once'
);
select tests.as_operator();
select tests.throws_as('acme_owner', 'delete from public.current_day_usage', '55000',
  'cannot delete from view "current_day_usage"', 'S4 it is only read');

select * from finish();
rollback;
