-- A hit ratio over a handful of blocks says nothing, so the check says that it knows too little.
begin;
\ir ../helpers/cast.psql
select plan(3);

update ops.health_thresholds set warn = 1e15 where check_name = 'cache_hit' and measure = 'blocks';
select throws_matching('select from ops.check_cache_hit()',
  '^Too little is known to judge: blocks is \d+, and has to be above 1000000000000000\.$', 'P1 too few blocks to judge');
select is(ops.run_health_check('cache_hit') ->> 'status', 'skipped', 'P1 the run says skipped, not ok');
select results_eq('select kind from ops.get_cache_hit_ratio(0)', $$values ('tables'), ('indexes')$$,
  'P1 a row for all tables and one for all indexes');

select * from finish();
rollback;
