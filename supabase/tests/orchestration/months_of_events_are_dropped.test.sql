-- Months that are older than what is kept are dropped as a whole; a policy that is switched off keeps them, and takes old ones.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/events.psql
select plan(7);

select tests.rows_as('service', tests.log('acme', format(', created_at => now() - interval ''%s days''', days)))
from unnest(array[70, 80, 0]) as days;
select results_eq($$select removed, has_more from ops.clean_up('public.events')$$, $$values (0::bigint, false)$$, 'P2 nothing is too old');
update ops.retention_policies set keep = '30 days' where relation = 'public.events';
select results_eq($$select removed, has_more from ops.clean_up('public.events')$$, $$values (2::bigint, false)$$, 'P2 the old ones go');
select is((select count(*) from public.events), 1::bigint, 'P2 the new one stays');
select is((select count(*) from pg_inherits where inhparent = 'public.events'::regclass), 4::bigint, 'P2 with its partition');
select tests.throws_as('service', tests.log('acme', ', created_at => now() - interval ''70 days'''), '22023',
  'created_at must be a time that is still kept, and at most a day ahead.', 'O4 and no event of then is taken any more');
update ops.retention_policies set is_enabled = false where relation = 'public.events';
select tests.lives_as('service', tests.log('acme', ', created_at => now() - interval ''70 days'''), 'O4 unless retention is off');
select is(ops.tune_partitions() >= 0, true, 'P9 a month that was made on the spot is tuned with the others');

select * from finish();
rollback;
