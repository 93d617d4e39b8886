-- What a generation may hold, and that its state and the rest agree.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
select plan(36);

select tests.sign_in('acme_member');
create function pg_temp.make(what text) returns text language sql immutable return format(
  'insert into public.ai_generations (tenant_id, prompt, model, %s) values (tests.tenant_id(''acme''), ''p'', ''m'', %s)',
  split_part(what, ' = ', 1), split_part(what, ' = ', 2)
);
select throws_ok(pg_temp.make(what), '23514',
  format('new row for relation "ai_generations" violates check constraint "%s"', name), format('T1: refused: %s', left(what, 60)))
from (values
  ('kind = ''''', 'kind_is_a_lower_case_word'), ('kind = ''Test''', 'kind_is_a_lower_case_word'),
  ('kind = repeat(''x'', 51)', 'kind_is_a_lower_case_word'), ('status = ''done''', 'status_is_known'),
  ('prompt_tokens = -1', 'prompt_tokens_is_not_negative'), ('completion_tokens = -1', 'completion_tokens_is_not_negative'),
  ('cost = -0.000001', 'cost_is_between_0_and_a_thousand_million'), ('cost = ''NaN''', 'cost_is_between_0_and_a_thousand_million'),
  ('started_at = now()', 'has_started_once_it_runs'), ('finished_at = now()', 'has_finished_when_it_is_over'),
  ('status, result = ''succeeded'', ''{}''', 'has_started_once_it_runs'),
  ('result = ''{}''', 'has_a_result_when_it_succeeded'), ('error = ''x''', 'has_an_error_when_it_failed'),
  ('status = ''failed''', 'has_an_error_when_it_failed'),
  ('status, started_at = ''succeeded'', now()', 'has_a_result_when_it_succeeded'),
  ('status, error = ''failed'', ''''', 'error_has_1_to_10000_characters'),
  ('status, error = ''failed'', repeat(''x'', 10001)', 'error_has_1_to_10000_characters'),
  ('status, started_at, finished_at = ''cancelled'', ''2026-01-02'', ''2026-01-01''', 'finishes_after_it_starts'),
  ('status, finished_at = ''running'', now()', 'has_finished_when_it_is_over'),
  ('status, started_at, result = ''succeeded'', now(), ''[]''', 'result_is_an_object_of_at_most_128_kb'),
  ('status, started_at, result = ''succeeded'', now(), jsonb_build_object(''a'', repeat(''x'', 131072))',
    'result_is_an_object_of_at_most_128_kb')
) as v (what, name);
select lives_ok(pg_temp.make(what), format('T1: accepted: %s', left(what, 60)))
from unnest(array[
  'kind = repeat(''x'', 50)', 'prompt_tokens = 0', 'completion_tokens = 0', 'cost = 0', 'status, started_at = ''cancelled'', now()',
  'status, error, started_at = ''failed'', repeat(''x'', 10000), now()', 'status = ''cancelled''', 'status = ''running''',
  'status, started_at, finished_at, result = ''succeeded'', ''2026-01-01'', ''2026-01-01'', ''{"a": [1]}'''
]) as what;
select throws_ok(
  format('insert into public.ai_generations (tenant_id, prompt, model) values (tests.tenant_id(''acme''), %s)', what), '23514',
  format('new row for relation "ai_generations" violates check constraint "%s"', name), format('T1: refused: %s', what))
from (values
  (''''', ''m''', 'prompt_has_1_to_100000_characters'), ('repeat(''x'', 100001), ''m''', 'prompt_has_1_to_100000_characters'),
  ('''p'', '' ''', 'model_has_1_to_200_characters'), ('''p'', repeat(''x'', 201)', 'model_has_1_to_200_characters')
) as v (what, name);

-- Whoever fills no stamps is refused.
select tests.as_operator();
alter table public.ai_generations disable trigger _310_stamp;
select throws_ok(
  format('insert into public.ai_generations (tenant_id, prompt, model, status) values (tests.tenant_id(''acme''), ''p'', ''m'', %L)', status), '23514',
  format('new row for relation "ai_generations" violates check constraint "%s"', name), format('T1: refused: %s without its stamp', status))
from (values ('running', 'has_started_once_it_runs'), ('cancelled', 'has_finished_when_it_is_over')) as v (status, name);

select * from finish();
rollback;
