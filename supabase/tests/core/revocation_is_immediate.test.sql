-- The same claims before and after: what is taken away is gone at the next statement, not when the token expires.
begin;
\ir ../helpers/cast.psql
select plan(18);

create table tests.claims_before as select name,
  tests.claims(name) from unnest(array['acme_member', 'acme_north', 'acme_owner']) as name;
create function tests.reach(who text) returns integer language sql
  begin atomic; select tests.rows_as(who, 'select from public.projects'); end;
create function tests.when_undone(statement text) returns integer language plpgsql as $$
declare
  v_reach integer;
begin
  execute statement;
  v_reach := tests.reach('acme_member');
  raise exception using errcode = 'UNDO0', message = v_reach;
exception
  when sqlstate 'UNDO0' then
    return sqlerrm::integer;
end
$$;

select is(tests.reach('acme_member'), 3, format('C10 in reach before: %s', cause))
  || E'\n' || is(tests.when_undone(statement), after, format('C10 at the next statement: %s', cause))
from (values
  ('the role becomes customer', $$update public.memberships set role = 'customer' where user_id = tests.user_id('acme_member')$$, 0),
  ('the membership is suspended',
    $$update public.memberships set status = 'suspended' where user_id = tests.user_id('acme_member')$$, 0),
  ('the membership is confined', $$update public.memberships set is_confined = true where user_id = tests.user_id('acme_member')$$, 1),
  ('the member is removed', $$delete from public.memberships where user_id = tests.user_id('acme_member')$$, 0),
  ('the account is deactivated', $$update public.users set is_active = false where id = tests.user_id('acme_member')$$, 0),
  ('the account is deleted', $$delete from auth.users where id = tests.user_id('acme_member')$$, 0),
  ('the tenant is suspended', $$update public.tenants set status = 'suspended' where id = tests.tenant_id('acme')$$, 0)
) as v (cause, statement, after);
select is(tests.reach('acme_north'), 2, 'C10 in reach before: North and the house');
delete from public.membership_branches where user_id = tests.user_id('acme_north');
select is(tests.reach('acme_north'), 1, 'C10 at the next statement: the branch is taken away');
select is(tests.reach('acme_member'), 3, 'C10 all others reach what they did');
select is_empty(
  'select * from tests.claims_before as b where b.claims <> tests.claims(b.name)',
  'C10 the claims have been the same all along'
);

select * from finish();
rollback;
