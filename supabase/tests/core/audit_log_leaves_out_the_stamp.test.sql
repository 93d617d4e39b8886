-- updated_at moves with every update; that alone is no change, and no part of one.
begin;
\ir ../helpers/cast.psql
select plan(5);

insert into public.projects (tenant_id, id, name, updated_at)
values (tests.tenant_id('acme'), tests.project_id('acme_old'), 'Old', now() - interval '1 day');
create view tests.updates as
  select before, after from public.audit_log
  where verb = 'update' and tenant_id = tests.tenant_id('acme') and row_key ->> 'id' = tests.project_id('acme_old')::text;

select is(tests.rows_as('acme_manager', $$update public.projects set name = 'Old' where name = 'Old'$$), 1,
  'C8 an update that changes nothing');
select is((select updated_at from public.projects where name = 'Old'), now(), 'C8 moves the stamp');
select is_empty('table tests.updates', 'C8 and leaves no trace');
alter table public.projects disable trigger _200_touch;
update public.projects set updated_at = now() - interval '1 day' where name = 'Old';
alter table public.projects enable trigger _200_touch;
select is(tests.rows_as('acme_manager', $$update public.projects set description = 'text' where name = 'Old'$$), 1,
  'C8 one that does change something');
select results_eq('table tests.updates', $$values ('{"description": null}'::jsonb, '{"description": "text"}'::jsonb)$$,
  'C8 is recorded without the stamp');

select * from finish();
rollback;
