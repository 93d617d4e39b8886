-- Columns are those of the table itself, and those that can be written: not another table's, not the system's, none that is
-- gone, none that the server fills in.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(10);

alter table public.notes
  add size integer,
  add number integer generated always as identity,
  add length integer generated always as (char_length(body)) stored;
alter table public.notes drop size;

select throws_ok(format('call private.enroll(''public.notes'', read => ''viewer'', owner => %L)', name), '42703',
  format('public.notes has no column %I.', name), 'S1 not ' || what)
from (
  values ('slug', 'a column of another table'), ('ctid', 'a column of the system')
  union all
  select attname, 'a column that is gone' from pg_attribute where attrelid = 'public.notes'::regclass and attisdropped
) as v (name, what);

call private.enroll('public.notes', read => 'viewer', write => 'member');
select results_eq(
  $$select insert_columns, update_columns from private.enrollments where relation = 'public.notes'$$,
  $$values ('{tenant_id,branch_id,author_id,customer_id,body}'::text[], '{branch_id,author_id,customer_id,body}'::text[])$$,
  'S2 by default what is there and can be written'
);
select is(tests.try_as('acme_member',
  'insert into public.notes (tenant_id, body) values (tests.tenant_id(''acme''), ''x'')'), '1', 'S2 and that is written');
select throws_ok(
  format('call private.enroll(''public.notes'', read => ''viewer'', write => ''member'', %s => ''{body, %I}'')', list, name),
  '42703', format('public.notes has no column %s that can be written.', name), format('S2 not %s as %s', name, list)
)
from (values ('insertable'), ('changeable')) as l (list), (values ('number'), ('length')) as n (name);

call private.enroll('public.notes', read => 'viewer', insertable => '{body}', changeable => '{body}');
select results_eq(
  $$select insert_columns, update_columns from private.enrollments where relation = 'public.notes'$$,
  $$values ('{}'::text[], '{}'::text[])$$, 'S2 where nobody writes, no column is declared as written'
);

select * from finish();
rollback;
