-- A function of the intruder's own, so cheap that the planner would ask it first, writes down every row it is shown; a
-- cast that fails says in its error what it was given. Neither may be asked about a row before the policies are.
-- (Servers with CVE-2017-7484, CVE-2019-10130 or CVE-2025-8713 forget that in the planner's estimates: hence the
-- lowest version.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(7);

select ok(
  case current_setting('server_version_num')::integer / 10000
    when 15 then current_setting('server_version_num')::integer >= 150014
    when 16 then current_setting('server_version_num')::integer >= 160010
    when 17 then current_setting('server_version_num')::integer >= 170006
    else current_setting('server_version_num')::integer >= 180000
  end,
  'S4 the server has the corrections of its planner: ' || current_setting('server_version')
);

create temp table peeped (who text, relation text, row_text text);
grant insert on peeped to authenticated;
create function tests.peep(who text, relation text, row_text text) returns boolean language plpgsql cost 0.0001 as $$
begin
  insert into pg_temp.peeped values (who, relation, row_text);
  return true;
end
$$;
grant execute on function tests.peep(text, text, text) to authenticated;
create table tests.readable as
  select name, (select string_agg('t.' || quote_ident(attname), ', ') from pg_attribute where attrelid = oid
    and attnum > 0 and not attisdropped) as columns
  from tests.relations
  where relkind in ('r', 'p', 'v') and schema in ('public', 'private') and has_table_privilege('authenticated', oid,
    'select');
-- The caller may also forbid the planner an index, which would spare the function most rows.
set local enable_indexscan = off;
set local enable_indexonlyscan = off;
set local enable_bitmapscan = off;
do $$
declare
  r record;
begin
  for r in select name, columns, who, form from tests.readable, unnest(array['acme_owner', 'acme_customer', 'stranger',
    'globex_owner']) as who,
    unnest(array[
      'select from %1$s as t where tests.peep(%2$L, %3$L, t::text)',
      'select from %1$s as t where tests.peep(%2$L, %3$L, concat_ws(chr(32), %4$s))',
      'select from %1$s as t where tests.peep(%2$L, %3$L, (%5$s)::text)',
      'select from %1$s as t where tests.peep(%2$L, %3$L, t::text) and exists (select from %1$s as u where tests.peep(%2$L, %3$L, u::text))',
      'select tests.peep(%2$L, %3$L, t::text) from %1$s as t order by 1',
      'select from (select * from %1$s offset 0) as t where tests.peep(%2$L, %3$L, t::text)'
    ]) as form
  loop
    perform tests.rows_as(r.who, format(r.form, r.name, r.who, r.name, r.columns, split_part(r.columns, ',', 1)));
  end loop;
end
$$;
select is_empty(
  $$select who, relation, row_text from pg_temp.peeped where who <> 'globex_owner'
    and tests.leak_in(row_text) is not null$$,
  'S4 a function in a filter is shown no row of another tenant, in any table or view'
);
select is_empty(
  $$select name from tests.readable as r where name <> 'private.my_reach' and not exists (
      select from pg_temp.peeped as p where p.relation = r.name and p.who = 'globex_owner'
        and tests.leak_in(p.row_text) is not null)$$,
  'S4 it is shown those of the caller''s own'
);
select is(
  (select bool_and(strpos(row_text, tests.user_id(who)::text) > 0) from pg_temp.peeped
    where relation = 'private.my_reach' and who like '%owner'),
  true, 'S1 of reach it is shown the caller''s row alone'
);

-- An error that quotes a value: the victim's title as a number.
update public.conversations set title = 'Secret title' where tenant_id = tests.tenant_id('globex');
create view tests.errors as
  select who, statement, tests.answer(who, statement) as answer
  from unnest(array['acme_owner', 'stranger', 'globex_owner']) as who, unnest(array[
    'select from public.conversations where title like ''Secret%'' and title::integer = 1',
    'select from public.conversations where title::integer = 1 and tenant_id = tests.tenant_id(''globex'')',
    'select 1 / (title <> ''Secret title'')::integer from public.conversations where title like ''Secret%''',
    'update public.conversations set title = (title::integer)::text where title like ''Secret%'''
  ]) as statement;
select is_empty($$select * from tests.errors where who = 'stranger' and answer <> '0 rows'$$,
  'S4 no error quotes to a stranger');
select is_empty($$select * from tests.errors where who = 'acme_owner' and answer ~ 'Secret|division'$$,
  'S4 or to the owner of another tenant what they cannot see');
select isnt_empty($$select from tests.errors where who = 'globex_owner' and answer ~ 'Secret title'$$,
  'S4 as it would to those who can');

select * from finish();
rollback;
