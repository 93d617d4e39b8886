begin;
\ir ../helpers/cast.psql
\ir ../helpers/matrix.psql

create temp table targets as select * from tests.closed_targets;
select plan(count(*)::integer + 1) from targets;

select tests.closed_cells(t.object) from targets as t order by t.object;

select is(tests.failures(t.object), '', format('S2, S4: %s is closed to every role of the API', t.object))
from targets as t order by t.object;
select ok((select count(*) from tests.cells) > 0 or not exists (select from targets), 'S2: there were cells to run');
select tests.tell_cells('relations that nobody reaches');

select * from finish();
rollback;
