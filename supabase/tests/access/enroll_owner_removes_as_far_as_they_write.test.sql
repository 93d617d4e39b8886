-- owner beside remove: where nobody writes, owners remove nothing; where remove is the lower role, it suffices.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(20);

select lives_ok($$call private.enroll('public.notes', read => 'viewer', owner => 'author_id')$$,
  'S1 an owner, and nobody writes or removes');
select is(tests.try_as(who, 'delete from public.notes'), '42501', format('S1 not even their own: %s', role)) from tests.ranks;
select lives_ok($$call private.enroll('public.notes', read => 'viewer', owner => 'author_id', remove => 'manager')$$,
  'S1 an owner, nobody writes, managers remove');
select is(tests.try_as(who, 'delete from public.notes'), case when rank >= 4 then '4' else '0' end,
  format('S1 remove => manager without write: %s', role))
from tests.ranks;
call private.enroll('public.notes', read => 'viewer', write => 'admin', remove => 'member', owner => 'author_id');
select is(tests.try_as(who, 'delete from public.notes'), case when rank >= 3 then '4' else '0' end,
  format('S1 remove => member below write => admin: %s', role))
from tests.ranks;

select * from finish();
rollback;
