begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
\ir ../helpers/test-figures.psql
\ir ../helpers/orchestration.psql
\ir ../helpers/matrix.psql

create temp table targets as select * from tests.view_targets;
select plan(count(*)::integer + 2) from targets;

select is_empty('select tests.refresh_views()', 'S4: every materialized view has rows of two tenants to show');

select tests.view_cells(t.object) from targets as t order by t.object;

select is(tests.failures(t.object), '', format('S4: %s shows what is declared', t.object))
from targets as t order by t.object;
select ok((select count(*) from tests.cells) > 0 or not exists (select from targets), 'S4: there were cells to run');
select tests.tell_cells('views');

select * from finish();
rollback;
