-- The profile has the address of the account; what did not change is not written.
begin;
\ir ../helpers/cast.psql
select plan(4);

alter table public.users disable trigger _200_touch;
update public.users set updated_at = '2026-01-01';
alter table public.users enable trigger _200_touch;
create function tests.profile(name text) returns text language sql as $$
  select email || case when updated_at = now() then ' changed' else '' end from public.users where id = tests.user_id(name) $$;
select is(tests.profile('acme_member'), tests.email('acme_member'), 'C2 a profile has the address of its account');
update auth.users set email = email where id = tests.user_id('acme_member');
select is(tests.profile('acme_member'), tests.email('acme_member'), 'C2 the same address again changes nothing');
update auth.users set email = 'New@Tests.Example' where id = tests.user_id('acme_member');
select is(tests.profile('acme_member'), 'new@tests.example changed', 'C2 another one does');
select is(tests.profile('acme_owner'), tests.email('acme_owner'), 'C2 and nobody else''s');

select * from finish();
rollback;
