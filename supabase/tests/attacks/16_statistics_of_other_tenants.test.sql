-- The planner knows how many rows the others have, and which values: EXPLAIN shows it to whoever may run one, pg_stats
-- to whoever may read it. No caller of the API gets at either. (Counts and plans over HTTP:
-- tests/attacks/16-*.test.ts.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(10);

insert into public.conversations (tenant_id, user_id, title)
select tests.tenant_id('globex'), tests.user_id('globex_member'), 'Secret' from generate_series(1, 500);
create statistics public.careless on tenant_id, user_id from public.conversations;
do $$
declare
  v_name text;
begin
  for v_name in select h.name from tests.holders as h loop
    execute 'analyze ' || v_name;
  end loop;
end
$$;
-- The caller's own statement, if they could write one: the estimate tells of rows that its result does not.
create function tests.estimate(who text, statement text) returns integer language plpgsql as $$
declare
  v_plan json;
begin
  perform tests.act_as(who);
  execute 'explain (format json) ' || statement into v_plan;
  perform tests.as_operator();
  return v_plan -> 0 -> 'Plan' ->> 'Plan Rows';
end
$$;
select is(tests.rows_as('acme_member', 'select from public.conversations where title = ''Secret'''), 0,
  'S4 a member of another tenant sees none of 500 rows');
select cmp_ok(tests.estimate('operator', 'select from public.conversations where title = ''Secret'''), '>=', 400,
  'S4 the planner knows of them');
select is(tests.estimate('acme_member', 'select from public.projects where tenant_id = tests.tenant_id(''nowhere'')'),
  tests.estimate('acme_member', 'select from public.projects where tenant_id = tests.tenant_id(''nobody'')'),
  'S4 of tenants that do not exist it knows the same');

-- What is there to read of the statistics themselves.
select cmp_ok((select count(*) from pg_stats where schemaname in ('public', 'private')), '>', 100::bigint,
  'S4 the operator reads statistics');
select isnt_empty('select from pg_stats_ext where statistics_name = ''careless''', 'S4 those of several columns too');
select is_empty(
  $$select who, v, tests.answer(who, format('select from %s where schemaname in (''public'', ''private'', ''ops'')', v))
    from unnest(array['visitor', 'acme_owner', 'platform_admin']) as who,
      unnest(array['pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs']) as v
    where tests.answer(who, format('select from %s where schemaname in (''public'', ''private'', ''ops'')', v))
      <> '0 rows'$$,
  'S4 no user and no visitor reads a row of them: row level security hides them too'
);
select is_empty(
  $$select who, v, tests.answer(who, 'select from ' || v)
    from unnest(array['visitor', 'acme_owner', 'platform_admin', 'service']) as who,
      unnest(array['pg_statistic', 'pg_statistic_ext_data']) as v
    where tests.answer(who, 'select from ' || v) not like '42501 permission denied for table %'$$,
  'S4 and nobody from the API the tables under them'
);
-- The wall is row level security: without it the most common values of all tenants are there to read.
create function tests.values_seen_without() returns text language plpgsql as $$
begin
  alter table public.conversations disable row level security;
  raise exception using errcode = 'UNDO0', message = tests.value_as('acme_member',
    'select most_common_vals from pg_stats where schemaname = ''public'' and tablename = ''conversations'' and attname = ''title''');
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select matches(tests.values_seen_without(), 'Secret', 'S4 with it off they would be');

-- No way to a statement of one's own: nothing that the API serves runs a text, or explains one.
select is_empty(
  $$select f.name from tests.functions as f
    where (has_function_privilege('anon', f.oid, 'execute') or has_function_privilege('authenticated', f.oid,
      'execute'))
      and tests.without_planning(f.prosrc) ~* '\m(execute|explain|query_to_xml|table_to_xml|cursor_to_xml|dblink|set_config|pg_read_file|lo_import)\M'$$,
  'S7 no function that users may call makes a statement of a text'
);
select is_empty(
  $$select p.oid::regprocedure from pg_proc as p
    where p.pronamespace = 'public'::regnamespace and not exists (select from tests.functions as f
      where f.oid = p.oid)$$,
  'S7 and no extension has put a function where the API serves it'
);

select * from finish();
rollback;
