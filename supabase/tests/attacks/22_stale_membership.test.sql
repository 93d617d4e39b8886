-- The token is the same before and after: what was taken away is gone from every table, view and function at the next
-- statement, also from one that was prepared before. (An open transaction of another connection:
-- tests/attacks/22-*.test.ts.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
\ir ../helpers/attacks-calls.psql
\ir ../helpers/attacks-claims.psql
select plan(6);

set local plan_cache_mode = force_generic_plan;
update public.memberships set role = 'admin' where user_id = tests.user_id('acme_member');
create table tests.token as select tests.claims('acme_member')::text as claims;
grant select on tests.readable to authenticated;
-- Kept from before the revocation: a plan of the holder's own for every table and view.
do $$
declare
  v_name text;
begin
  perform tests.sign_in('acme_member');
  for v_name in select name from tests.readable loop
    execute format('prepare %I as select t::text as held from %s as t', v_name, v_name);
  end loop;
  perform tests.as_operator();
end
$$;

-- What the holder of the token is still shown of Acme: by table, by prepared statement, and by each function.
create function tests.still_reached() returns table (way text, shown text) language plpgsql as $$
declare
  r record;
  v_claims text := (select claims from tests.token);
  v_rows text;
begin
  for r in select name from tests.readable loop
    perform tests.become('authenticated', v_claims);
    execute format('select string_agg(t::text, chr(10)) from %s as t', r.name) into v_rows;
    way := 'select ' || r.name;
    shown := v_rows;
    return next;
    execute format('create temp table got as execute %I', r.name);
    way := 'execute ' || r.name;
    shown := (select string_agg(held, chr(10)) from pg_temp.got);
    drop table pg_temp.got;
    perform tests.as_operator();
    return next;
  end loop;
  for r in select c.oid, c.name from tests.callable as c where c.name ~ 'tenant_id uuid|archive_old|my_' loop
    way := 'call ' || r.name;
    -- Their own id is theirs; no tenant is an empty list.
    shown := (select case when replace(o.answer, tests.user_id('acme_member')::text,
      '') ~ '^(PT404 |42501 |\({}\)$)' then '' else o.answer end
      from tests.outcome('acme_member', tests.call_of(r.oid, 'acme', 'acme')) as o);
    return next;
  end loop;
end
$$;
create function tests.reached_when(statement text) returns text language plpgsql as $$
declare
  v_left text;
begin
  execute statement;
  select string_agg(way, ', ') into v_left from tests.still_reached()
  where shown <> '' and (strpos(shown, tests.tenant_id('acme')::text) > 0 or way like 'call %');
  raise exception using errcode = 'UNDO0', message = coalesce(v_left, 'nothing');
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
create table tests.causes (cause text, statement text);
insert into tests.causes
values ('removed', 'delete from public.memberships where user_id = tests.user_id(''acme_member'')'),
  ('suspended', 'update public.memberships set status = ''suspended'' where user_id = tests.user_id(''acme_member'')'),
  ('deactivated', 'update public.users set is_active = false where id = tests.user_id(''acme_member'')'),
  ('account deleted', 'delete from auth.users where id = tests.user_id(''acme_member'')'),
  ('tenant suspended', 'update public.tenants set status = ''suspended'' where id = tests.tenant_id(''acme'')'),
  ('tenant erased', 'delete from public.tenants where id = tests.tenant_id(''acme'')'),
  ('membership handed to another user',
    'update public.memberships set user_id = tests.user_id(''stranger'') where user_id = tests.user_id(''acme_member'')');
select cmp_ok(array_length(string_to_array(tests.reached_when('select 1'), ', '), 1), '>', 30,
  'C10 before that, the token reaches much');
create table tests.left_over as select cause, tests.reached_when(statement) as reached from tests.causes;
select is_empty($$select * from tests.left_over where reached <> 'nothing'$$,
  'C10 after it, nothing, whatever the cause and whichever the way');
select is(tests.reached_when('update public.memberships set role = ''customer'' where user_id = tests.user_id(''acme_member'')')
    ~ '(select|execute) public.(tenants|projects|conversations|messages|invitations|audit_log|branches)', false,
      'S1 demoted to customer, nothing of what is not about them');
-- A membership of one tenant is no membership of another, and the other users keep theirs.
delete from public.memberships where user_id = tests.user_id('both_member') and tenant_id = tests.tenant_id('acme');
select is(tests.value_as('both_member', 'select string_agg(slug, '','') from public.tenants'), 'tests-globex',
  'C10 who was in two tenants keeps the other');
select is(tests.rows_as('acme_member2', 'select from public.branches'), 2, 'C10 and the other members all of it');
select is((select claims from tests.token), tests.claims('acme_member')::text,
  'C10 the token has been the same all along');

select * from finish();
rollback;
