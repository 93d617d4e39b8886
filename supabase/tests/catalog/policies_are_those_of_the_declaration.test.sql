-- One permissive policy a verb, to authenticated only, exactly the verbs that were declared.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.expected_policies as
  select e.relation, v.name, v.verb
  from private.enrollments as e
  cross join lateral (values
    ('tenant_select', 'SELECT', e.read_role is not null),
    ('tenant_insert', 'INSERT', e.write_role is not null and e.insert_columns <> '{}'),
    ('tenant_update', 'UPDATE', e.write_role is not null and e.update_columns <> '{}'),
    ('tenant_delete', 'DELETE', e.remove_role is not null or (e.owner_column is not null and e.write_role is not null))
  ) as v (name, verb, is_expected)
  where v.is_expected;

select set_eq(
  $$select format('%I.%I', schemaname, tablename), policyname::text, cmd from pg_policies
    where schemaname in ('public', 'private', 'ops') and (schemaname, tablename) <> ('public', 'users')$$,
  $$select relation, name, verb from tests.expected_policies$$,
  'S2 each table has the policies that it declares, and no other'
);
select set_eq(
  $$select policyname::text, cmd from pg_policies where schemaname = 'public' and tablename = 'users'$$,
  $$values ('select_colleague', 'SELECT'), ('update_self', 'UPDATE')$$,
  'C2 the profiles have the two policies that are written by hand'
);
select is_empty(
  $$select tablename, policyname, roles from pg_policies
    where schemaname in ('public', 'private', 'ops') and (roles <> '{authenticated}' or permissive <> 'PERMISSIVE')$$,
  'S2 every policy is for authenticated alone'
);
select is_empty(
  $$select tablename, policyname from pg_policies
    where schemaname in ('public', 'private', 'ops')
      and ((cmd in ('SELECT', 'DELETE') and qual is null) or (cmd = 'INSERT' and with_check is null)
        or (cmd = 'UPDATE' and (qual is null or with_check is null)))$$,
  'S2 every policy says both which rows and, for an update, what they may become'
);

select * from finish();
rollback;
