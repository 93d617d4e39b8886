-- How often a template was used, and how well that went, is counted by a function; versions of a name stand beside each other.
begin;
\ir ../helpers/cast.psql
select plan(19);

create function tests.use(is_success text, tenant text default 'acme', template text default 'acme_build') returns text language sql immutable
  return format('select public.record_template_use(%L, %L, %s)', tests.tenant_id(tenant), tests.id('template', template), is_success);
insert into public.templates (tenant_id, id, name, type, updated_at)
select tests.tenant_id(t), tests.id('template', t || '_build'), 'build', 'workflow', now() - interval '1 day' from unnest(array['acme', 'globex']) as t;

select is((select success_rate from public.templates where id = tests.id('template', 'acme_build')), null, 'O5 before the first use there is no rate');
select is(tests.value_as('acme_member', tests.use('true')), '1', 'O5 it went well');
select is(tests.value_as('service', tests.use('false')), '0.5', 'O5 and once not');
select is(round(tests.value_as('acme_member', tests.use('true'))::numeric, 6), 0.666667, 'O5 and well');
select results_eq(
  $$select usage_count, success_count, last_used_at > now(), updated_at = now() - interval '1 day' from public.templates where id = tests.id('template', 'acme_build')$$,
  $$values (3::bigint, 2::bigint, true, true)$$, 'O5 counted, and it does not count as changed');
select is(tests.rows_as('acme_manager', $$update public.templates set is_active = false$$), 1, 'O5 what a manager changes');
select is((select updated_at from public.templates where id = tests.id('template', 'acme_build')), now(), 'O5 does');
select tests.throws_as('acme_member', tests.use('null'), '22004', 'is_success must be true or false.', 'O5 neither is nothing');
select tests.throws_as('acme_viewer', tests.use('true'), '42501', 'This needs the role member or a higher one.', 'O5 a viewer uses none');
select tests.throws_as('globex_member', tests.use('true'), 'PT404', 'There is no such tenant.', 'S2 nor does another tenant');
select tests.throws_as(who, tests.use('true', template => 'globex_build'), 'PT404', 'There is no such template.', format('S2 nor another tenant''s (%s)', who))
from unnest(array['acme_member', 'service']) as who;

create function tests.add(name text, version integer) returns text language sql immutable
  return format('insert into public.templates (tenant_id, name, type, version) values (%L, %L, ''task'', %s)', tests.tenant_id('acme'), name, version);
select tests.lives_as('acme_manager', tests.add('build', 2), 'O5 a name has versions');
select tests.throws_as('acme_manager', tests.add('build', 2), '23505', 'duplicate key value violates unique constraint "templates_tenant_id_name_version_key"',
  'O5 each once');
select tests.throws_as('acme_member', tests.add('x', 1), '42501', 'new row violates row-level security policy for table "templates"', 'O5 members write none');
select tests.throws_as('acme_manager', 'update public.templates set usage_count = 9', '42501', 'permission denied for table templates', 'O5 nobody writes the counts');

insert into public.learning_data (tenant_id, template_id, type, subject, confidence)
values (tests.tenant_id('acme'), tests.id('template', 'acme_build'), 'pattern', 'x', 0.5);
select is(tests.rows_as('acme_manager', $$delete from public.templates where version = 1$$), 1, 'O5 a template goes');
select results_eq('select template_id, confidence from public.learning_data', $$values (null::uuid, 0.5::double precision)$$, 'O5 what was learned from it stays');
select is(tests.rows_as('acme_member', format('insert into public.learning_data (tenant_id, type, subject, confidence, effectiveness) values (%L, ''failure'', ''y'', 1, 0)',
  tests.tenant_id('acme'))), 1, 'O5 members write what they learn');

select * from finish();
rollback;
