-- Enrolling every table again with what is recorded must change nothing: no policy, trigger or grant has been altered
-- by hand since. (What private.enroll makes of a declaration is tested under access/.)
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(4);

create view tests.protection as
  select p.polrelid::regclass::text as relation, 'policy' as kind, p.polname::text as name,
    concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), '/',
      pg_get_expr(p.polwithcheck, p.polrelid)) as what
  from pg_policy as p
  union all
  select t.tgrelid::regclass::text, 'trigger', t.tgname::text, t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
  from pg_trigger as t where not t.tgisinternal and t.tgparentid = 0
  union all
  select g.kind, 'grant', g.name, g.grantee || ' ' || g.privilege from tests.grants as g;
create table tests.protection_before as select * from tests.protection;

do $$
declare
  e private.enrollments;
begin
  for e in select * from private.enrollments loop
    call private.enroll(
      e.relation, read => e.read_role, write => e.write_role, remove => e.remove_role, owner => e.owner_column,
      branch => e.branch_column, customer => e.customer_column, unconfined => e.is_unconfined, insertable => e.insert_columns,
      changeable => e.update_columns, audit => e.is_audited, tenant => e.tenant_column
    );
  end loop;
end
$$;

select cmp_ok(
  (select count(*) from tests.protection_before where kind = 'policy'), '>', 20::bigint,
    'S2 there are policies to look at'
);
select is_empty(
  $$select * from tests.protection_before except select * from tests.protection$$,
  'S2 nothing protects a table that its declaration does not give'
);
select set_eq(
  $$select name, what from (select * from tests.protection except select * from tests.protection_before) as added order by 1, 2$$,
  $$select t, 'service_role ' || v
    from unnest('{
      public.audit_log, public.job_queue, public.finished_jobs, public.visual_test_flow_versions,
      public.scheduled_test_executions, public.events, public.performance_metrics, public.execution_history
    }'::text[]) as t
    cross join unnest('{DELETE, INSERT, UPDATE}'::text[]) as v$$,
  'S2 and no table holds less than it declares, but for those that even the service role only reads'
);
select is_empty(
  $$select relation, name from tests.protection where kind = 'trigger' and what not like 'O %'$$,
  'S2 every trigger is switched on'
);

select * from finish();
rollback;
