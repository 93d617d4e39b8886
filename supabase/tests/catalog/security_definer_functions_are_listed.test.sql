-- A definer function works past every policy: each is on the list with the reason why it must be one.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/functions.psql
select plan(3);

select set_eq(
  $$select name from tests.functions where prosecdef$$,
  $$select name from tests.known_functions where definer_because is not null$$,
  'S7 these functions run with the owner''s rights and no other'
);
select is_empty(
  $$select name from tests.known_functions where length(definer_because) < 10$$,
  'S7 each says why'
);
select is_empty(
  $$select k.name from tests.known_functions as k where not exists (select from tests.functions as f where f.name = k.name)$$,
  'S7 the list holds no function that is gone'
);

select * from finish();
rollback;
