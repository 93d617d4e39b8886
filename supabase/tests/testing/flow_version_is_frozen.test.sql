-- A run gets the latest version, or the next one if the flow has changed since.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(21);

create function tests.freeze(who text, flow text default 'acme_login') returns integer language sql return tests.value_as(who,
  format('select public.freeze_visual_test_flow(tests.tenant_id(''acme''), tests.flow_id(%L))', flow))::integer;

select is(tests.freeze('acme_member'), 1, 'T3 the first run makes version 1');
select is(tests.freeze('acme_member2'), 1, 'T3 the next one of the same flow runs it again');
select is(tests.freeze('acme_member', 'acme_empty'), 1, 'T3 every flow has versions of its own');
select is(
  (select snapshot from public.visual_test_flow_versions where flow_id = tests.flow_id('acme_login')),
  jsonb_build_object('name', 'Login', 'description', null, 'tags', '[]', 'base_url', null, 'settings', '{}', 'steps', (
    select jsonb_agg(jsonb_build_object('position', n, 'action', 'click', 'target', '#' || c, 'value', null, 'timeout_ms', null,
      'expectation', '{}'::jsonb, 'settings', '{}'::jsonb, 'description', c) order by n)
    from unnest('{a, b, c}'::text[]) with ordinality as s (c, n)
  )) || '{"tags": [], "settings": {}}',
  'T3 it holds the flow and its steps in order'
);
select is((select snapshot -> 'steps' from public.visual_test_flow_versions where flow_id = tests.flow_id('acme_empty')), '[]',
  'T3 a flow may have none');
select is(content_hash, encode(sha256(convert_to(snapshot::text, 'UTF8')), 'hex'), 'T3 the hash is that of the snapshot')
from public.visual_test_flow_versions where flow_id = tests.flow_id('acme_login');
select is(created_by, tests.user_id('acme_member'), 'T3 who ran it first is written down')
from public.visual_test_flow_versions where flow_id = tests.flow_id('acme_login');

create function tests.freeze_after(change text) returns integer language plpgsql as $$
begin
  execute format('update public.visual_test_%s', freeze_after.change);
  return tests.freeze('service');
end
$$;
select is(tests.freeze_after(format(change, 'acme_login')), n::integer, format('T3 version %s after a change: %s', n, change))
from unnest(array[
  $$flows set name = 'Sign in' where id = tests.flow_id(%L)$$,
  $$flows set description = 'd' where id = tests.flow_id(%L)$$,
  $$flows set tags = '{t}' where id = tests.flow_id(%L)$$,
  $$flows set base_url = 'https://acme.test' where id = tests.flow_id(%L)$$,
  $$flows set settings = '{"a": 1}' where id = tests.flow_id(%L)$$,
  $$steps set value = 'v' where flow_id = tests.flow_id(%L) and position = 2$$,
  $$steps set position = 4 - position where flow_id = tests.flow_id(%L)$$,
  $$steps set value = null where flow_id = tests.flow_id(%L)$$
]) with ordinality as v (change, place) cross join lateral (select place + 1 as n) as numbered
order by place;
select is(tests.freeze_after($$flows set project_id = null where id = tests.flow_id('acme_login')$$), 9,
  'T3 what does not run makes none');
select is(tests.freeze_after($$flows set name = name where id = tests.flow_id('acme_login')$$), 9, 'T3 nor does no change');
select is(tests.freeze_after($$steps set position = 4 - position where flow_id = tests.flow_id('acme_login')$$), 10,
  'T3 what was before is a version of its own');
select is((select array_agg(version order by version) from public.visual_test_flow_versions
  where flow_id = tests.flow_id('acme_login')), array(select generate_series(1, 10)), 'T3 no number is left out');
select is((select snapshot ->> 'name' from public.visual_test_flow_versions
  where flow_id = tests.flow_id('acme_login') and version = 1), 'Login', 'T3 version 1 is as it was');
select is(tests.rows_as('acme_viewer', 'select from public.visual_test_flow_versions'), 11, 'T3 viewers read the versions');

select * from finish();
rollback;
