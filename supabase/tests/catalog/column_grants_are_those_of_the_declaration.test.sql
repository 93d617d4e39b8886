-- What the API may insert and change is granted column by column: the rest cannot be written at all.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.column_grants as
  select t.name as relation, a.attname::text as column_name, g.privilege_type as verb
  from tests.tables as t
  join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0
  cross join lateral aclexplode(a.attacl) as g
  where g.grantee = (select oid from pg_roles where rolname = 'authenticated');

select set_eq(
  $$select relation, column_name, verb from tests.column_grants where relation <> 'public.users'$$,
  $$select e.relation, c, 'INSERT' from private.enrollments as e, unnest(e.insert_columns) as c
    union all
    select e.relation, c, 'UPDATE' from private.enrollments as e, unnest(e.update_columns) as c$$,
  'S2 authenticated may insert and update the declared columns and no other'
);
select set_eq(
  $$select column_name, verb from tests.column_grants where relation = 'public.users'$$,
  $$values ('full_name', 'UPDATE'), ('avatar_url', 'UPDATE')$$,
  'C2 of a profile, a user changes the name and the picture'
);
select is_empty(
  $$select name, privilege from tests.grants
    where kind = 'relation' and grantee = 'authenticated' and privilege in ('INSERT', 'UPDATE')$$,
  'S2 no insert or update is granted on a whole table'
);
select is_empty(
  $$select g.relation, g.column_name from tests.column_grants as g
    left join private.enrollments as e on e.relation = g.relation
    where g.verb = 'UPDATE' and g.column_name in
      ('id', 'tenant_id', 'created_at', 'updated_at', 'created_by', e.tenant_column, e.owner_column, e.customer_column)$$,
  'S2 tenant, id, owner, customer and stamps can never be changed through the API'
);

select * from finish();
rollback;
