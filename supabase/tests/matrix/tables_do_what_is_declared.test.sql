begin;
\ir ../helpers/cast.psql
\ir ../helpers/matrix.psql
-- One statement tries all cells of all tables.
set local statement_timeout = '10min';

create temp table targets as select * from tests.table_targets;
select plan(2 * count(*)::integer + 1) from targets;

select tests.table_cells(t.object) from targets as t order by t.object;

select is(tests.failures(t.object), '', format('S2, S5, C11: %s does what is declared', t.object))
from targets as t order by t.object;
-- A denial counts beside its allowed twin only.
select is(tests.unproven(t.object), '', format('S2: every right on %s was seen to be used, and refused', t.object))
from targets as t order by t.object;
select ok((select count(*) from tests.cells) > 0 or not exists (select from targets), 'S2: there were cells to run');
select tests.tell_cells('tables');

select * from finish();
rollback;
