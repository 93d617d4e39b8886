-- Managers make and change projects, admins delete them.
begin;
\ir ../helpers/cast.psql
select plan(19);

select tests.throws_as(who, $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'New')$$,
  '42501', 'new row violates row-level security policy for table "projects"', format('C9 %s makes no project', who))
from (values ('acme_member'), ('acme_viewer'), ('acme_customer'), ('acme_suspended'), ('globex_owner'),
  ('stranger')) as v (who);
select tests.lives_as('acme_manager',
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'New')$$,
  'C9 a manager makes one');
select is((select created_by from public.projects where name = 'New'), tests.user_id('acme_manager'),
  'C9 and is named as its maker');
select is(tests.rows_as(who, $$update public.projects set description = 'changed' where name = 'New'$$), 0,
  format('C9 %s changes none', who))
from (values ('acme_member'), ('acme_viewer'), ('globex_owner')) as v (who);
select is((select description from public.projects where name = 'New'), null, 'C9 and it is unchanged');
select is(tests.rows_as('acme_manager', $$update public.projects set description = 'changed' where name = 'New'$$), 1,
  'C9 a manager changes it');
select is(tests.rows_as(who, $$delete from public.projects where name = 'New'$$), 0, format('C9 %s deletes none', who))
from (values ('acme_manager'), ('acme_member'), ('globex_owner')) as v (who);
select is((select count(*) from public.projects where name = 'New'), 1::bigint, 'C9 and it is there');
select is(tests.rows_as('acme_admin', $$delete from public.projects where name = 'New'$$), 1, 'C9 an admin deletes it');
select tests.throws_as('visitor',
  $$insert into public.projects (tenant_id, name) values (tests.tenant_id('acme'), 'New')$$,
  '42501', 'permission denied for table projects', 'S2 a visitor may not even ask');

select * from finish();
rollback;
