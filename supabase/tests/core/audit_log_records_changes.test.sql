-- Insert, update and delete of an audited table: actor, row, and what was before and after.
begin;
\ir ../helpers/cast.psql
select plan(9);

create view tests.log as
  select verb, actor_id, actor_role, row_key, before, after from public.audit_log
  where table_name = 'public.projects' and tenant_id = tests.tenant_id('acme')
    and row_key ->> 'id' = tests.project_id('acme_new')::text
  order by id;

insert into public.projects (tenant_id, id, name) values (tests.tenant_id('acme'), tests.project_id('acme_new'), 'New');
select results_eq(
  $$select verb, actor_id, before, after ->> 'name' from tests.log$$,
  $$values ('insert', null::uuid, null::jsonb, 'New')$$, 'C8 an insert: the row after'
);
select is((select actor_role from tests.log), session_user::text, 'C8 by whom, when nobody is signed in');
select is(
  (select row_key from tests.log),
    jsonb_build_object('tenant_id', tests.tenant_id('acme'), 'id', tests.project_id('acme_new')),
  'C8 which row, by its whole key'
);
select is(
  tests.rows_as('acme_manager', $$update public.projects set description = 'text', name = 'New' where name = 'New'$$),
  1, 'C8 then an update'
);
select results_eq(
  $$select actor_id, actor_role, before, after from tests.log where verb = 'update'$$,
  $$values (tests.user_id('acme_manager'), 'authenticated', '{"description": null}'::jsonb, '{"description": "text"}'::jsonb)$$,
  'C8 an update: who, and the changed columns only, before and after'
);
select is(
  tests.rows_as('acme_manager', $$update public.projects set name = 'New' where name = 'New'$$)
    + (select count(*)::integer from tests.log where verb = 'update'), 2,
    'C8 an update that changes nothing leaves no trace'
);
select is(tests.rows_as('service', $$delete from public.projects where name = 'New'$$), 1, 'C8 then a delete');
select results_eq(
  $$select actor_id, actor_role, before ->> 'description', after from tests.log where verb = 'delete'$$,
  $$values (null::uuid, 'service_role', 'text', null::jsonb)$$,
  'C8 a delete: the row before, and that the service did it'
);
select is((select string_agg(verb, ' ') from tests.log), 'insert update delete', 'C8 in their order');

select * from finish();
rollback;
