-- read: every role against every rank.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/notes.psql
select plan(38);

create function tests.readers() returns setof text language plpgsql as $$
declare
  v_lowest text;
begin
  foreach v_lowest in array array['customer', 'viewer', 'member', 'manager', 'admin', 'owner'] loop
    call private.enroll('public.notes', read => v_lowest);
    return query select is(
      tests.rows_as(r.who, 'select from public.notes'), case when r.rank >= private.role_rank(v_lowest) then 4 else 0 end,
      format('S1 read => %s: %s', v_lowest, r.role)
    ) from tests.ranks as r;
  end loop;
end
$$;
select tests.readers();

select is(tests.rows_as('globex_owner', 'select from public.notes'), 1,
  'S2 another tenant''s owner sees the note of theirs');
select is(tests.try_as('acme_owner', 'update public.notes set body = ''x'''), '42501',
  'S2 who reads does not thereby write');

select * from finish();
rollback;
