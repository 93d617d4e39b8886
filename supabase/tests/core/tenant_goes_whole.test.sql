-- An operator erases a tenant: no row of it is left in any table but the log, and no other tenant loses one.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/chat.psql
\ir ../helpers/test-figures.psql
\ir ../helpers/orchestration.psql
select plan(4);

insert into public.invitations (tenant_id, id, email, role, expires_at)
values (tests.tenant_id('acme'), tests.id('invitation', 'x'), 'new@tests.example', 'viewer', now() + interval '1 day');
insert into private.invitation_tokens (tenant_id, invitation_id, token_hash) values (tests.tenant_id('acme'),
  tests.id('invitation', 'x'), '\x00');
select public.enqueue_job(tests.tenant_id('acme'), 'over'), public.claim_jobs('default', 'worker');
select public.complete_jobs(lease_id) from private.job_leases;
select public.enqueue_job(tests.tenant_id('acme'), 'waits', dedupe_key => 'key');

select tests.schedule('nightly', '{"cron": "0 2 * * *", "next_run_at": "2026-01-02 02:00Z"}');
insert into public.visual_test_steps (tenant_id, flow_id, position, action, target)
values (tests.tenant_id('acme'), tests.id('flow', 'acme'), 1, 'click', '#go');

create function tests.counts(tenant uuid) returns table (relation text, held bigint) language plpgsql as $$
declare
  r record;
begin
  for r in
    select format('%I.%I', n.nspname, c.relname) as name, coalesce(e.tenant_column, 'tenant_id') as tenant_column
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace and n.nspname in ('public', 'private')
    left join private.enrollments as e on e.relation = format('%I.%I', n.nspname, c.relname)
    where c.relkind in ('r', 'p') and not c.relispartition
      and (e.tenant_column = 'id' or exists (select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'tenant_id'))
  loop
    relation := r.name;
    execute format('select count(*) from %s where %I = %L', r.name, r.tenant_column, tenant) into held;
    return next;
  end loop;
end
$$;
create temp table globex_before as select * from tests.counts(tests.tenant_id('globex'));

select is_empty($$select relation from tests.counts(tests.tenant_id('acme')) where held = 0$$,
  'C12 Acme has rows in every table');
delete from public.tenants where id = tests.tenant_id('acme');
select is_empty(
  $$select relation from tests.counts(tests.tenant_id('acme')) where held > 0 and relation <> 'public.audit_log'$$,
  'C12 none is left, but in the log'
);
select bag_eq('select * from globex_before', $$select * from tests.counts(tests.tenant_id('globex'))$$,
  'C12 Globex has what it had');
select is(
  (select count(*) from public.users where email like '%@tests.example'), 17::bigint,
    'C12 the accounts are there: they belong to no tenant'
);

select * from finish();
rollback;
