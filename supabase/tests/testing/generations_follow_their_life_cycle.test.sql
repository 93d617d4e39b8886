-- queued, running, then one end that is final: every change of state is tried.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/generations.psql
select plan(27);

create table tests.states (state text, next text[]);
insert into tests.states
values
  ('queued', '{running, failed, cancelled}'), ('running', '{succeeded, failed, cancelled}'),
  ('succeeded', '{}'), ('failed', '{}'), ('cancelled', '{}');

-- Each change with what the new state asks for, so that nothing but the life cycle can refuse it.
create function tests.change_state(before text, after text) returns text language plpgsql as $$
begin
  perform tests.sign_in('acme_member');
  update public.ai_generations
  set status = after,
    result = case when after = 'succeeded' then '{}'::jsonb end,
    error = case when after = 'failed' then 'x' end,
    started_at = case when after = 'queued' then null else coalesce(started_at, now()) end,
    finished_at = null
  where id = tests.generation_id('acme_' || before);
  perform tests.as_operator();
  raise exception using errcode = 'UNDO0', message = 'changed';
exception
  when sqlstate 'UNDO0' or sqlstate 'PT409' then
    return sqlerrm;
end
$$;
select is(
  tests.change_state(b.state, a.state),
  case when b.state = a.state or a.state = any (b.next) then 'changed'
    else format('A generation that is %s cannot become %s.', b.state, a.state) end,
  format('T1: %s to %s', b.state, a.state)
)
from tests.states as b cross join tests.states as a;

create function tests.said(statement text) returns text language plpgsql as $$
declare
  v_detail text;
  v_hint text;
begin
  execute statement;
  return 'nothing';
exception
  when sqlstate 'PT409' then
    get stacked diagnostics v_detail = pg_exception_detail, v_hint = pg_exception_hint;
    return v_detail || '. ' || v_hint;
end
$$;
select is(
  tests.said($$update public.ai_generations set status = 'succeeded', result = '{}'
    where id = tests.generation_id('acme_queued')$$),
  format('public.ai_generations, id %s. From queued it can become running, failed, cancelled.',
    tests.generation_id('acme_queued')),
  'T1: a refusal says from what, to what, and what is allowed'
);
select is(
  tests.said($$update public.ai_generations set status = 'queued' where id = tests.generation_id('acme_cancelled')$$),
  format('public.ai_generations, id %s. From cancelled it does not change any more.', tests.generation_id('acme_cancelled')),
  'T1: and that an end is an end, to an operator too'
);

select * from finish();
rollback;
