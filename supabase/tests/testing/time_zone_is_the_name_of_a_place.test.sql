-- IANA names of places are taken as they are spelled; abbreviations, offsets, rules and files of the zone database are not.
begin;
\ir ../helpers/cast.psql
select plan(30);

create function tests.is_zone(name text) returns boolean language plpgsql as $$
begin
  perform private.require_time_zone(is_zone.name);
  return true;
exception
  when invalid_parameter_value then
    return false;
end
$$;
select is_empty(
  $$ select z.name from pg_timezone_names as z
     where tests.is_zone(z.name) <> (z.name in ('UTC', 'GMT') or (z.name like '%/%' and z.name !~ '^(posix|right)/')) $$,
  'T4: of the zones that PostgreSQL knows, all that name a place, and no other'
);
select cmp_ok(count(*), '>', 400::bigint, 'T4: and those are many')
from pg_timezone_names as z where z.name like '%/%' and z.name !~ '^(posix|right)/';

select lives_ok(format('select private.require_time_zone(%L)', z), 'T4: taken: ' || z)
from unnest(array['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'America/Port-au-Prince', 'UTC', 'Etc/GMT+12', 'Etc/GMT-14']) as z;

select throws_ok(
  format('select private.require_time_zone(%L)', z), '22023', format('time_zone: there is no time zone %L.', z),
  'T4: refused: ' || z
)
from unnest(array[
  'EST', 'PST8PDT', 'CEST', 'EST5', 'EST5EDT', 'FOO-3', '+02:00', '2', 'Japan', 'posix/Europe/Berlin', 'right/Europe/Berlin',
  'Europe/Nowhere', 'europe/berlin', 'Europe/berlin', 'EUROPE/Berlin', 'Etc/GMT+13', 'Etc/GMT-15', 'Etc/GMT+05', 'localtime', ''
]) as z;
select throws_ok('select private.require_time_zone(null)', '22023', 'time_zone: there is no time zone null.', 'T4: refused: none');

-- A server that learned a zone later.
delete from private.time_zones where name in ('Asia/Tokyo', 'Japan', 'posix/Asia/Tokyo');
select lives_ok($$ select private.require_time_zone('Asia/Tokyo') $$, 'T4: taken: one that is newer than the list');

select * from finish();
rollback;
