-- Nobody changes or deletes what is written: no member, not the service role, not even the owner of the table.
begin;
\ir ../helpers/cast.psql
select plan(22 + count(*)::integer) from pg_inherits where inhparent = 'public.audit_log'::regclass;

create table tests.log_before as select * from public.audit_log;
select cmp_ok((select count(*) from tests.log_before), '>', 15::bigint, 'C8 there is something to change');
select tests.throws_as(who, statement, '42501', 'permission denied for table audit_log',
  format('C8 %s: %s', who, left(statement, 30)))
from (values ('acme_owner'), ('platform_admin'), ('service')) as w (who)
cross join (values
  ($$insert into public.audit_log (tenant_id, actor_role, verb, table_name, row_key) values (tests.tenant_id('acme'), 'x', 'insert', 'x', '{}')$$),
  ('update public.audit_log set actor_id = null'), ('delete from public.audit_log'), ('truncate public.audit_log')
) as s (statement);
select throws_ok(statement, '42501',
  format('The audit log is append-only: %s is refused.', split_part(statement, ' ', 1)),
  format('C8 its owner: %s', statement))
from (values
  ('update public.audit_log set actor_id = null'), ('delete from public.audit_log'), ('truncate public.audit_log'),
  ('truncate public.audit_log cascade')
) as s (statement);
select throws_ok(format(statement, to_char(now() at time zone 'utc', 'YYYY_MM')), '42501',
  format('The audit log is append-only: %s is refused.', split_part(statement, ' ', 1)),
  format('C8 its owner, past the parent: %s', statement))
from (values
  ('update private.audit_log_%s set actor_id = null'), ('delete from private.audit_log_%s'),
    ('truncate private.audit_log_%s')
) as s (statement);
select throws_ok(format('truncate %s', inhrelid::regclass), '42501', 'The audit log is append-only: truncate is refused.',
  format('C8 no month is emptied: %s', inhrelid::regclass))
from pg_inherits where inhparent = 'public.audit_log'::regclass order by inhrelid::regclass::text;
select is(
  (select count(*) from (table tests.log_before except table public.audit_log) as lost), 0::bigint,
    'C8 every row is there as it was'
);
select tests.lives_as('acme_admin', $$update public.tenants set name = 'Acme 2'$$, 'C8 and new ones are added');

select * from finish();
rollback;
