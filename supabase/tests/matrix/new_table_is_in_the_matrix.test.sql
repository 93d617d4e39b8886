begin;
\ir ../helpers/cast.psql
\ir ../helpers/appointments.psql
\ir ../helpers/matrix.psql
select plan(6);

select tests.table_cells('public.appointments');
select is(tests.failures('public.appointments'), '', 'S2: a table that is enrolled is in the matrix without a word more');
select is(tests.unproven('public.appointments'), '', 'S2: each of its rights is seen to be used and refused');
select cmp_ok(
  (select count(*)::integer from tests.cells where position ~ '(branch|customer|owner|tenant)'), '>', 500,
  'S5: its owner, its customer and its branch are tried'
);

-- The same table, with the branch forgotten in one policy: the matrix says what leaked to whom.
alter policy tenant_select on public.appointments
  using (tenant_id = any ((select r.viewer from private.my_reach as r)::uuid[]));
select tests.table_cells('public.appointments');
select matches(
  tests.failures('public.appointments'),
  'LEAK: a member confined to a branch \(acme_south\) select their own row in another branch of public.appointments: '
    'expected no row, got 1 row',
  'S5: a leak is told with who, what and where'
);
select isnt(
  (
    select string_agg(line, E'\n') from tests.failed_cells
    where line like 'LOCKED OUT: a customer (acme_customer) select their own row of%'
  ),
  null,
  'S1: and so is a right that is gone'
);
select is(
  (select count(*)::integer from tests.failed_cells as f where f.line !~ '(confined to a branch|a customer)'), 0,
  'S5: nobody else is concerned'
);

select * from finish();
rollback;
