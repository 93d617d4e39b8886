-- starting, running, then one end that is final: every change of state is tried.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/browsers.psql
select plan(25);

create table tests.states (state text, next text[]);
insert into tests.states
values
  ('starting', '{running, failed, cancelled}'), ('running', '{completed, failed, cancelled}'),
  ('completed', '{}'), ('failed', '{}'), ('cancelled', '{}');

-- Each change with what the new state asks for, so that nothing but the life cycle can refuse it.
create function tests.change_state(before text, after text) returns text language plpgsql as $$
begin
  perform tests.sign_in('acme_member');
  update public.browser_sessions
  set status = after,
    error = case when after = 'failed' then 'x' end,
    started_at = case when after = 'starting' then null else coalesce(started_at, now()) end,
    ended_at = null
  where id = tests.session_id('acme_' || before);
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
    else format('A session that is %s cannot become %s.', b.state, a.state) end,
  format('T2: %s to %s', b.state, a.state)
)
from tests.states as b cross join tests.states as a;

select * from finish();
rollback;
