-- Admins archive in their tenants, the service role and scheduled work everywhere, nobody else anything.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
select plan(19);

-- A key is the tenant and the id: this one, of today, is not the old one of Acme.
insert into public.conversations (tenant_id, id, user_id, title)
values (tests.tenant_id('globex'), tests.conversation_id('acme_first'), tests.user_id('globex_member'), 'Twin');

create function tests.archive(older_than text default 'interval ''12 hours''') returns text language sql
  return format('select public.archive_old_conversations(%s)', older_than);
create function tests.archived() returns text language sql
  return (select string_agg(substr(t.slug, 7) || ' ' || c.title, ', ' order by t.slug, c.title)
    from public.conversations as c
    join public.tenants as t on t.id = c.tenant_id where c.is_archived and t.slug like 'tests-%');

select tests.throws_as(who, tests.archive('interval ''1 day'''), '42501', message, format('A5 not %s', who))
from (values
  ('acme_manager', 'This needs the role admin or a higher one in a tenant.'),
    ('acme_member', 'This needs the role admin or a higher one in a tenant.'),
  ('acme_customer', 'This needs the role admin or a higher one in a tenant.'),
    ('stranger', 'This needs the role admin or a higher one in a tenant.'),
  ('acme_inactive', 'This account is not active.'),
    ('visitor', 'permission denied for function archive_old_conversations')
) as v (who, message);
select tests.throws_as('acme_admin', tests.archive(older_than), '22023', 'older_than must be at least one day.',
  format('A5 not older than %s', older_than))
from (values ('interval ''23 hours'''), ('null'), ('interval ''-1 year''')) as v (older_than);
update public.memberships set is_confined = true where user_id = tests.user_id('acme_admin');
select tests.throws_as('acme_admin', tests.archive('interval ''1 day'''), '42501',
  'This needs the role admin or a higher one in a tenant.', 'S5 nor an admin who is confined');
update public.memberships set is_confined = false where user_id = tests.user_id('acme_admin');
select is(tests.archived(), null, 'A5 nothing is archived so far');

select is(tests.value_as('acme_admin', tests.archive('')), '0', 'A5 by default six months count as old');
select is(tests.value_as('acme_admin', tests.archive('interval ''36 hours''')), '1',
  'A5 an admin archives what is older than asked');
select is(tests.archived(), 'acme First', 'A5 in their tenant');
select is(tests.value_as('globex_owner', tests.archive('interval ''2 days''')), '0',
  'A5 what is as old as asked is not older');
update public.conversations set is_archived = false;
alter table public.conversations disable trigger _200_touch;
update public.conversations set updated_at = now() - interval '1 year'
  where tenant_id in (tests.tenant_id('acme'), tests.tenant_id('globex'));
select cmp_ok(tests.value_as('service', tests.archive(''))::integer, '>=', 4,
  'A5 the service role archives everywhere');
select is(tests.archived(), 'acme First, acme Second, globex First, globex Twin', 'A5 in both tenants');
select is(tests.value_as('service', tests.archive('')), '0', 'A5 what is archived is not archived again');
update public.conversations set is_archived = false;
select cmp_ok(tests.value_as('operator', tests.archive(''))::integer, '>=', 4, 'A5 scheduled work too, without claims');

select * from finish();
rollback;
