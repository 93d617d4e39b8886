-- Who changed what of a workflow is written down; what its tasks count for is not.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/tasks.psql
select plan(7);

create view tests.log as
  select verb, actor_id, before, after from public.audit_log
  where table_name = 'public.workflows' and row_key ->> 'id' = tests.flow_id('plan')::text;
select is((select count(*) from tests.log where verb = 'insert'), 1::bigint, 'C8: one that is made');
select tests.rows_as('acme_member', $$update public.workflows set name = 'Renamed' where id = tests.flow_id('plan')$$);
select results_eq(
  $$select actor_id, before, after from tests.log where verb = 'update'$$,
  $$values (tests.user_id('acme_member'), '{"name": "Plan"}'::jsonb, '{"name": "Renamed"}'::jsonb)$$,
  'C8: who changed what'
);
select tests.rows_as('acme_member2', $$select public.update_workflow_status(tests.tenant_id('acme'), tests.flow_id('plan'), 'paused')$$);
select results_eq(
  $$select actor_id, after from tests.log where verb = 'update' and after ? 'status'$$,
  $$values (tests.user_id('acme_member2'), '{"status": "paused"}'::jsonb)$$,
  'C8: who moved it'
);
create table tests.log_before as select * from tests.log;
select tests.add_task('one');
select tests.set_status('one', 'done');
select is(tests.counted(), '{1,1,0,100}', 'O1: what its tasks count for');
update public.workflows set metrics = '{"builds": 1}' where id = tests.flow_id('plan');
select bag_eq('table tests.log', 'table tests.log_before', 'C8: is not written down, nor are its figures');
select is(tests.rows_as('acme_manager', $$delete from public.workflows where id = tests.flow_id('plan')$$), 1, 'O1: it goes');
select is((select actor_id from tests.log where verb = 'delete'), tests.user_id('acme_manager'), 'C8: who removed it');

select * from finish();
rollback;
