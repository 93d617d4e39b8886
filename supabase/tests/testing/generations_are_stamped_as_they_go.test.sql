-- Start and finish are filled in where the writer leaves them out, and give the duration.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
select plan(9);

create view tests.stamps as
  select id, started_at is not distinct from now() as starts_now, finished_at is not distinct from now() as finishes_now,
    started_at, finished_at, duration_ms
  from public.ai_generations;

select results_eq(
  format('select started_at = now(), finished_at = now() from tests.stamps where id = tests.generation_id(%L)', 'acme_' || state),
  format('values (%L::boolean, %L::boolean)', starts, finishes), format('T1: made as %s', state)
)
from (values ('queued', null, null), ('running', 't', null), ('failed', null, 't'), ('cancelled', null, 't'))
  as v (state, starts, finishes);
update public.ai_generations set status = 'running', started_at = '2026-01-01 10:00Z'
where id = tests.generation_id('acme_queued');
select results_eq(
  $$select started_at, finished_at, duration_ms from tests.stamps where id = tests.generation_id('acme_queued')$$,
  $$values ('2026-01-01 10:00Z'::timestamptz, null::timestamptz, null::bigint)$$, 'T1: who starts it may say when that was'
);
update public.ai_generations set status = 'succeeded', result = '{}', finished_at = '2026-01-01 10:00:01.5Z'
where id = tests.generation_id('acme_queued');
select results_eq(
  $$select started_at, finished_at, duration_ms from tests.stamps where id = tests.generation_id('acme_queued')$$,
  $$values ('2026-01-01 10:00Z'::timestamptz, '2026-01-01 10:00:01.5Z'::timestamptz, 1500::bigint)$$,
  'T1: and who finishes it; the duration follows'
);
select results_eq(
  $$select finishes_now, duration_ms = (extract(epoch from now() - '2026-01-01 10:00Z'::timestamptz) * 1000)::bigint
    from tests.stamps where id = tests.generation_id('acme_succeeded')$$,
  'values (true, true)', 'T1: what is told when it is over finishes then'
);
update public.ai_generations set status = 'running' where id = tests.generation_id('acme_other');
select results_eq($$select starts_now, finishes_now from tests.stamps where id = tests.generation_id('acme_other')$$,
  'values (true, false)', 'T1: what begins to run starts then');
update public.ai_generations set status = 'failed', error = 'x' where id = tests.generation_id('acme_other');
select results_eq(
  $$select starts_now, finishes_now, duration_ms from tests.stamps where id = tests.generation_id('acme_other')$$,
  'values (true, true, 0::bigint)', 'T1: and what fails finishes then');

select * from finish();
rollback;
