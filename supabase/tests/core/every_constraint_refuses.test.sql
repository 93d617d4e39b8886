-- Each check and each foreign key, of every table, is met by a row that it refuses: found by trying, from a row that is right.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/matrix.psql

create table tests.constraints as
select c.oid, c.conname::text as name, c.conrelid::regclass as relation, tests.column_names(c.conrelid, c.conkey) as columns,
  c.contype, c.confdeltype, pg_get_constraintdef(c.oid) as definition
from pg_constraint as c
join pg_class as r on r.oid = c.conrelid
where c.connamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
  and c.contype in ('c', 'f') and c.conparentid = 0 and r.relkind in ('r', 'p') and not r.relispartition;

-- What is wrong for most checks of a type, and what their own text makes one think of.
create function tests.wrong_values(relation regclass, column_name text, definition text) returns jsonb[] language sql as $$
  select array['null'::jsonb] || case
    when t.typcategory = 'N' then array['-1'::jsonb, '0', '101', '1001', '2000000000', '10000000000'] || case
      when t.typname in ('numeric', 'float8') then array['"NaN"'::jsonb, '1e15'] else '{}' end
    when t.typcategory = 'A' then array['[]'::jsonb]
    when t.typcategory = 'B' then array['true'::jsonb, 'false']
    when t.typname = 'jsonb' then array['[]'::jsonb, '{}', '"text"', jsonb_build_object('long', repeat('x', 300000))]
    when t.typname = 'interval' then array['"-1 second"'::jsonb, '"0"', '"1000 years"']
    when t.typname like 'timestamp%' then array['"1970-01-01"'::jsonb, '"3000-01-01"', '"-infinity"', '"infinity"']
    when t.typcategory in ('S', 'U') and t.typname <> 'uuid' then array['""'::jsonb, '"No Such Word!"', to_jsonb(repeat('x', 20001))]
    else '{}'
  end || tests.candidates(relation, column_name, definition)
  from pg_attribute as a join pg_type as t on t.oid = a.atttypid
  where a.attrelid = relation and a.attname = column_name
$$;

-- The constraint that refuses a row, or null.
create function tests.refused_by(relation regclass, new_row jsonb) returns text language plpgsql as $$
declare
  v_name text;
begin
  perform tests.insert_row(relation, new_row);
  raise exception using errcode = 'UNDO0';
exception
  when check_violation or foreign_key_violation then
    get stacked diagnostics v_name = constraint_name;
    return v_name;
  when others then
    -- Accepted, or refused for another reason: that is none of this constraint's doing.
    return case when sqlstate = 'UNDO0' then null end;
end
$$;

-- One that is there, else one that is made; without what is never written.
create function tests.right_row(relation regclass) returns jsonb language plpgsql as $$
declare
  v_row jsonb;
begin
  execute format('select to_jsonb(t) from %s as t order by 1 limit 1', relation) into v_row;
  return (
    select coalesce(v_row, tests.some_row(relation, '{}')) - coalesce(array_agg(a.attname::text), '{}')
    from pg_attribute as a where a.attrelid = relation and (a.attgenerated <> '' or a.attidentity = 'a')
  );
end
$$;

-- Where another check refuses first what is tried, or two columns have to be wrong together.
create table tests.wrong_rows (relation regclass, name text, changes jsonb, primary key (relation, name));
insert into tests.wrong_rows
values
  ('public.invitations', 'owner_is_not_confined', jsonb_build_object('role', 'owner', 'branch_ids', array[gen_random_uuid()])),
  ('public.invitations', 'is_not_both_accepted_and_revoked', '{"accepted_at": "2026-01-01", "revoked_at": "2026-01-01"}'),
  ('public.projects', 'github_repo_has_at_most_500_characters',
    jsonb_build_object('external_ids', jsonb_build_object('github_repo', repeat('x', 501)))),
  ('public.projects', 'linear_team_has_at_most_500_characters',
    jsonb_build_object('external_ids', jsonb_build_object('linear_team', repeat('x', 501)))),
  ('ops.health_thresholds', 'worse_is_known', '{"worse": "x", "warn": 2, "critical": 1}'),
  ('ops.alert_deliveries', 'state_is_known', '{"state": "x", "finished_at": "2026-01-01"}'),
  ('ops.health_thresholds', 'critical_is_worse_than_warn', '{"worse": "above", "warn": 2, "critical": 1}'),
  ('ops.maintenance_runs', 'status_is_known', '{"status": "x", "finished_at": "3000-01-01"}'),
  ('ops.maintenance_steps', 'status_is_known', '{"status": "x", "error": "x"}'),
  ('ops.schedule_runs', 'status_is_known', '{"status": "x", "finished_at": "3000-01-01", "error": "x"}');

create function tests.refuses(check_constraint tests.constraints) returns text language plpgsql as $$
declare
  v_row constant jsonb := tests.right_row(check_constraint.relation);
  v_column text;
  v_value jsonb;
begin
  foreach v_column in array check_constraint.columns loop
    foreach v_value in array tests.wrong_values(check_constraint.relation, v_column, check_constraint.definition) loop
      continue when v_value is null;
      if tests.refused_by(check_constraint.relation, v_row || jsonb_build_object(v_column, v_value)) = check_constraint.name then
        return 'refuses';
      end if;
    end loop;
  end loop;
  return (
    select 'refuses'
    from tests.wrong_rows as w
    where w.relation = check_constraint.relation and w.name = check_constraint.name
      and tests.refused_by(w.relation, v_row || w.changes) = w.name
  );
end
$$;
-- All of a key but its last column as it is somewhere, the last as it is nowhere.
create function tests.lost_key(key tests.constraints) returns jsonb language sql as $$
  select jsonb_object_agg(c, case
    when n < cardinality(key.columns) then tests.right_row(key.relation) -> c else tests.another_value(key.relation, c) end)
  from unnest(key.columns) with ordinality as k (c, n)
$$;
select plan((select count(*)::integer from tests.constraints) + 2);

select cmp_ok((select count(*) from tests.constraints), '>', 100::bigint, 'there are constraints to try');
select is(tests.refuses(c), 'refuses', format('%s of %s: %s', c.name, c.relation, c.definition))
from tests.constraints as c where c.contype = 'c' order by c.relation::text, c.name;

select is(tests.make_row(c.relation, tests.lost_key(c), false), null, format('%s of %s refuses what is not there', c.name, c.relation))
from tests.constraints as c where c.contype = 'f' order by c.relation::text, c.name;
select is_empty($$select name, relation from tests.constraints where contype = 'f' and confdeltype = 'a'$$,
  'every foreign key says what becomes of a row whose parent goes');

select * from finish();
rollback;
