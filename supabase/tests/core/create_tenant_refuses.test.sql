-- Who cannot make a tenant, and which tenants cannot be made.
begin;
\ir ../helpers/cast.psql
select plan(12);

select tests.throws_as('visitor', $$select public.create_tenant('New', 'tests-new')$$,
  '42501', 'permission denied for function create_tenant', 'C6 a visitor makes none');
select tests.throws_as('service', $$select public.create_tenant('New', 'tests-new')$$,
  '42501', 'permission denied for function create_tenant', 'C6 nor does the service role: it would own nothing');
select tests.throws_as('acme_inactive', $$select public.create_tenant('New', 'tests-new')$$,
  '42501', 'This account is not active.', 'C2 nor a deactivated account');
select tests.sign_in('stranger', '{"is_anonymous": true}');
select throws_ok($$select public.create_tenant('New', 'tests-new')$$,
  '42501', 'This needs a signed-in user.', 'C6 nor an anonymous sign-in');
select tests.become('authenticated', '{"role": "authenticated"}');
select throws_ok($$select public.create_tenant('New', 'tests-new')$$,
  '42501', 'This needs a signed-in user.', 'C6 nor a token of nobody');

select tests.sign_in('stranger');
select throws_ok($$select public.create_tenant('New', 'tests-acme')$$,
  '23505', 'The slug ''tests-acme'' is taken.', 'C1 an address is taken once');
select throws_ok($$select public.create_tenant('New', 'Tests New')$$, '23514',
  'new row for relation "tenants" violates check constraint "slug_is_lower_case_letters_digits_and_hyphens"',
  'C1 an address is checked');
select throws_ok($$select public.create_tenant('New', 'tests-new', 'guild')$$, '23514',
  'new row for relation "tenants" violates check constraint "kind_is_known"', 'C1 a kind is checked');
select throws_ok($$select public.create_tenant(' ', 'tests-new')$$, '23514',
  'new row for relation "tenants" violates check constraint "name_has_1_to_200_characters"', 'C1 a name is checked');
select throws_ok($$select public.create_tenant(null, 'tests-new')$$, '23502',
  'null value in column "name" of relation "tenants" violates not-null constraint', 'C1 a name is needed');
select lives_ok($$select public.create_tenant('New', 'tests-new')$$, 'C6 the same person makes one that is right');
select tests.as_operator();
select is((select count(*) from public.tenants where slug ilike 'tests%new'), 1::bigint,
  'C6 and only that one is there');

select * from finish();
rollback;
