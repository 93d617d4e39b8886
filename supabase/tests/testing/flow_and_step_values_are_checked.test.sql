-- The edges of what flows and steps take.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(50);

create function tests.refused(subject text, assignment text, constraint_name text) returns text language sql return
  tests.throws_as('acme_member', format('update public.visual_test_%s set %s where id = any (array[tests.flow_id(''acme_login''),
    tests.step_id(''b'')])', subject, assignment), '23514', format(
    'new row for relation "visual_test_%s" violates check constraint "%s"', subject, constraint_name),
    format('T3 refused: %s', left(assignment, 60)));
create function tests.accepted(subject text, assignment text) returns text language sql return
  is(tests.rows_as('acme_member', format('update public.visual_test_%s set %s where id = any (array[
    tests.flow_id(''acme_login''), tests.step_id(''b'')])', subject, assignment)), 1,
    format('T3 accepted: %s', left(assignment, 60)));

select unnest(array[tests.accepted('flows', good), tests.refused('flows', wrong, name)]) from (values
  ($$name = repeat('x', 200)$$, $$name = repeat('x', 201)$$, 'name_has_1_to_200_characters'),
  ($$name = 'x'$$, $$name = ' '$$, 'name_has_1_to_200_characters'),
  ($$description = repeat('x', 10000)$$, $$description = repeat('x', 10001)$$, 'description_has_at_most_10000_characters'),
  ($$tags = array_fill('x'::text, '{20}')$$, $$tags = array_fill('x'::text, '{21}')$$, 'tags_are_at_most_20'),
  ($$tags = '{a, b}'$$, $$tags = '{a, ""}'$$, 'tags_are_not_empty'),
  ($$tags = '{}'$$, $$tags = '{a, null}'$$, 'tags_are_not_empty'),
  ($$tags = array[repeat('x', 500), repeat('y', 500)]$$, $$tags = array[repeat('x', 500), repeat('y', 501)]$$,
    'tags_have_at_most_1000_characters'),
  ($$base_url = 'http://acme.test'$$, $$base_url = 'ftp://acme.test'$$, 'base_url_is_a_web_address'),
  ($$base_url = rpad('https://acme.test/', 2000, 'x')$$, $$base_url = rpad('https://acme.test/', 2001, 'x')$$,
    'base_url_is_a_web_address'),
  ($$settings = jsonb_build_object('a', repeat('x', 65527))$$, $$settings = jsonb_build_object('a', repeat('x', 65528))$$,
    'settings_is_an_object_of_at_most_64_kb'),
  ($$settings = '{}'$$, $$settings = '[]'$$, 'settings_is_an_object_of_at_most_64_kb')
) as v (good, wrong, name);
select unnest(array[tests.accepted('steps', good), tests.refused('steps', wrong, name)]) from (values
  ($$action = 'hover'$$, $$action = 'jump'$$, 'action_is_known'),
  ($$target = repeat('x', 2000)$$, $$target = repeat('x', 2001)$$, 'target_has_1_to_2000_characters'),
  ($$target = 'x'$$, $$target = ''$$, 'target_has_1_to_2000_characters'),
  ($$value = repeat('x', 10000)$$, $$value = repeat('x', 10001)$$, 'value_has_at_most_10000_characters'),
  ($$expectation = jsonb_build_object('a', repeat('x', 16375))$$,
    $$expectation = jsonb_build_object('a', repeat('x', 16376))$$,
    'expectation_is_an_object_of_at_most_16_kb'),
  ($$expectation = '{}'$$, $$expectation = '1'$$, 'expectation_is_an_object_of_at_most_16_kb'),
  ($$settings = jsonb_build_object('a', repeat('x', 16375))$$, $$settings = jsonb_build_object('a', repeat('x', 16376))$$,
    'settings_is_an_object_of_at_most_16_kb'),
  ($$settings = '{}'$$, $$settings = '""'$$, 'settings_is_an_object_of_at_most_16_kb'),
  ($$timeout_ms = 1$$, $$timeout_ms = 0$$, 'timeout_is_between_1_ms_and_10_minutes'),
  ($$timeout_ms = 600000$$, $$timeout_ms = 600001$$, 'timeout_is_between_1_ms_and_10_minutes'),
  ($$description = repeat('x', 2000)$$, $$description = repeat('x', 2001)$$, 'description_has_at_most_2000_characters'),
  ($$action = 'press', target = null, value = 'Enter'$$, $$action = 'hover', target = null$$,
    'target_is_there_for_an_action_on_an_element'),
  ($$action = 'fill', target = '#x', value = ''$$, $$action = 'fill', value = null$$,
    'value_is_there_for_an_action_with_one'),
  ($$action = 'click', target = '#x', value = null$$, $$action = 'select', value = null$$,
    'value_is_there_for_an_action_with_one')
) as v (good, wrong, name);

select * from finish();
rollback;
