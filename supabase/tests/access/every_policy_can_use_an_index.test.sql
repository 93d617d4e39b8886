-- Over the catalogue: for every table, reading all of it as a member goes by an index that the policy conditions.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/many.psql
select plan(3);

set local enable_seqscan = off;
create table tests.plans as
  select e.relation, e.tenant_column, tests.plan_as('acme_owner', format('select count(*) from %s', e.relation)) as plan
  from private.enrollments as e where e.read_role is not null;

select cmp_ok((select count(*) from tests.plans), '>=', 11::bigint, 'F2 there are plans to look at');
select is_empty(
  $$select relation, plan from tests.plans where plan !~ format('Index Cond: \(+%s = ANY \(', tenant_column)$$,
  'F2 every policy is an index condition'
);
select is_empty(
  $$select relation, plan from tests.plans where plan ~ 'SubPlan' or plan ~ 'Filter:.*(my_|_tenants)'$$,
  'F2 no policy is a sub-plan or calls a helper for each row'
);

select * from finish();
rollback;
