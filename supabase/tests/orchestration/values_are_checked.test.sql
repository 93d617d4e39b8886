-- What a workflow and a task may hold, at the edges.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(54);

create function tests.broken(statement text) returns text language plpgsql as $$
declare
  v_constraint text;
begin
  execute statement;
  return 'none';
exception when check_violation then
  get stacked diagnostics v_constraint = constraint_name;
  return v_constraint;
end
$$;
select is(tests.broken(format('update public.workflows set %s where id = tests.flow_id(''plan'')', assignment)), broken,
  format('O1: %s', left(assignment, 60)))
from (values
  ('phases = ''[{"name": "design", "weight": 3}, {"name": "build"}]''', 'none'),
  ('current_phase = ''build''', 'none'), ('current_phase = ''sale''', 'current_phase_is_one_of_the_phases'),
  ('phases = ''[{"name": "design"}]''', 'current_phase_is_one_of_the_phases'),
  ('phases = ''[]'', current_phase = null', 'none'),
  ('phases = ''["design"]''', 'each_phase_has_a_name_of_1_to_200_characters'),
  ('phases = ''[{"title": "design"}]''', 'each_phase_has_a_name_of_1_to_200_characters'),
  ('phases = ''[{"name": 1}]''', 'each_phase_has_a_name_of_1_to_200_characters'),
  ('phases = ''[{"name": ""}]''', 'each_phase_has_a_name_of_1_to_200_characters'),
  ('phases = ''[{"name": null}]''', 'each_phase_has_a_name_of_1_to_200_characters'),
  ('phases = ''[[{"name": "design"}]]''', 'each_phase_is_an_object'),
  ('phases = ''[{"name": "design"}, {}]''', 'each_phase_has_a_name_of_1_to_200_characters'),
  ('phases = jsonb_build_array(jsonb_build_object(''name'', repeat(''x'', 200)))', 'none'),
  ('phases = jsonb_build_array(jsonb_build_object(''name'', repeat(''x'', 201)))',
    'each_phase_has_a_name_of_1_to_200_characters'),
  ('phases = jsonb_build_array(jsonb_build_object(''name'', ''x'', ''note'', repeat(''x'', 70000)))',
    'phases_is_an_array_of_at_most_64_kb'),
  ('phases = ''{"name": "alone"}''', 'phases_is_an_array_of_at_most_64_kb'),
  ('metadata = jsonb_build_object(''note'', repeat(''x'', 4194292))', 'none'),
  ('metadata = jsonb_build_object(''note'', repeat(''x'', 4194293))', 'metadata_is_an_object_of_at_most_4_mb'),
  ('metadata = ''["note"]''', 'metadata_is_an_object_of_at_most_4_mb'),
  ('description = repeat(''x'', 102400)', 'none'),
  ('source = ''file'', source_key = ''plan''', 'none'), ('source = null', 'source_key_has_a_source'),
  ('tasks_done = 1', 'no_more_tasks_are_over_than_there_are'), ('tasks_cancelled = 1', 'no_more_tasks_are_over_than_there_are'),
  ('tasks_total = 2, tasks_done = 1, tasks_cancelled = 1', 'none'),
  ('tasks_total = 2, tasks_done = 3, tasks_cancelled = -1', 'no_more_tasks_are_over_than_there_are'),
  ('tasks_total = 2, tasks_done = -1, tasks_cancelled = 3', 'no_more_tasks_are_over_than_there_are')
) as v (assignment, broken);

select tests.add_task('one');
select is(tests.broken(format('update public.tasks set %s where id = tests.task_id(''one'')', assignment)), broken,
  format('O2: %s', left(assignment, 60)))
from (values
  ('effort_estimate = 0, effort_actual = 1000000', 'none'),
  ('effort_estimate = -0.1', 'effort_estimate_is_between_0_and_a_million'),
  ('effort_actual = -1', 'effort_actual_is_between_0_and_a_million'),
  ('effort_estimate = ''NaN''', 'effort_estimate_is_between_0_and_a_million'),
  ('effort_actual = ''Infinity''', 'effort_actual_is_between_0_and_a_million'),
  ('metadata = jsonb_build_object(''note'', repeat(''x'', 4194292))', 'none'),
  ('metadata = jsonb_build_object(''note'', repeat(''x'', 4194293))', 'metadata_is_an_object_of_at_most_4_mb'),
  ('metadata = ''["note"]''', 'metadata_is_an_object_of_at_most_4_mb'),
  ('details = repeat(''x'', 4194304), description = repeat(''x'', 1048576)', 'none'),
  ('requirements = array_fill(''x''::text, array[500]), acceptance_criteria = ''{met}'', tags = ''{urgent}''', 'none'),
  ('requirements = array_fill(''x''::text, array[501])', 'requirements_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('requirements = array[repeat(''x'', 262145)]', 'requirements_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('requirements = ''{{a},{b}}''', 'requirements_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('requirements = ''{a,null}''', 'requirements_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('acceptance_criteria = array_fill(''x''::text, array[501])', 'acceptance_criteria_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('acceptance_criteria = array[repeat(''x'', 262145)]', 'acceptance_criteria_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('acceptance_criteria = ''{{a},{b}}''', 'acceptance_criteria_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('acceptance_criteria = ''{a,null}''', 'acceptance_criteria_is_a_list_of_at_most_500_texts_and_256_kb'),
  ('tags = array_fill(''x''::text, array[101])', 'tags_is_a_list_of_at_most_100_texts_and_10_kb'),
  ('tags = array[repeat(''x'', 10241)]', 'tags_is_a_list_of_at_most_100_texts_and_10_kb'),
  ('tags = ''{{a},{b}}''', 'tags_is_a_list_of_at_most_100_texts_and_10_kb'),
  ('tags = ''{a,null}''', 'tags_is_a_list_of_at_most_100_texts_and_10_kb'),
  ('source = ''file'', source_key = ''1''', 'none'), ('source = null', 'source_key_has_a_source'),
  ('position = -1', 'position_is_not_negative'), ('priority = ''urgent''', 'priority_is_known')
) as v (assignment, broken);
select tests.add_task(p, priority => p) from unnest(array['low', 'critical', 'medium', 'high']) as p;
select is(
  (select string_agg(title, ' ' order by priority_rank) from public.tasks where title <> 'one'), 'critical high medium low',
  'O2: priorities have an order'
);

select * from finish();
rollback;
