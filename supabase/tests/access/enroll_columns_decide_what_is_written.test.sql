-- insertable and changeable: by default all but ids, stamps and what is fixed; else what is named.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(15);

call private.enroll('public.notes', read => 'viewer', write => 'member', owner => 'author_id',
  customer => 'customer_id');
select results_eq(
  $$select insert_columns, update_columns from private.enrollments where relation = 'public.notes'$$,
  $$values ('{tenant_id,branch_id,author_id,customer_id,body}'::text[], '{branch_id,body}'::text[])$$,
  'S2 the columns by default'
);
call private.enroll('public.notes', read => 'viewer', write => 'member', insertable => '{tenant_id, body}',
  changeable => '{branch_id}');
select is(tests.try_as('acme_member', statement), answer, format('S2 %s: %s', left(statement, 70), answer))
from (values
  ('insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''x'')', '1'),
  ('insert into public.notes (tenant_id, body, branch_id) values (tests.tenant_id(''acme''), ''x'', null)', '42501'),
  ('insert into public.notes (tenant_id, body, id) values (tests.tenant_id(''acme''), ''x'', gen_random_uuid())',
    '42501'),
  ('insert into public.notes (tenant_id, body, created_at) values (tests.tenant_id(''acme''), ''x'', now())', '42501'),
  ('update public.notes set branch_id = null', '4'), ('update public.notes set body = ''x''', '42501'),
  ('update public.notes set tenant_id = tests.tenant_id(''globex'')', '42501'),
    ('update public.notes set updated_at = now()', '42501')
) as v (statement, answer);
call private.enroll('public.notes', read => 'viewer', write => 'member', insertable => '{}', changeable => '{body}');
select is(tests.try_as('acme_member',
  'insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''x'')'), '42501',
  'S2 nothing insertable');
select is(tests.try_as('acme_member', 'update public.notes set body = ''x'''), '4', 'S2 but changeable');
call private.enroll('public.notes', read => 'viewer', write => 'member', changeable => '{}');
select is(tests.try_as('acme_member',
  'insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''x'')'), '1', 'S2 insertable');
select is(tests.try_as('acme_member', 'update public.notes set body = ''x'''), '42501', 'S2 but nothing changeable');
select is(tests.try_as('service', 'update public.notes set body = ''x'''), '5',
  'S2 the service role writes all columns');
select throws_ok($$update public.notes set tenant_id = tests.tenant_id('globex')$$, '23514',
  'A row of public.notes never changes its tenant.', 'S2 but the tenant, which nobody changes');

select * from finish();
rollback;
