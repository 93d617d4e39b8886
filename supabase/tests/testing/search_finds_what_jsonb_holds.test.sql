-- filter is contained in the result of a generation, and in one artefact of a session; with words, both have to fit.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
\ir ../helpers/browsers.psql
select plan(15);

select tests.make_generation(name, 'acme_member',
  jsonb_build_object('status', 'succeeded', 'started_at', now(), 'prompt', words, 'result', result))
from (values
  ('one', 'zebra', '{"kind": "test", "of": {"page": "home"}, "tags": ["a", "b"]}'::jsonb),
  ('two', 'okapi', '{"kind": "test", "of": {"page": "cart"}, "tags": ["b"], "note": null}')
) as v (name, words, result);
select tests.make_session(name, 'acme_member', jsonb_build_object('name', words, 'artefacts', artefacts))
from (values
  ('one', 'zebra', '[{"kind": "video", "path": "a", "of": {"page": "home"}}, {"kind": "log", "path": "b"}]'::jsonb),
  ('two', 'okapi', '[{"kind": "log", "path": "a", "of": {"page": "home"}}, {"kind": "video", "path": "b"}]')
) as v (name, words, artefacts);

select tests.sign_in('acme_viewer');
select set_eq(
  format('select id from public.search_ai_generations(tests.tenant_id(''acme''), %L, %L)', words, filter),
  format('select tests.generation_id(n) from unnest(%L::text[]) as n', names), format('T9: generations: %s %s', filter, words)
)
from (values
  ('{"kind": "test"}', null, '{one, two}'), ('{"of": {"page": "home"}}', null, '{one}'), ('{"tags": ["b"]}', null, '{one, two}'),
  ('{"tags": ["b", "a"]}', null, '{one}'), ('{"note": null}', null, '{two}'), ('{"kind": "test", "of": {"page": "x"}}', null, '{}'),
  ('{"page": "home"}', null, '{}'), ('{"kind": "test"}', 'okapi', '{two}'), ('{"note": null}', 'zebra', '{}')
) as v (filter, words, names);
select set_eq(
  format('select id from public.search_browser_sessions(tests.tenant_id(''acme''), %L, %L)', words, filter),
  format('select tests.session_id(n) from unnest(%L::text[]) as n', names), format('T9: sessions: %s %s', filter, words)
)
from (values
  ('{"kind": "video"}', null, '{one, two}'), ('{"kind": "video", "of": {"page": "home"}}', null, '{one}'),
  ('{"path": "b"}', null, '{one, two}'), ('{"kind": "trace"}', null, '{}'), ('{"kind": "video"}', 'okapi', '{two}'),
  ('{"kind": "video", "path": "a"}', 'okapi', '{}')
) as v (filter, words, names);

select * from finish();
rollback;
