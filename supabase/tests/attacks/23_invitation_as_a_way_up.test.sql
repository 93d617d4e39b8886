-- An invitation that offers more than its sender holds, to oneself, to a member, or to somebody who was put out.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(13);

select tests.join('acme_north_admin', 'acme', 'admin', 'acme_north') from tests.enter('acme_north_admin');
create function tests.invitation(email text, role text, branches text default 'null') returns text language sql
  return format('select public.invite_member(tests.tenant_id(''acme''), %L, %L, %s)', email, role, branches);
create table tests.offers as
  select w.who, r.role, tests.answer(w.who, tests.invitation('new@tests.example', r.role)) as answer,
    coalesce(array_position('{customer,viewer,member,manager,admin,owner}', m.role), 0) as holds,
    array_position('{customer,viewer,member,manager,admin,owner}', r.role) as offers, m.is_confined
  from unnest(array['acme_owner', 'acme_admin', 'acme_manager', 'acme_member', 'acme_viewer', 'acme_customer',
    'acme_north_admin',
    'acme_suspended', 'acme_inactive', 'globex_owner', 'stranger']) as w (who)
  cross join unnest('{customer,viewer,member,manager,admin,owner}'::text[]) as r (role)
  left join public.memberships as m on m.user_id = tests.user_id(w.who) and m.tenant_id = tests.tenant_id('acme')
    and m.status = 'active';
select is_empty(
  $$select * from tests.offers where (answer = '1 rows') <> (holds >= 5 and offers <= holds and not is_confined
    and who <> 'acme_inactive')$$,
  'S6 of all who ask and all they offer, admins and owners who are not confined offer up to their own role, and nobody else'
);
select is((select count(*) from tests.offers where answer = '1 rows'), 11::bigint, 'C5 which they do');
select is_empty($$select * from tests.offers where answer !~ '^(1 rows$|42501 |PT404 There is no such tenant)'$$,
  'S6 for no other reason');
select is(tests.answer('acme_admin', tests.invitation(tests.email(name), 'admin')),
  format('PT409 %s is a member already.', tests.email(name)), 'S6 ' || what)
from (values ('acme_admin', 'nobody invites themself'),
  ('acme_north', 'nor one who is confined, past their confinement'),
  ('acme_suspended', 'nor one who is suspended, past their suspension')) as v (name, what);
select is(tests.answer('acme_owner', tests.invitation('new@tests.example', 'member', format('array[%L]::uuid[]',
  tests.branch_id(branch)))), expected,
  'S3 into the branch ' || branch)
from (values ('globex_main', 'PT404 There is no such branch in this tenant. branch_ids id'),
  ('acme_north', '1 rows')) as v (branch, expected);

-- An offer that was open when its receiver became a member otherwise, and was confined, suspended or put out.
select tests.sign_in('acme_owner');
create temp table sent as select * from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'admin');
grant all on sent to authenticated;
select tests.as_operator();
select tests.join('stranger', 'acme', 'viewer', 'acme_north');
create function tests.acceptance() returns text language sql return 'select public.accept_invitation(token) from sent';
grant execute on function tests.acceptance() to authenticated;
select is(tests.answer('stranger', tests.acceptance()), 'PT409 You are a member of this tenant already.',
  'S6 it neither raises them nor lifts the confinement');
update public.memberships set status = 'suspended' where user_id = tests.user_id('stranger');
select is(tests.answer('stranger', tests.acceptance()), 'PT409 You are a member of this tenant already.',
  'S6 nor ends a suspension');
select results_eq($$select role, status, is_confined from public.memberships
  where user_id = tests.user_id('stranger')$$,
  $$values ('viewer', 'suspended', true)$$, 'S6 they are what they were');
delete from public.memberships where user_id = tests.user_id('stranger');

-- A platform administrator's offers are as good as their office.
select tests.sign_in('platform_admin');
truncate sent;
insert into sent select * from public.invite_member(tests.tenant_id('acme'), tests.email('stranger'), 'owner');
select tests.as_operator();
delete from private.platform_admins where user_id = tests.user_id('platform_admin');
select is(tests.answer('stranger', tests.acceptance()), 'PT410 Whoever sent this invitation may no longer invite.',
  'C7 out of office, they let nobody in');
insert into private.platform_admins (user_id) values (tests.user_id('platform_admin'));
select is(tests.answer('stranger', tests.acceptance()), '1 rows', 'C7 in office they do');

select * from finish();
rollback;
