-- A change writes the reach of the people it is about and of nobody else: others' changes would wait for it.
begin;
\ir ../helpers/cast.psql
select plan(4);

select tests.enter('newcomer');
create table tests.places as select user_id, ctid as place from private.reach;
create view tests.written as
  select r.user_id from private.reach as r left join tests.places as p using (user_id) where p.place is distinct from r.ctid;

select is_empty('table tests.written', 'C10 nothing is written yet');
update public.memberships set role = 'viewer' where user_id = tests.user_id('acme_member');
select set_eq('table tests.written', $$values (tests.user_id('acme_member'))$$, 'C10 a membership: its member''s');
truncate tests.places;
insert into tests.places select user_id, ctid from private.reach;
update public.tenants set status = 'suspended' where id = tests.tenant_id('globex');
select set_eq('table tests.written', $$select user_id from public.memberships where tenant_id = tests.tenant_id('globex')$$,
  'C11 a tenant: that of its members');
select is_empty($$select from private.reach where user_id = tests.user_id('newcomer')$$,
  'C10 who belongs to no tenant has none');

select * from finish();
rollback;
