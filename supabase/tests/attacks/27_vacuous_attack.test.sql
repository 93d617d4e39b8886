-- A denial on an empty table, in a session that is somebody else, or past a wall that is not the one, proves nothing.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(8);

select is_empty(
  $$select h.name, t.tenant from tests.holders as h cross join (values ('acme'), ('globex')) as t (tenant)
    where not exists (select from tests.rows_of(t.tenant) as r where r.holder = h.name)$$,
  'S2 attacker and victim hold rows in every table and materialized view of tenants (helpers/attacks-victim.psql)'
);
select cmp_ok((select count(*) from tests.secrets), '>', 20::bigint, 'S2 the victim has secrets to look for');
select is_empty(
  $$select h.name from tests.holders as h
    where not exists (select from tests.rows_of('globex') as r where r.holder = h.name
      and tests.leak_in(r.held) is not null)$$,
  'S2 every one of its rows holds one, so that a row that gets out is noticed'
);

-- The walls taken down one table at a time: what an attack must then see, or it could never fail.
create function tests.seen_without_walls(relation text, is_table boolean) returns text language plpgsql as $$
declare
  v_shown text;
begin
  if is_table then
    execute format('alter table %s disable row level security', relation);
  end if;
  execute format('grant usage on schema %s to authenticated', split_part(relation, '.', 1));
  execute format('grant select on %s to authenticated', relation);
  v_shown := tests.leak_in(tests.shown_to('acme_owner', 'select * from ' || relation));
  raise exception using errcode = 'UNDO0', message = coalesce(v_shown, 'nothing');
exception
  when sqlstate 'UNDO0' then
    return nullif(sqlerrm, 'nothing');
end
$$;
select is_empty(
  $$select name from tests.holders where tests.seen_without_walls(name, is_table) is null$$,
  'S2 without its walls every table gives the victim away to the owner of another tenant'
);
select is_empty(
  $$select relation from private.enrollments where read_role is not null
    and tests.leak_in(tests.shown_to('acme_owner', 'select * from ' || relation)) is not null$$,
  'S2 with its walls none does'
);
select is_empty(
  $$select relation from private.enrollments where read_role is not null
    and tests.leak_in(tests.shown_to('globex_owner', 'select * from ' || relation)) is null$$,
  'S2 and every one shows the victim their own rows'
);

-- Who attacks: each of the cast in person, in a role that policies bind, with policies in force.
create view tests.sessions as
  select p.who, tests.value_as(p.who, $$select concat_ws(' ', current_user, auth.uid() = tests.user_id($$
    || quote_literal(p.who) || $$), r.rolsuper or r.rolbypassrls, current_setting('row_security'),
    row_security_active('public.projects')) from pg_roles as r where r.rolname = current_user$$) as session
  from (select split_part(u.email, '@', 1) as who from public.users as u where u.email like '%@tests.example') as p;
select cmp_ok((select count(*) from tests.sessions), '=', 18::bigint, 'S2 the cast has 18 people');
select is_empty($$select * from tests.sessions where session <> 'authenticated t f on t'$$,
  'S2 signed in, each is authenticated, in person, bound by policies that are in force');

select * from finish();
rollback;
