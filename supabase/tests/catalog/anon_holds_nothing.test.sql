-- A visitor may use schema public, to be told that there is nothing there. PUBLIC is everybody, so it may hold no more.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(6);

select cmp_ok(
  (select count(*) from tests.grants where grantee = 'authenticated'), '>', 50::bigint, 'S2 there are grants to look at'
);
select is_empty(
  $$select kind, name, grantee, privilege from tests.grants where grantee in ('anon', 'public') and kind <> 'schema'$$,
  'S2 anon holds nothing on any table, view, column, sequence or function'
);
select set_eq(
  $$select name, privilege from tests.grants where grantee in ('anon', 'public') and kind = 'schema'$$,
  $$values ('public', 'USAGE')$$,
  'S2 anon may use schema public and no other, and create nothing'
);
select is_empty(
  $$select g.rolname from pg_auth_members as m join pg_roles as g on g.oid = m.roleid where m.member = 'anon'::regrole$$,
  'S2 anon is a member of no role'
);
select is_empty(
  $$select name from tests.relations
    where relkind in ('r', 'p', 'v', 'm')
      and (has_table_privilege('anon', oid, 'select, insert, update, delete, truncate, references, trigger')
        or has_any_column_privilege('anon', oid, 'select, insert, update, references'))$$,
  'S2 what the grants say holds in effect for every table and view'
);
select is_empty(
  $$select name from tests.functions where has_function_privilege('anon', oid, 'execute')$$,
  'S7 and for every function'
);

select * from finish();
rollback;
