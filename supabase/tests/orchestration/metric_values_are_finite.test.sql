-- A measurement is a finite number with a name; a batch that holds another is refused as a whole.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/components.psql
\ir ../helpers/metrics.psql
select plan(27);

select tests.throws_as('acme_member', tests.measure(format('''cpu'', %L', value)), '22023', 'value must be a finite number.', format('O6 not %s', value))
from unnest(array['NaN', 'Infinity', '-Infinity']) as value;
select tests.throws_as('acme_member', tests.batch(format('[{"name": "a", "value": 1}, {"name": "b", "value": %s}]', to_jsonb(value))), '22023',
  'value must be a finite number.', format('O6 not %s in a batch', value))
from unnest(array['NaN', 'Infinity', '-Infinity']) as value;
select throws_ok(
  format('insert into public.performance_metrics (tenant_id, name, value) values (%L, ''x'', %L)', tests.tenant_id('acme'), value), '23514',
  format('new row for relation "performance_metrics_%s" violates check constraint "value_is_finite"', tests.this_month()),
  format('O6 the table refuses %s as well', value))
from unnest(array['NaN', 'Infinity', '-Infinity']) as value;
select tests.throws_as('acme_member', tests.measure('''a'', 1e400'), '22003',
  '"1' || repeat('0', 400) || '" is out of range for type double precision', 'O6 nor a number beyond all');
select tests.lives_as('acme_member', tests.measure(format('''cpu'', %s', value)), format('O6 but %s', value))
from unnest(array['1.7e308', '-1.7e308', '0']) as value;

select tests.throws_as('acme_member', tests.batch(metrics), '22023', 'metrics must be an array of at most 10000 objects.', format('O6 not %s', metrics))
from unnest(array['{}', '"x"', 'null', '[1]', '[[]]', '[{"name": "a", "value": 1}, null]', null]) as metrics;
select tests.throws_as('acme_member', tests.batch(format('[%s]', metric)), '23502',
  format('null value in column "%s" of relation "performance_metrics_%s" violates not-null constraint', missing, tests.this_month()),
  format('O6 not %s', metric))
from (values ('{}', 'name'), ('{"name": "a"}', 'value'), ('{"value": 1}', 'name')) as v (metric, missing);
select tests.throws_as('acme_member', tests.measure(format('''a'', -1, %L', type)), '23514',
  format('new row for relation "performance_metrics_%s" violates check constraint "count_is_not_negative"', tests.this_month()),
  format('O6 no %s is negative', type))
from unnest(array['counter', 'timer']) as type;
select tests.lives_as('acme_member', tests.measure('''a'', -1, ''histogram'''), 'O6 an observation can be');
select results_eq('select name, value from public.performance_metrics order by value', $$values ('cpu', -1.7e308::double precision), ('a', -1), ('cpu', 0), ('cpu', 1.7e308)$$,
  'O6 nothing of a refused batch is kept');

select * from finish();
rollback;
