-- Each artefact has a kind and one place; what people filter by stands in plain columns, whose indexes policies leave alive.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/browsers.psql
select plan(33);

create function tests.refused_by(artefacts jsonb) returns text language plpgsql as $$
declare
  v_name text;
begin
  insert into public.browser_sessions (tenant_id, browser, artefacts)
  values (tests.tenant_id('acme'), 'chrome', refused_by.artefacts);
  return 'nothing';
exception
  when check_violation then
    get stacked diagnostics v_name = constraint_name;
    return v_name;
end
$$;
select is(tests.refused_by(artefacts), 'artefacts_each_have_a_kind_and_a_path_or_url', format('T2: refused: %s', left(artefacts::text, 60)))
from unnest(array[
  '["video"]', '[null]', '[[{"kind": "log", "path": "a"}]]', '[{}]', '[{"kind": "log"}]', '[{"path": "a"}]',
  '[{"kind": null, "path": "a"}]', '[{"kind": "Log", "path": "a"}]', '[{"kind": "", "path": "a"}]', '[{"kind": ["log"], "path": "a"}]',
  '[{"kind": "log", "path": ""}]', '[{"kind": "log", "path": "/etc/passwd"}]', '[{"kind": "log", "path": ["a"]}]',
  '[{"kind": "log", "url": "ftp://a"}]', '[{"kind": "log", "url": "https://"}]', '[{"kind": "log", "url": ["https://a"]}]',
  '[{"kind": "log", "path": "a", "url": "https://a"}]', '[{"kind": "log", "path": "a"}, {"kind": "log"}]'
]::jsonb[]) as artefacts;
select is(tests.refused_by(artefacts), 'artefacts_is_an_array_of_at_most_200_in_64_kb', format('T2: refused: %s', left(artefacts::text, 60)))
from unnest(array[
  '"video"', '{}',
  (select jsonb_agg('{"kind": "log", "path": "a"}'::jsonb) from generate_series(1, 201)),
  jsonb_build_array(jsonb_build_object('kind', 'log', 'path', repeat('x', 65536)))
]::jsonb[]) as artefacts;
select is(tests.refused_by(artefacts), 'nothing', format('T2: accepted: %s', left(artefacts::text, 60)))
from unnest(array[
  '[]', '[{"kind": "log", "path": "a"}]', '[{"kind": "har_2", "url": "http://a"}]',
  '[{"kind": "trace", "url": "https://a", "bytes": 12, "of": {"step": [1]}}]',
  (select jsonb_agg('{"kind": "log", "path": "a"}'::jsonb) from generate_series(1, 200))
]::jsonb[]) as artefacts;
select throws_ok(
  $$insert into public.browser_sessions (tenant_id, browser, artefacts) values (tests.tenant_id('acme'), 'chrome', null)$$,
  '23502', 'null value in column "artefacts" of relation "browser_sessions" violates not-null constraint',
  'T2: no artefacts are an empty list'
);

select tests.make_session('acme_' || kind, 'acme_member',
  format('{"artefacts": [{"kind": "%s", "path": "a"}, {"kind": "log", "path": "b"}]}', kind)::jsonb)
from unnest(array['screenshot', 'trace', 'video']) as kind;
select results_eq(
  format('select artefact_count, has_screenshot, has_trace, has_video from public.browser_sessions where id = tests.session_id(%L)',
    'acme_' || kind),
  format('values (%s, %L::boolean, %L::boolean, %L::boolean)', total, screenshot, trace, video), format('T2: told of %s', kind)
)
from (values ('screenshot', 2, 't', 'f', 'f'), ('trace', 2, 'f', 't', 'f'), ('video', 2, 'f', 'f', 't'), ('other', 0, 'f', 'f', 'f'))
  as v (kind, total, screenshot, trace, video);
update public.browser_sessions set artefacts = '[{"kind": "video", "path": "a"}]' where id = tests.session_id('acme_trace');
select results_eq(
  $$select artefact_count, has_trace, has_video from public.browser_sessions where id = tests.session_id('acme_trace')$$,
  'values (1, false, true)', 'T2: the columns follow what is changed'
);

select * from finish();
rollback;
