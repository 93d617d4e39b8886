-- A person reads the name of a check in an error: it says what must hold, and is none that the server made up.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

select cmp_ok(
  (select count(*) from pg_constraint as c join tests.tables as t on t.oid = c.conrelid where c.contype = 'c'),
  '>', 30::bigint, 'X2 there are checks to look at'
);
select is_empty(
  $$select t.name, c.conname from pg_constraint as c join tests.tables as t on t.oid = c.conrelid
    where c.contype = 'c' and c.conname ~ '_check\d*$'$$,
  'X2 every check is named as what must hold'
);
select is_empty(
  $$select t.name, c.conname from pg_constraint as c join tests.tables as t on t.oid = c.conrelid
    where not c.convalidated or (c.contype = 'c' and c.connoinherit)$$,
  'X2 every constraint holds for all rows'
);
select is_empty(
  $$select t.name, c.conname from pg_constraint as c join tests.tables as t on t.oid = c.conrelid
    where c.contype = 'c' and c.conname ~ '^(name|title|model)_has_1_to_'
      and strpos(pg_get_constraintdef(c.oid), $q$~ '\S'$q$) = 0$$,
  'X2 and no name or title is made of blanks, tabs and line ends alone'
);

select * from finish();
rollback;
