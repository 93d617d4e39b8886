-- Nobody leaves a tenant without an owner behind, not even the service role, which may insert tenants.
begin;
\ir ../helpers/cast.psql
select plan(3);

select tests.sign_in_as_service();
insert into public.tenants (id, name, slug) values (tests.id('tenant', 'orphan'), 'Orphan', 'tests-orphan');
select throws_ok(
  'set constraints all immediate', 'PT409', 'A tenant always keeps an active owner.',
  'C6 a tenant that has no owner at the end of its transaction is refused'
);
set constraints all deferred;
insert into public.memberships (tenant_id, user_id, role)
values (tests.id('tenant', 'orphan'), tests.user_id('stranger'), 'owner');
select lives_ok('set constraints all immediate', 'C6 with its owner it stands');
select tests.as_operator();
select is((select count(*) from public.tenants where slug = 'tests-orphan'), 1::bigint, 'C6 and is there');

select * from finish();
rollback;
