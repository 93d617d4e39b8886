-- What sessions run goes into findings and alerts; the words of tenants and passwords do not.
begin;
\ir ../helpers/cast.psql
select plan(10);

select is(ops.shown_query(query), shown, format('P1 %s', query))
from (values
  ('select n from t where id = 5', 'select n from t where id = 5'),
  ($$select 'a', 'it''s b', $1 where c = $2$$, 'select ?, ?, $1 where c = $2'),
  ($$alter role x password 'secret'$$, 'alter role x password ?'),
  ($$select 'cut off where the server cu$$, 'select ?'),
  ($$select e'a\'b', 'secret'$$, 'select e?'),
  ($$select 1 -- don't
    , 'secret'$$, 'select 1 -- don?'),
  ('do $x$ begin secret; end $x$', 'do ?'),
  ($$select "it's", 'secret'$$, 'select "it?'),
  (null, null)
) as v (query, shown);
select is(length(ops.shown_query(repeat('x', 2000))), 500, 'P1 and no more than 500 characters');

select * from finish();
rollback;
