-- A partition read past its parent would show the rows of every tenant.
begin;
\ir ../helpers/cast.psql
select plan(7);

create function tests.this_month() returns text language sql
  return 'private.audit_log_' || to_char(now() at time zone 'utc', 'YYYY_MM');
select cmp_ok(tests.rows_as('operator', 'select from ' || tests.this_month()), '>', 20,
  'S4 this month''s partition holds rows');
select tests.throws_as(who, 'select from ' || tests.this_month(), '42501',
  format('permission denied for %s',
  case who when 'visitor' then 'schema private' else replace(tests.this_month(), 'private.', 'table ') end),
  format('S4 %s does not read it', who))
from (values ('acme_owner'), ('platform_admin'), ('service'), ('visitor')) as v (who);
-- Should somebody grant it one day: without a policy it stays empty.
do $$ begin execute format('grant select on %s to authenticated', tests.this_month()); end $$;
select is(tests.rows_as('acme_owner', 'select from ' || tests.this_month()), 0,
  'S4 even with a grant it shows nothing');
select cmp_ok(tests.rows_as('acme_owner', 'select from public.audit_log'), '>', 10,
  'S4 through the parent an owner reads the rows of theirs');

select * from finish();
rollback;
