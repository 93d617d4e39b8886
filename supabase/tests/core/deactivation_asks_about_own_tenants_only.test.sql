-- An account is deactivated although a tenant it does not own stands without an owner, as one might that was brought in
-- from elsewhere.
begin;
\ir ../helpers/cast.psql
select plan(5);

select tests.enter('globex_owner2');
select tests.join('globex_owner2', 'globex', 'owner');
update public.memberships set status = 'suspended' where user_id = tests.user_id('globex_owner2');
alter table public.users disable trigger _300_keep_an_owner;
update public.users set is_active = false where id = tests.user_id('globex_owner');
alter table public.users enable trigger _300_keep_an_owner;

select tests.lives_as('platform_admin', format('select public.set_user_active(tests.user_id(%L), false)', who), sentence)
from (values
  ('acme_member2', 'C2 a member of another tenant'),
  ('globex_member', 'C2 a member of it who is no owner'),
  ('globex_owner2', 'C2 an owner of it whose membership is suspended')
) as v (who, sentence);
select is(
  (select count(*) from public.users
    where not is_active and id in (select tests.user_id(n) from unnest(array['acme_member2', 'globex_member', 'globex_owner2']) as n)),
  3::bigint, 'C2 all of them are'
);
select tests.throws_as('platform_admin', 'select public.set_user_active(tests.user_id(''acme_owner''), false)', 'PT409',
  'A tenant always keeps an active owner.', 'C6 the last owner of another tenant is not');

select * from finish();
rollback;
