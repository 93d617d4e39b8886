-- private.my_reach reads a table that nobody may read: it shows a caller their own row, whatever condition they add.
begin;
\ir ../helpers/cast.psql
select plan(9);

select cmp_ok((select count(*) from private.reach), '>', 10::bigint, 'S4 there are rows of many people');
select is(tests.rows_as(who, 'select from private.my_reach'), seen, format('S4 %s sees %s row', who, seen))
from (values ('acme_owner', 1), ('acme_member', 1), ('platform_admin', 1), ('service', 0)) as v (who, seen);
select is(
  tests.rows_as('acme_owner', 'select from private.my_reach where user_id <> auth.uid()'), 0,
  'S4 and not that of another'
);
-- A function that reports what it is handed is called for rows that the barrier has let through only, even when the whole
-- table is read.
create table tests.leaked (user_id uuid);
create function tests.report(id uuid) returns boolean language plpgsql cost 0.0000001 security definer as $$
begin
  insert into tests.leaked values (id);
  return true;
end
$$;
grant execute on function tests.report(uuid) to authenticated;
set local enable_indexscan = off;
set local enable_bitmapscan = off;
select is(tests.rows_as('acme_owner', 'select from private.my_reach where tests.report(user_id)'), 1,
  'S4 a cheap condition is asked');
select set_eq('table tests.leaked', array[tests.user_id('acme_owner')], 'S4 about the caller''s row only');
select tests.throws_as('visitor', 'select from private.my_reach', '42501', 'permission denied for schema private',
  'S2 a visitor sees none');

select * from finish();
rollback;
