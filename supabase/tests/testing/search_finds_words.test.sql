-- Words are found wherever they stand, in the forms of the language, as phrases, either or not; rank says how well they fit.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
\ir ../helpers/browsers.psql
select plan(22);

select tests.make_generation(name, 'acme_member', what)
from (values
  ('in_prompt', '{"prompt": "Fills the zebra form, then submits", "created_at": "2026-01-04"}'::jsonb),
  ('in_error', '{"status": "failed", "error": "No zebra in forms", "created_at": "2026-01-03"}'),
  ('in_result', '{"status": "succeeded", "started_at": "2026-01-01", "result": {"steps": [{"say": "zebra"}]}, "created_at": "2026-01-02"}'),
  ('in_key', '{"status": "succeeded", "started_at": "2026-01-01", "result": {"zebra": 1}, "created_at": "2026-01-01"}')
) as v (name, what);
select tests.make_session(name, 'acme_member', what)
from (values
  ('in_prompt', '{"name": "Fills the zebra form, then submits", "created_at": "2026-01-04"}'::jsonb),
  ('in_error', '{"status": "failed", "error": "No zebra in forms", "created_at": "2026-01-03"}'),
  ('in_result', '{"artefacts": [{"kind": "log", "path": "a", "of": "zebra"}], "created_at": "2026-01-02"}'),
  ('in_key', '{"artefacts": [{"kind": "log", "path": "a", "zebra": 1}], "created_at": "2026-01-01"}')
) as v (name, what);

create function tests.found(words text) returns text[] language sql stable
  return array(
    select n.name from public.search_ai_generations(tests.tenant_id('acme'), words) with ordinality as s
    join unnest(array['in_prompt', 'in_error', 'in_result', 'in_key']) as n (name) on tests.generation_id(n.name) = s.id
    order by s.ordinality
  );
create function tests.found_sessions(words text) returns text[] language sql stable
  return array(
    select n.name from public.search_browser_sessions(tests.tenant_id('acme'), words) with ordinality as s
    join unnest(array['in_prompt', 'in_error', 'in_result', 'in_key']) as n (name) on tests.session_id(n.name) = s.id
    order by s.ordinality
  );
grant execute on function tests.found(text), tests.found_sessions(text) to authenticated;

select tests.sign_in('acme_viewer');
create temp table searches as
select * from (values
  ('zebra', '{in_prompt, in_error, in_result}'::text[]), ('ZEBRAS', '{in_prompt, in_error, in_result}'),
  ('zebra form', '{in_prompt, in_error}'), ('"zebra form"', '{in_prompt}'), ('filling or okapi', '{in_prompt}'),
  ('zebra -form', '{in_result}'), ('zebra submit', '{in_prompt}'), ('okapi', '{}')
) as v (words, names);
select is(tests.found(words), names, format('T9: generations: %s', words)) from searches;
select is(tests.found_sessions(words), names, format('T9: sessions: %s', words)) from searches;
select ok(a.rank > b.rank and b.rank > c.rank and c.rank > 0, 'T9: a word weighs more in the prompt than in the error, and there than in the result')
from public.search_ai_generations(tests.tenant_id('acme'), 'zebra') as a,
  public.search_ai_generations(tests.tenant_id('acme'), 'zebra') as b,
  public.search_ai_generations(tests.tenant_id('acme'), 'zebra') as c
where a.id = tests.generation_id('in_prompt') and b.id = tests.generation_id('in_error') and c.id = tests.generation_id('in_result');
select ok(a.rank > b.rank and b.rank > c.rank and c.rank > 0, 'T9: and in the name than in the error, and there than in the artefacts')
from public.search_browser_sessions(tests.tenant_id('acme'), 'zebra') as a,
  public.search_browser_sessions(tests.tenant_id('acme'), 'zebra') as b,
  public.search_browser_sessions(tests.tenant_id('acme'), 'zebra') as c
where a.id = tests.session_id('in_prompt') and b.id = tests.session_id('in_error') and c.id = tests.session_id('in_result');

-- What is shown of what was found.
select tests.as_operator();
update public.ai_generations set project_id = tests.project_id('acme_house') where id = tests.generation_id('in_error');
update public.browser_sessions set project_id = tests.project_id('acme_house'), browser_version = '142', artefacts = '[{"kind": "log", "path": "a"}]'
where id = tests.session_id('in_error');
select tests.make_generation('long', 'acme_member', jsonb_build_object('prompt', 'okapi ' || repeat('x', 1000)));
select tests.sign_in('acme_viewer');
select results_eq(
  $$select id, created_at, created_by, project_id, kind, model, status, prompt_start, error
    from public.search_ai_generations(tests.tenant_id('acme'), 'zebra forms -submit -say')
    where status = 'failed'$$,
  $$select id, created_at, created_by, project_id, kind, model, status, prompt, error from public.ai_generations
    where id = tests.generation_id('in_error')$$, 'T9: a generation is shown as it is'
);
select is((select char_length(s.prompt_start) from public.search_ai_generations(tests.tenant_id('acme'), 'okapi') as s), 300,
  'T9: of a long prompt the start');
select results_eq(
  $$select id, created_at, created_by, project_id, name, browser, browser_version, status, artefact_count, error
    from public.search_browser_sessions(tests.tenant_id('acme'), 'zebra') where status = 'failed'$$,
  $$select id, created_at, created_by, project_id, name, browser, browser_version, status, artefact_count, error
    from public.browser_sessions where id = tests.session_id('in_error')$$, 'T9: a session is shown as it is'
);
select is((select s.rank from public.search_browser_sessions(tests.tenant_id('acme'), filter => '{"of": "zebra"}') as s), null,
  'T9: without words there is no rank');

select * from finish();
rollback;
