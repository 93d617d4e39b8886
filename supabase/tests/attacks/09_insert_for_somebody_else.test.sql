-- A row for another tenant, for no tenant, or in the name of another user: a copy of a real row, put in by somebody
-- else.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(9);

update public.memberships set role = 'owner' where user_id = tests.user_id('both_member');
create table tests.forgeries as
  select e.relation, w.who, v.what, tests.copy_of(e.relation, v.sample, changes || case when e.owner_column is null
    or v.what = 'of another user'
    then '{}' else jsonb_build_object(e.owner_column, tests.user_id(w.who)) end) as statement
  from private.enrollments as e
  cross join lateral (values
    ('for another tenant', 'globex', jsonb_build_object('id', gen_random_uuid())),
    ('for a tenant that is not there', 'acme', jsonb_build_object(e.tenant_column, tests.tenant_id('nowhere'))),
    ('for no tenant', 'acme', jsonb_build_object(e.tenant_column, null)),
    ('of another user', 'acme', jsonb_build_object('id', gen_random_uuid(), coalesce(e.owner_column, '-'),
      tests.user_id('acme_viewer')))
  ) as v (what, sample, changes)
  cross join (values ('acme_owner'), ('acme_member'), ('stranger'), ('acme_inactive')) as w (who)
  where v.what <> 'of another user' or e.owner_column is not null;
select cmp_ok((select count(*) from tests.forgeries), '>', 100::bigint, 'S2 there are rows to forge');
select is_empty(
  $$select relation, who, what, tests.answer(who, statement) from tests.forgeries
    where tests.answer(who, statement)
      !~ '^42501 (new row violates row-level security policy for|permission denied for) table '$$,
  'S2 each is refused, whatever else is wrong with it'
);

-- The twin: the very same copy, its original out of the way, is taken from whoever may write.
create function tests.own_copy(relation text, owner_column text) returns text language plpgsql as $$
declare
  v_copy text := tests.copy_of(relation, 'acme', case when owner_column is null then '{}'
    else jsonb_build_object(owner_column, tests.user_id('acme_owner')) end);
begin
  set local session_replication_role = replica;
  execute format('delete from %s where tenant_id = tests.tenant_id(''acme'')', relation);
  set local session_replication_role = origin;
  raise exception using errcode = 'UNDO0', message = tests.answer('acme_owner', v_copy);
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
create table tests.writable as select relation, owner_column from private.enrollments where insert_columns <> '{}';
select is_empty($$select relation, tests.own_copy(relation, owner_column) from tests.writable
  where tests.own_copy(relation, owner_column) <> '1 rows'$$, 'S2 in one''s own tenant and name it is taken');
select cmp_ok((select count(*) from tests.writable), '>=', 5::bigint, 'S2 in every table that members write');

-- Into a tenant by a membership of one's own making.
select is(tests.answer(who, format($$insert into public.memberships (tenant_id, user_id, role)
  values (tests.tenant_id('globex'), tests.user_id(%L), 'owner')$$, who)),
    '42501 permission denied for table memberships',
  format('S6 %s does not add themself to a tenant', who))
from (values ('stranger'), ('acme_owner'), ('platform_admin')) as v (who);
-- A member of both tenants, by rows of the one that name the other: every policy is satisfied, the keys are not.
select is(tests.answer('both_member', tests.copy_of('public.messages', 'acme', jsonb_build_object(
    'tenant_id', tests.tenant_id('globex'), 'author_id', tests.user_id('both_member')))),
  '23503 insert or update on table "messages" violates foreign key constraint "messages_tenant_id_conversation_id_fkey"'
    || ' Key is not present in table "conversations".',
  'S3 a message of the one tenant is not put into the other');
select is_empty($$select relation, tests.answer('operator', statement) from tests.forgeries
  where what = 'for no tenant' and who = 'stranger' and tests.answer('operator',
    statement) not like '23502 null value in column %'$$,
  'S2 a row of no tenant is refused to everybody, the operator too');

select * from finish();
rollback;
