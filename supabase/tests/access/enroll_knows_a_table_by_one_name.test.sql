-- However a table is spelled, it has one declaration; and what is not enrolled cannot be withdrawn by a slip of the name.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(5);

call private.enroll('public.notes', read => 'viewer');
select lives_ok($$call private.enroll('public."notes"', read => 'admin')$$,
  'S2 a table is enrolled again in another spelling');
select is((select count(*) from private.enrollments where relation like '%notes%'), 1::bigint,
  'S2 it has one declaration');
select is((select read_role from private.enrollments where relation = 'public.notes'), 'admin',
  'S2 the last, under the plain name');
select throws_ok($$call private.withdraw('public.users')$$, '42704', 'public.users is not enrolled.',
  'S2 what is not enrolled is not withdrawn');
select tests.lives_as('stranger', 'select from public.users', 'S2 and keeps the grants that were made by hand');

select * from finish();
rollback;
