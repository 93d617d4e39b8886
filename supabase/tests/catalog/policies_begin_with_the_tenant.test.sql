-- The tenant term stands first and is joined by "and"; its role is the declared one; every look-up is made once a
-- statement, because it stands in a sub-select; no policy reads a table that has policies, so that none can recurse.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(5);

create view tests.policies as
  select format('%I.%I', p.schemaname, p.tablename) as relation, p.policyname, x.expression, e.tenant_column,
    case p.policyname
      when 'tenant_select' then case when e.customer_column is null then e.read_role else 'customer' end
      when 'tenant_insert' then e.write_role
      when 'tenant_update' then
        case when x.is_check then case when e.customer_column is null then e.read_role else 'customer' end else e.write_role end
      else (select r from unnest(array[e.remove_role, case when e.owner_column is not null then e.write_role end]) as r
        where r is not null order by private.role_rank(r) limit 1)
    end as role
  from pg_policies as p
  join private.enrollments as e on e.relation = format('%I.%I', p.schemaname, p.tablename)
  cross join lateral (values (p.qual, false), (p.with_check, true)) as x (expression, is_check)
  where x.expression is not null;

select cmp_ok((select count(*) from tests.policies), '>', 20::bigint, 'S2 there are policies to look at');
select is_empty(
  $$select relation, policyname, expression from tests.policies
    where expression !~ format('^\(*%s = ANY \(\( SELECT r\.%s\s+FROM private\.my_reach r\)::uuid\[\]\)\)', tenant_column, role)$$,
  'S2 every policy begins with the tenants in which the caller holds the declared role'
);
select is_empty(
  $$select relation, policyname from tests.policies
    where expression ~ format('^\(*%s = ANY \(\( SELECT r\.%s\s+FROM private\.my_reach r\)::uuid\[\]\)\)( IS TRUE\))? OR', tenant_column, role)$$,
  'S2 the tenant term is never one side of an "or", which would cost the index condition'
);
select is_empty(
  $$select tablename, policyname from pg_policies
    where schemaname in ('public', 'private', 'ops')
      and regexp_replace(concat(qual, with_check), '\( SELECT (r\.\w+\s+FROM private\.my_reach r\)|(private|auth)\.\w+\(\) AS)', '', 'g')
        ~ '\m(private|auth)\.'$$,
  'S2 every look-up stands in a sub-select that depends on no row, so that it is made once a statement'
);
select is_empty(
  $$select p.polrelid::regclass, p.polname, d.refobjid::regclass
    from pg_policy as p
    join pg_depend as d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
    where d.refclassid = 'pg_class'::regclass and d.refobjid not in (p.polrelid, 'private.my_reach'::regclass)$$,
  'S6 no policy reads a table but through private.my_reach, which has its owner''s rights: none can recurse'
);

select * from finish();
rollback;
