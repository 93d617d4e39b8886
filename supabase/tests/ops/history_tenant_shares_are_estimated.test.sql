-- Rows and bytes of each tenant from the planner's statistics, without counting; a large share of much is a finding.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/samples.psql
select plan(9);

select is(tests.health_of('noisy_tenant'), 'skipped', 'P4 without statistics nothing is said');
insert into public.projects (tenant_id, name)
select tests.tenant_id(t.name), 'Project ' || n from (values ('acme', 3000), ('globex', 1000)) as t (name, projects)
cross join lateral generate_series(1, t.projects) as n;
insert into public.usage_metrics (tenant_id, user_id, messages) values (tests.tenant_id('acme'), tests.user_id('acme_member'), 7);
refresh materialized view private.monthly_usage_summary;
analyze public.projects;
-- The tenants have a project or two besides: nearly so.
create function tests.share_of_projects() returns numeric language sql as $$
  select 100.0 * pg_total_relation_size('public.projects') / sum(pg_total_relation_size(c.oid))
  from pg_class as c join pg_attribute as a on a.attrelid = c.oid
  where a.attname = 'tenant_id' and c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
$$;
select results_eq(
  $$select s.name, round(s.estimated_rows::numeric, -2), abs(s.share_percent - t.part * tests.share_of_projects()) < 0.1, s.calls_this_month
    from ops.get_tenant_shares() as s join (values ('Acme', 0.75), ('Globex', 0.25)) as t (name, part) on t.name = s.name order by s.name$$,
  $$values ('Acme', 3000::numeric, true, 7::bigint), ('Globex', 1000, true, null)$$,
  'P4 three quarters and one quarter of the rows, as they are'
);
select is(tests.rows_as('service', 'select from ops.get_tenant_shares()'), 2, 'P4 the service role asks');
select tests.throws_as('acme_owner', 'select ops.get_tenant_shares()', '42501',
  'This needs a platform administrator or the service role.', 'P4 the owner of a tenant does not');

select is(tests.health_of('noisy_tenant'), 'ok', 'P4 of two tenants one always has much');
update ops.health_thresholds set warn = 2 where check_name = 'noisy_tenant' and measure = 'minimum_tenants';
select is(tests.health_of('noisy_tenant'), 'ok', 'P4 a large share of little is no worry');
update ops.health_thresholds set warn = 100000 where check_name = 'noisy_tenant' and measure = 'bytes';
update ops.health_thresholds set warn = 99 , critical = 99 where check_name = 'noisy_tenant' and measure = 'share_percent';
select is(tests.health_of('noisy_tenant'), 'ok', 'P4 nor is a small share of much');
update ops.health_thresholds set warn = tests.share_of_projects() / 2, critical = 99 where check_name = 'noisy_tenant' and measure = 'share_percent';
select is(tests.health_of('noisy_tenant'), 'warn ' || tests.tenant_id('acme'), 'P4 both together are');
delete from public.tenants where id = tests.tenant_id('acme');
select is((select name from ops.get_tenant_shares() limit 1), null, 'P4 a tenant that is gone has no name, its statistics stay until the next ANALYZE');

select * from finish();
rollback;
