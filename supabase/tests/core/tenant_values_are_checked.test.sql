-- What a tenant cannot be called.
begin;
\ir ../helpers/cast.psql
select plan(25);

select tests.sign_in('acme_owner');
select lives_ok(
  format('update public.tenants set slug = %L where id = tests.tenant_id(''acme'')', slug),
  format('C1 %L is an address', slug)
)
from (values ('abc'), ('a1b'), ('tests-a-b'), ('0-9'), (repeat('x', 63))) as v (slug);
select throws_ok(
  format('update public.tenants set slug = %L where id = tests.tenant_id(''acme'')', slug), '23514',
  'new row for relation "tenants" violates check constraint "slug_is_lower_case_letters_digits_and_hyphens"',
  format('C1 %s is none', to_json(slug))
)
from (values (''), ('ab'), ('Abc'), ('-abc'), ('abc-'), ('a b c'), ('abc_d'), (E'abc\n'), ('äbc'),
  (repeat('x', 64))) as v (slug);
select throws_ok(
  format('update public.tenants set name = %L where id = tests.tenant_id(''acme'')', name), '23514',
  'new row for relation "tenants" violates check constraint "name_has_1_to_200_characters"',
  'C1 a name has 1 to 200 characters'
)
from (values (''), ('   '), (E'\t\n'), (repeat('x', 201))) as v (name);
select throws_ok(
  format('update public.tenants set settings = %L where id = tests.tenant_id(''acme'')', settings), '23514',
  'new row for relation "tenants" violates check constraint "settings_is_an_object_of_at_most_64_kb"',
  'C1 settings are a small object'
)
from (values ('[]'), ('"text"'), ('null'), (jsonb_build_object('a', repeat('x', 65536))::text)) as v (settings);
select lives_ok(
  $$update public.tenants set settings = '{"a": {"b": [1]}}' where id = tests.tenant_id('acme')$$,
  'C1 any shape inside is fine'
);
select throws_ok(
  $$update public.tenants set slug = 'tests-globex' where id = tests.tenant_id('acme')$$, '23505',
  'duplicate key value violates unique constraint "tenants_slug_key"', 'C1 an address is taken once'
);

select * from finish();
rollback;
