-- Planted checks of every outcome; the ones of the house stand aside.
begin;
\ir ../helpers/cast.psql
select plan(15);

update ops.health_checks set is_enabled = false;
create function ops.check_tests_fine() returns setof ops.finding language sql
  begin atomic; select null::text, null::text, null::text, null::jsonb, null::text where false; end;
create function ops.check_tests_worried() returns setof ops.finding language sql
  begin atomic;
    select v.key, v.status, 'A thing.', jsonb_build_object('size_bytes', 1), null::text
    from (values ('b', 'warn'), ('a', 'warn')) as v (key, status);
  end;
create function ops.check_tests_alarmed() returns setof ops.finding language sql
  begin atomic; select 'z'::text, 'critical'::text, 'A thing.'::text, '{}'::jsonb, 'select 1'::text; end;
create function ops.check_tests_blind() returns setof ops.finding language plpgsql as $$
begin
  raise exception using errcode = 'feature_not_supported', message = 'There is no pg_stat_statements.';
end
$$;
create function ops.check_tests_broken() returns setof ops.finding language plpgsql as $$
begin
  perform 1 / 0;
end
$$;
insert into ops.health_checks (name, title, description, category, is_enabled)
select 'tests_' || name, initcap(name), 'Planted.', 'tables', false
from unnest(array['fine', 'worried', 'alarmed', 'blind', 'broken', 'missing']) as name;

create function tests.health_of(names text[], required boolean default true) returns jsonb language plpgsql as $$
begin
  update ops.health_checks
  set is_enabled = name = any (array(select 'tests_' || n from unnest(names) as n)), is_required = required
  where name like 'tests_%';
  return ops.database_health_check();
end
$$;

select is(tests.health_of(names) ->> 'status', status, format('P1 %s: %s', names, status))
from (values
  ('{fine}'::text[], 'ok'), ('{fine, worried}', 'warn'), ('{worried, alarmed, broken}', 'critical'), ('{fine, blind}', 'unknown'),
  ('{fine, broken}', 'unknown'), ('{fine, missing}', 'unknown'), ('{}', 'unknown')
) as v (names, status);
select is(tests.health_of('{fine, blind}', required => false) ->> 'status', 'ok', 'P1 what is not required may be skipped');
select is(
  (select jsonb_agg(c -> 'reason') from jsonb_array_elements(tests.health_of('{blind, broken}') -> 'checks') as c),
  '["There is no pg_stat_statements.", "division by zero (22012)"]', 'P1 the reason is told'
);
select is(
  tests.health_of('{worried}') #> '{checks,0,findings}',
  '[{"key": "a", "facts": {"size_bytes": 1}, "remedy": null, "status": "warn", "message": "A thing."},
    {"key": "b", "facts": {"size_bytes": 1}, "remedy": null, "status": "warn", "message": "A thing."}]',
  'P1 findings come whole, in the order of their keys'
);

insert into ops.health_thresholds (check_name, measure, unit, worse, default_warn, default_critical, description)
values
  ('tests_fine', 'age', 'seconds', 'above', 10, 20, 'Planted.'), ('tests_fine', 'share', 'percent', 'below', 95, 90, 'Planted.');
select is(
  array(select ops.judge('tests_fine', 'age', v) from unnest(array[9.9, 10, 20, null]) as v)
    || array(select ops.judge('tests_fine', 'share', v) from unnest(array[95.1, 95, 90]) as v),
  '{ok,warn,critical,ok,ok,warn,critical}', 'P4 a threshold is where worry begins, on its bad side'
);
select tests.lives_as('service', $$update ops.health_thresholds set warn = 5 where check_name = 'tests_fine' and measure = 'age'$$,
  'P4 the service role moves a threshold');
select is(ops.judge('tests_fine', 'age', 6), 'warn', 'P4 and it counts at once');
select throws_ok(
  $$update ops.health_thresholds set critical = 1 where check_name = 'tests_fine' and measure = 'age'$$, '23514',
  'new row for relation "health_thresholds" violates check constraint "critical_is_worse_than_warn"',
  'P4 critical is no better than warn'
);
select tests.throws_as('acme_owner', 'select ops.database_health_check()', '42501',
  'This needs a platform administrator or the service role.', 'P1 it is told to operators only');

select * from finish();
rollback;
