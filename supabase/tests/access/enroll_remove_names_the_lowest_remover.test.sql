-- remove: delete, by every rank; higher or lower than write.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(25);

call private.enroll('public.notes', read => 'viewer', write => 'member', remove => 'admin');
select is(tests.try_as(who, 'delete from public.notes'), case when rank >= 5 then '4' else '0' end,
  format('S1 remove => admin: %s', role))
from tests.ranks;
call private.enroll('public.notes', read => 'viewer', write => 'admin', remove => 'member');
select is(tests.try_as(who, 'delete from public.notes'), case when rank >= 3 then '4' else '0' end,
  format('S1 remove => member: %s', role))
from tests.ranks;
call private.enroll('public.notes', read => 'viewer', remove => 'manager');
select is(tests.try_as(who, 'delete from public.notes'), case when rank >= 4 then '4' else '0' end,
  format('S1 remove without write: %s', role))
from tests.ranks;
select is(tests.try_as(who, $$update public.notes set body = 'x'$$), '42501', format('S1 and nobody writes: %s', role))
  from tests.ranks;
select is((select count(*) from public.notes), 5::bigint, 'S1 every note is there, each attempt was taken back');

select * from finish();
rollback;
