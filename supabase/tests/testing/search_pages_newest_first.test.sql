-- Page by page, newest first, nothing twice and nothing left out, also among rows of the same moment.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
\ir ../helpers/browsers.psql
select plan(8);

-- Three moments, each with four rows.
select tests.make_generation('page' || i, 'acme_member',
  jsonb_build_object('prompt', 'zebra', 'created_at', '2026-01-01'::timestamptz + i / 4 * interval '1 day'))
from generate_series(0, 11) as i;
select tests.make_session('page' || i, 'acme_member',
  jsonb_build_object('name', 'zebra', 'created_at', '2026-01-01'::timestamptz + i / 4 * interval '1 day'))
from generate_series(0, 11) as i;

create function tests.pages(search text, size integer) returns uuid[] language plpgsql as $$
declare
  v_row record;
  v_before timestamptz;
  v_before_id uuid;
  v_ids uuid[] := '{}';
  v_rows integer := 1;
begin
  while v_rows > 0 loop
    v_rows := 0;
    for v_row in execute format(
      'select id, created_at from public.%I(tests.tenant_id(''acme''), ''zebra'', null, $1, $2, $3)', pages.search
    ) using pages.size, v_before, v_before_id loop
      v_ids := v_ids || v_row.id;
      v_before := v_row.created_at;
      v_before_id := v_row.id;
      v_rows := v_rows + 1;
    end loop;
    if v_rows > pages.size then
      return null;
    end if;
  end loop;
  return v_ids;
end
$$;
grant execute on function tests.pages(text, integer) to authenticated;

select tests.sign_in('acme_viewer');
select is(
  tests.pages('search_ai_generations', size),
  array(select id from public.ai_generations where prompt = 'zebra' order by created_at desc, id desc),
  format('T9: generations by %s', size)
)
from unnest(array[1, 3, 200]) as size;
select is(
  tests.pages('search_browser_sessions', size),
  array(select id from public.browser_sessions where name = 'zebra' order by created_at desc, id desc),
  format('T9: sessions by %s', size)
)
from unnest(array[1, 3, 200]) as size;
select tests.as_operator();
select tests.make_generation('many' || i, 'acme_member', '{"prompt": "okapi"}') from generate_series(1, 60) as i;
select tests.make_session('many' || i, 'acme_member', '{"name": "okapi"}') from generate_series(1, 60) as i;
select is(tests.rows_as('acme_viewer', 'select from public.search_ai_generations(tests.tenant_id(''acme''), ''okapi'')'), 50,
  'T9: a page of generations has 50 rows unless told otherwise');
select is(tests.rows_as('acme_viewer', 'select from public.search_browser_sessions(tests.tenant_id(''acme''), ''okapi'')'), 50,
  'T9: one of sessions too');

select * from finish();
rollback;
