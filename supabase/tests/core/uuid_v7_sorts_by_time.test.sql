-- Row ids are version 7: the time first, so that new rows lie side by side in their indexes.
begin;
\ir ../helpers/cast.psql
select plan(6);

create temp table made as select place, private.uuid_v7() as id from generate_series(1, 2000) as place;
select is((select count(distinct id) from made), 2000::bigint, 'C1 no two are the same');
select is((select count(*) from made where substr(id::text, 15, 1) <> '7'), 0::bigint, 'C1 each says it is version 7');
select is((select count(*) from made where substr(id::text, 20, 1) not in ('8', '9', 'a', 'b')), 0::bigint,
  'C1 of the variant of RFC 9562');
select cmp_ok(
  (select max(abs(extract(epoch from clock_timestamp()) * 1000 - ('x' || lpad(replace(left(id::text, 13), '-', ''), 16,
    '0'))::bit(64)::bigint)) from made),
  '<', 60000::numeric, 'C1 the first 48 bits are the time in milliseconds'
);
select is(
  (select count(*) from (select substr(id::text, 1, 18) < lag(substr(id::text, 1, 18)) over (order by place) as falls
    from made) as f where falls), 0::bigint,
  'C1 made later, it sorts later'
);
select tests.throws_as('visitor', 'select private.uuid_v7()', '42501', 'permission denied for schema private',
  'S7 visitors make none');

select * from finish();
rollback;
