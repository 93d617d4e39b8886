-- Every form of statement, aimed at a row of another tenant by its full key.
begin;
\ir ../helpers/cast.psql
select plan(22);

create function tests.of_globex() returns text language sql immutable
  return 'tenant_id = tests.tenant_id(''globex'') and id = tests.project_id(''globex_house'')';
grant execute on function tests.of_globex() to authenticated;
update public.memberships set role = 'owner' where user_id = tests.user_id('acme_admin');

select is(tests.rows_as('globex_member', format('select from public.projects where %s', tests.of_globex())), 1,
  'S2 the row is there');
select tests.sign_in('acme_admin');
select is(tests.rows(replace(statement, '?', tests.of_globex())), 0, format('S2 0 rows: %s', left(statement, 60)))
from (values
  ('select from public.projects where ?'), ('select from public.projects where ? for update'),
  ('select from public.projects where ? for share'), ('update public.projects set name = ''x'' where ?'),
  ('update public.projects set name = ''x'' where ? returning *'), ('delete from public.projects where ?'),
  ('delete from public.projects where ? returning *'),
  ('update public.projects as p set name = ''x'' from public.tenants as t where t.id = p.tenant_id and p.tenant_id = tests.tenant_id(''globex'')'),
  ('delete from public.projects as p using public.tenants as t where t.id = p.tenant_id and p.tenant_id = tests.tenant_id(''globex'')'),
  ('with gone as (delete from public.projects where ? returning *) select from gone'),
  ('merge into public.projects as p using (select 1) as s on (p.tenant_id = tests.tenant_id(''globex'')) when matched then delete'),
  ('select from public.projects where tenant_id <> tests.tenant_id(''acme'')')
) as v (statement);
select throws_ok(statement, '42501', 'new row violates row-level security policy for table "projects"',
  format('S2 refused: %s', left(statement, 90)))
from (values
  ($$insert into public.projects (tenant_id, name) values (tests.tenant_id('globex'), 'New')$$),
  ($$insert into public.projects (tenant_id, name) values (tests.tenant_id('globex'), 'New') returning id$$),
  ($$insert into public.projects (tenant_id, name) values (tests.tenant_id('globex'), 'House') on conflict do nothing$$),
  ($$insert into public.projects (tenant_id, name) values (tests.tenant_id('globex'), 'House') on conflict (tenant_id, name) do update set name = 'x'$$),
  ($$insert into public.projects (tenant_id, name) select tests.tenant_id('globex'), name from public.projects$$),
  ($$insert into public.projects (name) values ('New')$$),
  ($$merge into public.projects as p using (select 1) as s on (false)
    when not matched then insert (tenant_id, name) values (tests.tenant_id('globex'), 'New')$$)
) as v (statement);
select tests.as_operator();
select is((select name from public.projects where id = tests.project_id('globex_house')), 'House',
  'S2 the row is as it was');
select is((select count(*) from public.projects where tenant_id = tests.tenant_id('globex')), 1::bigint,
  'S2 and alone');

select * from finish();
rollback;
