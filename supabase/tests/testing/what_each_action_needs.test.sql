-- An action on an element needs a target, one that takes something a value.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(2);

create function tests.is_accepted(action text, target text, value text) returns boolean language plpgsql as $$
begin
  perform public.insert_visual_test_step(tests.tenant_id('acme'), tests.flow_id('acme_login'), is_accepted.action,
    is_accepted.target, is_accepted.value);
  return true;
exception
  when check_violation then
    return false;
end
$$;

select results_eq(
  $$select a, tests.is_accepted(a, '#x', null), tests.is_accepted(a, null, 'v')
    from unnest('{navigate, click, fill, select, press, hover, wait_for, assert_text, assert_visible, assert_url, screenshot,
      compare_screenshot}'::text[]) as a$$,
  $$values ('navigate', false, true), ('click', true, false), ('fill', false, false), ('select', false, false),
    ('press', false, true), ('hover', true, false), ('wait_for', true, false), ('assert_text', false, false),
    ('assert_visible', true, false), ('assert_url', false, true), ('screenshot', true, true),
    ('compare_screenshot', true, true)$$,
  'T3 with a target only, and with a value only'
);
select ok(bool_and(tests.is_accepted(a, '#x', 'v')), 'T3 with both, every action is accepted')
from unnest('{navigate, click, fill, select, press, hover, wait_for, assert_text, assert_visible, assert_url, screenshot,
  compare_screenshot}'::text[]) as a;

select * from finish();
rollback;
