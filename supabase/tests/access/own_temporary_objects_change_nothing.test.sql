-- A caller's own table or function of the same name, first on the search path, is not what policies and functions use.
begin;
\ir ../helpers/cast.psql
select plan(6);

select tests.sign_in('stranger');
create temp table reach (user_id uuid, is_platform_admin boolean);
insert into reach select auth.uid(), true;
create temp view my_reach as select array[tests.tenant_id('acme')] as viewer,
  array[tests.tenant_id('acme')] as customer;
create temp table memberships (tenant_id uuid, user_id uuid, role text, status text);
insert into memberships select tests.tenant_id('acme'), auth.uid(), 'owner', 'active';
create temp table tenants (id uuid, status text);
insert into tenants select tests.tenant_id('acme'), 'active';
select set_config('search_path', 'pg_temp, public, extensions', true) is not null as done;

select is((select count(*) from pg_temp.reach), 1::bigint, 'S7 a stranger has made tables of their own');
select is(tests.rows('select from public.projects'), 0, 'S7 no policy looks at them');
select is(tests.rows('select from public.my_memberships()'), 0, 'S7 no function does');
select throws_ok(
  $$select public.change_member_role(tests.tenant_id('acme'), tests.user_id('acme_member'), 'viewer')$$, 'PT404',
  'There is no such tenant.', 'S7 no guard does'
);
select is(private.my_tenants('customer'), '{}'::uuid[], 'S7 no helper does');
select tests.sign_in('acme_member');
select is(tests.rows('select from public.projects'), 3, 'S7 and a member sees what they should');

select * from finish();
rollback;
