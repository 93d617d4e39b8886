-- A batch may span months, those that nobody made as well; one value of a time that is not kept refuses all.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/metrics.psql
select plan(8);

create function tests.of_days(days integer[]) returns text language sql stable
  return (select jsonb_agg(jsonb_build_object('name', 'n', 'value', d, 'created_at', now() - d * interval '1 day'))::text from unnest(of_days.days) as d);
select is(tests.value_as('acme_member', tests.batch(tests.of_days(array[0, 35, 40, 65, 89]))), '5', 'O6 days of three months');
select is((select count(distinct date_trunc('month', created_at at time zone 'utc')) from public.performance_metrics),
  (select count(distinct tableoid) from public.performance_metrics), 'O6 each in its month');
select cmp_ok((select count(*) from pg_inherits where inhparent = 'public.performance_metrics'::regclass), '>=', 6::bigint, 'O6 made for it');
select tests.throws_as('acme_member', tests.batch(tests.of_days(days)), '22023',
  'created_at must be a time that is still kept, and at most a day ahead.', format('O6 not %s', days))
from unnest(array['{0,91}', '{-2,0}', '{0,-400}']) as v (d) cross join lateral (select v.d::integer[] as days) as l;
select tests.throws_as('acme_member', tests.measure('''a'', 1, created_at => ''infinity'''), '22023',
  'created_at must be a time that is still kept, and at most a day ahead.', 'O6 nor at no time');
select is((select count(*) from public.performance_metrics), 5::bigint, 'O6 nothing of those is kept');

select * from finish();
rollback;
