-- What is shut needs no owner; but it does not open again without one.
begin;
\ir ../helpers/cast.psql
select plan(6);

select is((select status from public.tenants where id = tests.tenant_id('initech')), 'suspended',
  'C11 Initech is suspended');
select tests.lives_as('platform_admin',
  $$select public.remove_member(tests.tenant_id('initech'), tests.user_id('initech_owner'))$$,
  'C6 its only owner is removed');
select tests.throws_as('platform_admin', $$select public.set_tenant_status(tests.tenant_id('initech'), 'active')$$,
  'PT409', 'A tenant always keeps an active owner.', 'C6 so it does not become active');
select is((select status from public.tenants where id = tests.tenant_id('initech')), 'suspended',
  'C11 it is suspended still');
select tests.join('stranger', 'initech', 'owner');
select tests.lives_as('platform_admin', $$select public.set_tenant_status(tests.tenant_id('initech'), 'active')$$,
  'C6 with an owner it does');
select is(tests.rows_as('stranger', 'select from public.tenants'), 1, 'C11 who reaches it');

select * from finish();
rollback;
