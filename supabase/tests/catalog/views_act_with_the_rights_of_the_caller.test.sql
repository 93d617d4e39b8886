-- An ordinary view reads with its owner's rights, past every policy.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

select cmp_ok((select count(*) from tests.relations where relkind = 'v'), '>', 4::bigint,
  'S4 there are views to look at');
select is_empty(
  $$select name from tests.relations
    where relkind = 'v' and schema = 'public' and not coalesce('security_invoker=true' = any (reloptions), false)$$,
  'S4 every view of public is security_invoker'
);
select is_empty(
  $$select name from tests.relations
    where relkind = 'v' and schema <> 'public' and has_table_privilege('authenticated', oid, 'select')
      and (not coalesce('security_barrier=true' = any (reloptions), false)
        or name <> 'private.my_reach' and translate(pg_get_viewdef(oid), '()', '')
          !~ 'WHERE (m\.)?tenant_id = ANY  SELECT r\.\w+\s+FROM private\.my_reach r::uuid\[\];$')$$,
  'S4 a view outside public that users read with the owner''s rights is a barrier and keeps to their tenants'
);
select is_empty(
  $$select name, grantee, privilege from tests.relations join tests.grants using (name)
    where relkind = 'v' and grantee in ('authenticated', 'service_role') and privilege <> 'SELECT'$$,
  'S4 views are only read'
);

select * from finish();
rollback;
