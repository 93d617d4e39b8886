-- Name and picture of the own profile, nothing else and nobody else's.
begin;
\ir ../helpers/cast.psql
select plan(12);

select is(
  tests.rows_as('acme_member', $$update public.users set full_name = 'Mem', avatar_url = 'https://tests.example/m.png'$$), 1,
  'C2 an update without a filter changes the own profile only'
);
select is((select count(*) from public.users where full_name = 'Mem'), 1::bigint, 'C2 and no other is changed');
select is(
  tests.rows_as(who, $$update public.users set full_name = 'Taken' where id = tests.user_id('acme_member')$$), 0,
  format('C2 %s does not change the profile of a member', who)
)
from (values ('acme_owner'), ('acme_member2'), ('platform_admin'), ('stranger')) as v (who);
select is((select full_name from public.users where id = tests.user_id('acme_member')), 'Mem', 'C2 which is unchanged');
select tests.sign_in('acme_member');
select throws_ok(
  format('update public.users set %s where id = tests.user_id(''acme_member'')', what), '42501',
  'permission denied for table users',
  format('C2 nobody sets %s', what)
)
from (values ('is_active = true'), ('email = ''x@tests.example'''), ('id = gen_random_uuid()')) as v (what);
select throws_ok(
  $$update public.users set avatar_url = 'javascript:alert(1)'$$, '23514',
  'new row for relation "users" violates check constraint "avatar_url_is_a_web_address"',
  'C2 a picture is a web address'
);
select throws_ok(
  $$delete from public.users where id = tests.user_id('acme_member')$$, '42501', 'permission denied for table users',
  'C2 a profile goes with its account only'
);

select * from finish();
rollback;
