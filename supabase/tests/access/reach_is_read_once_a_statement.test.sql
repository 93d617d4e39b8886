-- The caller's reach is read once for each condition of a statement, however many rows that touches: counted in the
-- executed plan, where a look-up for each row would show its loops.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/many.psql
select plan(12);

create function tests.looks_of(who text, statement text) returns text language plpgsql as $$
declare
  v_line text;
  v_looks text[] := '{}';
begin
  perform tests.act_as(who);
  for v_line in execute 'explain (analyze, costs off, timing off, summary off) ' || statement loop
    if v_line ~ ' on reach ' and v_line !~ 'never executed' then
      v_looks := v_looks || substring(v_line from 'loops=(\d+)');
    end if;
  end loop;
  perform tests.as_operator();
  return array_to_string(v_looks, ' ');
end
$$;

select cmp_ok(tests.rows_as('acme_member', 'select from public.messages'), '>=', 1000,
  'F1 there are rows to ask about');
select is(tests.looks_of('acme_member', statement), looks, format('F1 %s: %s', looks, statement))
from (values
  ('1', 'select from public.messages'),
  ('1', 'select from public.messages order by created_at desc limit 50'),
  ('1 1', 'select from public.messages as m join public.conversations as c using (tenant_id)'),
  ('1 1', 'update public.conversations set title = ''x'''),
  ('1 1', 'select from public.projects'),
  ('1 1 1', 'delete from public.messages where content = ''text''')
) as v (looks, statement);
-- A condition that decides is not asked further: a customer is asked for two roles, a member's own row for one.
select is(tests.looks_of('acme_viewer', 'select from public.memberships'), '1 1',
  'F1 a table with customers asks for two roles');
select is(tests.looks_of('stranger', 'select from public.messages'), '1', 'F1 a stranger costs one look, too');
select is(
  tests.looks_of('acme_north', 'select from public.projects'), '1 1 1',
  'S5 who is confined costs one more, for the branches'
);
select is(tests.looks_of('operator', 'select from public.messages'), '', 'F1 who is bound by no policy costs none');
select doesnt_match(
  tests.plan_as('acme_member', 'select from public.messages'), 'SubPlan|Function Scan',
  'F1 the look-up is no sub-plan and no function'
);

select * from finish();
rollback;
