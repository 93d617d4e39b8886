-- A plan outlives the caller it was made for: on a pooled connection the statement that an operator or another user
-- prepared is run by the next one. (CVE-2016-2193 and CVE-2023-2455 were such plans.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(9);

-- One plan for all, at once: it may hold nothing of the caller it was made for.
set local plan_cache_mode = force_generic_plan;
create table tests.prepared as
  select row_number() over (order by name) as number, name from tests.relations
  where relkind in ('r', 'p', 'v') and schema = 'public' and has_table_privilege('authenticated', oid, 'select')
    and has_table_privilege('service_role', oid, 'select');
grant select on tests.prepared to authenticated, service_role;
create function tests.run(maker text, runner text) returns text language plpgsql as $$
declare
  r tests.prepared;
  v_rows text;
  v_all text := '';
begin
  perform tests.act_as(runner);
  for r in select * from tests.prepared loop
    if maker = runner then
      execute format('prepare %I as select t::text as held from %s as t', maker || r.number, r.name);
    end if;
    -- Twice: the first run plans anew for another role, the second one must not come back to the old plan.
    for i in 1..2 loop
      execute format('create temp table got as execute %I', maker || r.number);
      select string_agg(held, chr(10)) into v_rows from pg_temp.got;
      drop table pg_temp.got;
      v_all := concat(v_all, v_rows);
    end loop;
  end loop;
  perform tests.as_operator();
  return v_all;
end
$$;

create table tests.runs as
  select m.maker, tests.leak_in(tests.run(m.maker, m.maker)) is not null as shows_maker
  from unnest(array['operator', 'globex_owner', 'service', 'acme_owner']) as m (maker);
select results_eq('select maker, shows_maker from tests.runs order by maker',
  $$values ('acme_owner', false), ('globex_owner', true), ('operator', true), ('service', true)$$,
  'S2 the statements show the victim''s rows to those who may see them');
select is(tests.leak_in(tests.run(maker, runner)), null,
  format('S2 what %s prepared shows %s nothing of another tenant', maker, runner))
from (values ('operator', 'acme_owner'), ('globex_owner', 'acme_owner'), ('acme_owner', 'stranger')) as v (maker,
  runner);
select isnt(tests.leak_in(tests.run('acme_owner', 'globex_owner')), null, 'S2 the victim sees by it what is theirs');

-- A function keeps its plans for the session: the same one, asked in turn.
create function tests.titles() returns text language plpgsql stable as $$
begin
  return (select string_agg(c.tenant_id::text, ',') from public.conversations as c);
end
$$;
grant execute on function tests.titles() to authenticated, service_role;
create table tests.turns as
  select t.turn, w.who, tests.value_as(w.who, 'select tests.titles()') as shown
  from generate_series(1, 7) as t (turn) cross join unnest(array['globex_owner', 'service', 'acme_owner',
    'stranger']) as w (who);
select is_empty($$select * from tests.turns where who in ('acme_owner', 'stranger')
  and tests.leak_in(shown) is not null$$,
  'S2 a function that ran for the victim and the service shows the next caller nothing of it');
select is_empty($$select * from tests.turns where who in ('globex_owner', 'service') and tests.leak_in(shown) is null$$,
  'S2 and shows them theirs, every turn');
select tests.lives_as('globex_member', statement,
  'S2 a function that writes with the caller''s rights runs for the victim')
  || E'\n' || is(tests.answer('acme_member', statement),
    '42501 new row violates row-level security policy for table "feedback"',
    'S2 and by the same plan not for a member of another tenant')
from (values ($$select public.rate_message(tests.tenant_id('globex'), tests.message_id('globex_question'),
  'down')$$)) as v (statement);

select * from finish();
rollback;
