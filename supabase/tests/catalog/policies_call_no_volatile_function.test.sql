-- A policy is a condition. A volatile function in it could write, would be called for each row, and makes the answer
-- depend on the plan. Functions of the server leave no dependency, so the condition itself is read.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

create view tests.called_by_policies as
  select r.name as relation, p.polname, m[1]::oid as function
  from pg_policy as p
  join tests.relations as r on r.oid = p.polrelid
  cross join lateral concat(p.polqual, p.polwithcheck) as condition
  cross join lateral regexp_matches(condition, ':(?:op)?funcid (\d+)', 'g') as m;

select isnt_empty(
  $$select from tests.called_by_policies where function = 'auth.uid()'::regprocedure$$,
  'S2 the functions that a policy names are seen'
);
select isnt_empty(
  $$select from tests.called_by_policies where function = 'uuid_eq'::regproc$$,
  'S2 those behind its operators too'
);
select is_empty(
  $$select c.relation, c.polname, c.function::regprocedure from tests.called_by_policies as c
    join pg_proc as f on f.oid = c.function where f.provolatile = 'v'$$,
  'S2 no policy calls a volatile function'
);

select * from finish();
rollback;
