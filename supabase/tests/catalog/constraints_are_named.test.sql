-- A person reads the name of a check in an error: it says what must hold, and is none that the server made up.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

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

select * from finish();
rollback;
