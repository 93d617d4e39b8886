-- A row of auth.users has a profile, made by a trigger; its e-mail is kept in step.
begin;
\ir ../helpers/cast.psql
select plan(9);

select is(
  (select count(*) from auth.users as a left join public.users as u on u.id = a.id where u.id is null), 0::bigint,
  'C2 every account has a profile'
);
insert into auth.users (id, email, raw_user_meta_data)
values (tests.user_id('ann'), 'Ann@Tests.Example',
  '{"full_name": " Ann Example ", "avatar_url": "https://tests.example/ann.png"}');
select results_eq(
  $$select email, full_name, avatar_url, is_active from public.users where id = tests.user_id('ann')$$,
  $$values ('ann@tests.example', 'Ann Example', 'https://tests.example/ann.png', true)$$,
  'C2 e-mail in lower case, name trimmed, picture as given'
);
select lives_ok(
  format('insert into auth.users (id, email, raw_user_meta_data) values (tests.user_id(%1$L), tests.email(%1$L), %2$L)',
  name, data),
  format('C2 sign-up succeeds with %s', left(data, 40))
)
from (values
  ('bob', '{"full_name": {"not": "text"}, "avatar_url": "javascript:alert(1)"}'),
  ('carl', jsonb_build_object('full_name', repeat('x', 500), 'avatar_url', 'https://' || repeat('x', 3000))::text)
) as v (name, data);
insert into auth.users (id, phone) values (tests.user_id('dora'), '+4912345');
select is((select avatar_url from public.users where id = tests.user_id('bob')), null,
  'C2 a picture that is no web address is left out');
select is((select length(full_name) from public.users where id = tests.user_id('carl')), 200, 'C2 a long name is cut');
select is((select email from public.users where id = tests.user_id('dora')), null,
  'C2 an account by telephone has no e-mail');

update auth.users set email = 'Ann2@Tests.Example' where id = tests.user_id('ann');
select results_eq(
  $$select email, full_name from public.users where id = tests.user_id('ann')$$,
  $$values ('ann2@tests.example', 'Ann Example')$$, 'C2 a new e-mail is copied, the rest stays'
);
delete from auth.users where id = tests.user_id('ann');
select is((select count(*) from public.users where id = tests.user_id('ann')), 0::bigint,
  'C2 the profile goes with the account');

select * from finish();
rollback;
