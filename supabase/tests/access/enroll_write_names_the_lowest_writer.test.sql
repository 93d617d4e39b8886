-- write: insert and update, by every rank.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(31);

call private.enroll('public.notes', read => 'customer', write => 'manager');
select is(
  tests.try_as(who, $$insert into public.notes (tenant_id, body) values (tests.tenant_id('acme'), 'new')$$),
  case when rank >= 4 then '1' else '42501' end, format('S1 write => manager: %s inserts', role)
) from tests.ranks;
select is(
  tests.try_as(who, $$update public.notes set body = 'changed'$$), case when rank >= 4 then '4' else '0' end,
  format('S1 write => manager: %s updates', role)
) from tests.ranks;
select is(tests.try_as(who, 'delete from public.notes'), '42501',
  format('S1 write => manager: %s deletes nothing', role)) from tests.ranks;

call private.enroll('public.notes', read => 'viewer', write => 'viewer');
select is(
  tests.try_as(who, $$insert into public.notes (tenant_id, body) values (tests.tenant_id('acme'), 'new')$$),
  case when rank >= 2 then '1' else '42501' end, format('S1 write => viewer: %s inserts', role)
) from tests.ranks;
select is(
  tests.try_as(who, $$update public.notes set body = 'changed'$$), case when rank >= 2 then '4' else '0' end,
  format('S1 write => viewer: %s updates', role)
) from tests.ranks;
select is(
  tests.try_as('acme_owner', $$insert into public.notes (tenant_id, body) values (tests.tenant_id('globex'), 'new')$$),
  '42501',
  'S2 nobody inserts into another tenant'
);

select * from finish();
rollback;
