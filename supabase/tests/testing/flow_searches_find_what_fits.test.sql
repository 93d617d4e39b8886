-- Flows are found by name, description and tags, steps by description, value, target and what they expect; a page at a time.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/flows.psql
select plan(36);

insert into public.visual_test_flows (tenant_id, id, name, description, tags, created_at)
values
  (tests.tenant_id('acme'), tests.flow_id('one'), 'Feeds zebras', null, '{smoke, night}', '2026-01-03'),
  (tests.tenant_id('acme'), tests.flow_id('two'), 'Feeds', 'A wild zebra', '{night}', '2026-01-02'),
  (tests.tenant_id('acme'), tests.flow_id('three'), 'Okapi', null, '{}', '2026-01-01'),
  (tests.tenant_id('globex'), tests.flow_id('one'), 'Feeds zebras', null, '{smoke, night}', '2026-01-03');
insert into public.visual_test_steps (
  tenant_id, id, flow_id, position, action, description, value, target, expectation, created_at
)
select tests.tenant_id(tenant), tests.step_id(name), tests.flow_id('one'), place, 'fill', description, value, target, expectation, moment
from (values
  ('acme', 'one', 1, 'A zebra', 'x', '#x', '{"shown": {"text": "a"}}'::jsonb, '2026-01-03'::timestamptz),
  ('acme', 'two', 2, null, 'zebra', '#x', '{"shown": {"text": "b"}}', '2026-01-02'),
  ('acme', 'three', 3, null, 'x', '#zebra', '{}', '2026-01-01'),
  ('globex', 'one', 1, 'A zebra', 'x', '#x', '{"shown": {"text": "a"}}', '2026-01-03')
) as v (tenant, name, place, description, value, target, expectation, moment);

select tests.sign_in('both_member');
create function pg_temp.names(kind text, statement text) returns text language plpgsql as $$
declare
  v_names text;
begin
  execute format('select string_agg(n, '' '' order by s.ordinality) from %s with ordinality as s'
    ' join unnest(array[''one'', ''two'', ''three'']) as n on tests.id(%L, n) = s.id', statement, kind) into v_names;
  return v_names;
end
$$;
select is(pg_temp.names('flow', format('public.search_visual_test_flows(tests.tenant_id(''acme''), %s)', a)), names, format('T9: flows: %s', a))
from (values
  ('''zebra''', 'one two'), ('''feed -zebra''', null), ('''zebra''', 'one two'), (' ''okapi''', 'three'), ('tagged => ''{night}''', 'one two'),
  ('tagged => ''{night, smoke}''', 'one'), ('tagged => ''{night, day}''', null), ('tagged => array[null]::text[]', null),
  ('''okapi'', ''{night}''', null), ('''zebra'', ''{smoke}''', 'one'), ('''zebra'', page_size => 1', 'one'),
  ('''zebra'', before => ''2026-01-03'', before_id => tests.flow_id(''one'')', 'two')
) as v (a, names);
select is(pg_temp.names('step', format('public.search_visual_test_steps(tests.tenant_id(''acme''), %s)', a)), names, format('T9: steps: %s', a))
from (values
  ('''zebra''', 'one two three'), ('''okapi''', null), ('filter => ''{"shown": {}, "x": 1}''', null),
  ('filter => ''{"shown": {"text": "b"}}''', 'two'), ('''okapi'', ''{"shown": {"text": "b"}}''', null),
  ('''zebra'', ''{"shown": {"text": "a"}}''', 'one'), ('''zebra'', page_size => 2', 'one two'),
  ('''zebra'', before => ''2026-01-02'', before_id => tests.step_id(''two'')', 'three')
) as v (a, names);
select results_eq(
  $$select id, created_at, created_by, project_id, name, description, tags, is_archived, rank > 0
    from public.search_visual_test_flows(tests.tenant_id('acme'), 'wild')$$,
  $$select id, created_at, created_by, project_id, name, description, tags, is_archived, true from public.visual_test_flows
    where tenant_id = tests.tenant_id('acme') and id = tests.flow_id('two')$$, 'T9: a flow is shown as it is'
);
select results_eq(
  $$select id, created_at, flow_id, "position", action, target, value, description, rank > 0
    from public.search_visual_test_steps(tests.tenant_id('acme'), 'zebra', '{"shown": {"text": "a"}}')$$,
  $$select id, created_at, flow_id, "position", action, target, value, description, true from public.visual_test_steps
    where tenant_id = tests.tenant_id('acme') and id = tests.step_id('one')$$, 'T9: a step is shown as it is'
);
select ok(max(rank) filter (where id = tests.flow_id('one')) > max(rank) filter (where id = tests.flow_id('two')), 'T9: a name weighs more')
from public.search_visual_test_flows(tests.tenant_id('acme'), 'zebra');
select ok(a.rank > b.rank and b.rank > c.rank, 'T9: a description weighs more than a value, and that than a target')
from public.search_visual_test_steps(tests.tenant_id('acme'), 'zebra') as a,
  public.search_visual_test_steps(tests.tenant_id('acme'), 'zebra') as b,
  public.search_visual_test_steps(tests.tenant_id('acme'), 'zebra') as c
where a.id = tests.step_id('one') and b.id = tests.step_id('two') and c.id = tests.step_id('three');
select throws_ok(format('select from public.search_visual_test_%s(tests.tenant_id(''acme''), %s)', f, a), '22023', message,
  format('T9: %s refuse %s', f, a))
from (values
  ('flows', 'tagged => ''{}''', 'tagged must name at least one tag.'), ('flows', 'null', 'There is nothing to search for.'),
  ('flows', '''zebra'', page_size => 0', 'page_size must be between 1 and 200.'),
  ('steps', 'null', 'There is nothing to search for.'),
  ('steps', 'filter => ''{}''', 'filter must be an object of at most 8 KB with at least one value.'),
  ('steps', '''zebra'', page_size => 0', 'page_size must be between 1 and 200.')
) as v (f, a, message);
select tests.throws_as(who, format('select from public.search_visual_test_%s(tests.tenant_id(''acme''), ''zebra'')', f), code, message,
  format('T9: %s: %s', who, f))
from unnest(array['flows', 'steps']) as f
cross join (values ('globex_owner', 'PT404', 'There is no such tenant.'),
  ('acme_customer', '42501', 'This needs the role viewer or a higher one.')) as v (who, code, message);
select is(tests.rows_as('acme_viewer', format('select from public.search_visual_test_%s(tests.tenant_id(''acme''), ''zebra'')', f)), rows,
  format('T9: a viewer searches %s', f))
from (values ('flows', 2), ('steps', 3)) as v (f, rows);

select * from finish();
rollback;
