-- Without an index on the referring side, every delete of a referred row reads the whole table.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(2);

select cmp_ok((select count(*) from tests.foreign_keys), '>', 15::bigint, 'S2 there are foreign keys to look at');
select is_empty(
  $$select f.table_name, f.name from tests.foreign_keys as f
    where not exists (
      select from tests.indexes as i
      where i.table_oid = f.conrelid and i.indisvalid
        -- One without the rows that point at nothing serves the key as well.
        and (i.indpred is null or pg_get_expr(i.indpred, i.table_oid) in (
          select format('(%I IS NOT NULL)', a.attname) from pg_attribute as a
          where a.attrelid = f.conrelid and a.attnum = any (f.conkey)
        ))
        and i.keys[:cardinality(f.conkey)] @> f.conkey
    )$$,
  'S2 every foreign key has an index that begins with its columns'
);

select * from finish();
rollback;
