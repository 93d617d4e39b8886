begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/functions.psql
\ir ../helpers/matrix.psql
\ir ../helpers/matrix/functions.psql

create temp table targets as select * from tests.function_targets;
select plan(count(*)::integer + 1) from targets;

select tests.function_cells(t.object) from targets as t order by t.object;

select is(tests.failures(t.object), '', format('S4, S7: %s answers what is declared', t.object))
from targets as t order by t.object;
select ok((select count(*) from tests.cells) > 0 or not exists (select from targets), 'S7: there were cells to run');
select tests.tell_cells('functions');

select * from finish();
rollback;
