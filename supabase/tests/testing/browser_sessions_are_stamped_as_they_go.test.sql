-- Start and end are filled in where the writer leaves them out, and give the duration.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/browsers.psql
select plan(9);

create function tests.stamps_of(name text) returns setof record language sql stable
  return (select row (s.started_at = now(), s.ended_at = now(), s.duration_ms)
    from public.browser_sessions as s where s.id = tests.session_id(stamps_of.name));

select results_eq(
  format('select * from tests.stamps_of(%L) as s (starts_now boolean, ends_now boolean, duration_ms bigint)', 'acme_' || state),
  format('values (%L::boolean, %L::boolean, null::bigint)', starts, ends), format('T2: made as %s', state)
)
from (values ('starting', null, null), ('running', 't', null), ('failed', null, 't'), ('cancelled', null, 't'))
  as v (state, starts, ends);
update public.browser_sessions set status = 'running', started_at = '2026-01-01 10:00Z'
where id = tests.session_id('acme_starting');
select results_eq(
  $$select started_at, ended_at from public.browser_sessions where id = tests.session_id('acme_starting')$$,
  $$values ('2026-01-01 10:00Z'::timestamptz, null::timestamptz)$$, 'T2: who starts it may say when that was'
);
update public.browser_sessions set status = 'completed', ended_at = '2026-01-01 10:00:01.5Z'
where id = tests.session_id('acme_starting');
select results_eq(
  $$select ended_at, duration_ms from public.browser_sessions where id = tests.session_id('acme_starting')$$,
  $$values ('2026-01-01 10:00:01.5Z'::timestamptz, 1500::bigint)$$, 'T2: and who ends it; the duration follows'
);
select results_eq(
  $$select ended_at = now(), duration_ms = (extract(epoch from now() - '2026-01-01 10:00Z'::timestamptz) * 1000)::bigint
    from public.browser_sessions where id = tests.session_id('acme_completed')$$,
  'values (true, true)', 'T2: what is told when it is over ends then'
);
update public.browser_sessions set status = 'running' where id = tests.session_id('acme_other');
select results_eq(
  'select * from tests.stamps_of(''acme_other'') as s (starts_now boolean, ends_now boolean, duration_ms bigint)',
  'values (true, null::boolean, null::bigint)', 'T2: what begins to run starts then'
);
update public.browser_sessions set status = 'failed', error = 'x' where id = tests.session_id('acme_other');
select results_eq(
  'select * from tests.stamps_of(''acme_other'') as s (starts_now boolean, ends_now boolean, duration_ms bigint)',
  'values (true, true, 0::bigint)', 'T2: and what fails ends then'
);

select * from finish();
rollback;
