-- The log of the own tenant, for admins and owners.
begin;
\ir ../helpers/cast.psql
select plan(11);

select cmp_ok((select count(*) from public.audit_log where tenant_id = tests.tenant_id('acme')), '>', 15::bigint,
  'C8 there is a log to read');
select is(tests.rows_as(who, 'select from public.audit_log'), 0, format('C8 %s reads none', who))
from (values ('acme_manager'), ('acme_member'), ('acme_viewer'), ('acme_customer'), ('initech_owner'),
  ('stranger')) as v (who);
select is(
  tests.rows_as(who, 'select from public.audit_log'),
  (select count(*)::integer from public.audit_log where tenant_id = tests.tenant_id('acme')),
    format('C8 %s reads that of Acme', who)
)
from (values ('acme_admin'), ('acme_owner')) as v (who);
select is(
  tests.rows_as('globex_owner', format('select from public.audit_log where tenant_id = %L',
  tests.tenant_id('acme'))), 0,
  'C8 and none of another tenant'
);
select throws_ok(
  $$select tests.rows_as('visitor', 'select from public.audit_log')$$, '42501', 'permission denied for table audit_log',
  'S2 a visitor may not even ask'
);

select * from finish();
rollback;
