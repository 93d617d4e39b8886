-- A definer function works past every policy: each function a user may call, with the ids of another tenant's things.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-calls.psql
select plan(8);

create table tests.outcomes as
  select c.name, w.who, t.own, b.is_brief, o.answer, o.changes
  from tests.callable as c
  cross join (values ('acme_owner'), ('acme_viewer'), ('acme_inactive'), ('stranger')) as w (who)
  cross join (values ('globex'), ('acme')) as t (own)
  cross join (values (true), (false)) as b (is_brief)
  cross join lateral tests.outcome(w.who, tests.call_of(c.oid, t.own, 'globex', b.is_brief)) as o;

select cmp_ok((select count(distinct name) from tests.outcomes), '>', 15::bigint, 'S7 there are functions to call');
select is_empty($$select * from tests.outcomes where tests.leak_in(answer) is not null$$,
  'S7 no answer shows anything of the other tenant');
select is_empty($$select * from tests.outcomes where changes <> 'none'$$, 'S7 no call changes a row of it');
select is_empty(
  $$select o.name, o.who, o.answer from tests.outcomes as o join tests.functions as f using (name)
    where o.own = 'globex' and f.schema = 'public' and f.name ~ '\(tenant_id uuid' and o.answer !~ '^(PT404|42501) '$$,
  'S7 every function that names a tenant refuses one that is not the caller''s'
);
-- The twin: for the victim's own owner the same calls do work and do change rows.
select cmp_ok(
  (select count(*) from tests.callable as c cross join lateral tests.outcome('globex_owner', tests.call_of(c.oid,
    'globex', 'globex')) as o
    where o.changes = 'some'), '>=', 7::bigint, 'S6 the owner of that tenant changes its rows by the same calls'
);

-- Revoking from PUBLIC alone leaves Supabase's roles their own grants: called, and not only looked up.
select is_empty(
  $$select name, tests.answer('visitor', tests.call_of(oid, 'globex', 'globex')) from tests.callable
    where tests.answer('visitor', tests.call_of(oid, 'globex', 'globex')) not like '42501 permission denied for %'$$,
  'S7 a visitor calls none'
);
select is_empty(
  $$select name, tests.answer('acme_owner', tests.call_of(oid, 'globex', 'globex')) from tests.closed
    where prokind = 'f'
      and tests.answer('acme_owner', tests.call_of(oid, 'globex', 'globex')) not like '42501 permission denied for %'$$,
  'S7 and a member none that is not for members'
);
select is_empty(
  $$select name from tests.closed
    where prokind = 'p' and tests.answer('acme_owner', replace(tests.call_of(oid, 'globex', 'globex'), 'select * from',
      'call'))
      not like '42501 permission denied for procedure %'$$,
  'S7 nor a procedure'
);

select * from finish();
rollback;
