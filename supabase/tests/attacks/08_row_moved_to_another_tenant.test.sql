-- Somebody who belongs to two tenants satisfies every policy on both ends of a move; somebody who owns a row could
-- give it away. Each column that says whose a row is, in each table, by each form of update.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
\ir ../helpers/attacks-victim.psql
select plan(9);

update public.memberships set role = 'owner' where user_id = tests.user_id('both_member');
create table tests.fixed as
  select e.relation, c.column_name, e.tenant_column, c.column_name = e.tenant_column as is_tenant
  from private.enrollments as e
  cross join lateral (values (e.tenant_column), (e.owner_column), (e.customer_column), ('id'),
    ('created_by')) as c (column_name)
  join pg_attribute as a on a.attrelid = e.relation::regclass and a.attname = c.column_name
  group by e.relation, c.column_name, e.tenant_column;
create table tests.moves as
  select f.*, replace(replace(replace(s.form, '?', f.relation), '$', f.column_name), '@', f.tenant_column) as statement
  from tests.fixed as f
  cross join (values ('update ? set $ = tests.tenant_id(''globex'')'),
    ('update ? as t set $ = x.id from public.tenants as x where x.id <> t.@'),
    ('merge into ? as t using (select id as other from public.tenants) as x on (x.other <> t.@) when matched then update set $ = x.other')
  ) as s (form);

select is(tests.rows_as('both_member', 'select from public.tenants'), 2, 'S1 both_member owns two tenants');
select cmp_ok((select count(*) from tests.moves where is_tenant), '>=', 30::bigint, 'S2 there are rows to move');
select is_empty(
  $$select statement, tests.answer('both_member', statement) from tests.moves
    where tests.answer('both_member', statement) not like '42501 permission denied for table %'$$,
  'S2 nobody changes the tenant, the owner, the customer, the id or the maker of a row: the column is not granted'
);
-- The second lock, for a role that holds the column: the service, and a user to whom it were granted by mistake.
create table tests.service_moves as
  select * from tests.moves where is_tenant and has_table_privilege('service_role', relation, 'update')
    and statement like 'update%';
select is_empty(
  $$select statement, tests.answer('service', statement) from tests.service_moves
    where tests.answer('service', statement) not like '23514 A row of % never changes its tenant.'$$,
  'S2 nor does the service role move one'
);
select cmp_ok((select count(*) from tests.service_moves), '>=', 18::bigint, 'S2 which holds the right to update them');
create function tests.granted_move(relation text, tenant_column text,
  statement text) returns text language plpgsql as $$
begin
  execute format('grant update (%I) on %s to authenticated', tenant_column, relation);
  raise exception using errcode = 'UNDO0', message = tests.answer('both_member', statement);
exception
  when sqlstate 'UNDO0' then
    return sqlerrm;
end
$$;
select is_empty(
  $$select statement, tests.granted_move(relation, tenant_column, statement) from tests.moves
    where is_tenant and tests.granted_move(relation, tenant_column, statement)
      !~ '^(0 rows|23514 A row of .* never changes its tenant\.|42501 (permission denied|target row violates) .*)$'$$,
  'S2 nor a user to whom the column were granted'
);
select is(tests.granted_move('public.projects', 'tenant_id',
  'update public.projects set tenant_id = tests.tenant_id(''globex'')'),
  '23514 A row of public.projects never changes its tenant.',
    'S2 where the policies let the update through, the guard stops it');

-- A key that follows its parent would move the children along.
select is_empty(
  $$select f.name from tests.foreign_keys as f join pg_constraint as c using (oid)
    join tests.holders as h on h.oid = c.conrelid
    where c.confupdtype <> 'a'$$,
  'S3 no foreign key of a tenant table is changed along with what it points at'
);
select is(tests.answer('both_member', 'update public.tenants set name = name || ''x'''), '2 rows',
  'S2 the twin: what may be changed is, in both tenants');

select * from finish();
rollback;
