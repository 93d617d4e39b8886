-- A row cannot point at another tenant's row, for anybody; and the refusal is that of an id that does not exist.
begin;
\ir ../helpers/cast.psql
select plan(12);

create function tests.refusal(who text, statement text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  perform tests.rows_as(who, statement);
  return 'done';
exception
  when foreign_key_violation then
    get stacked diagnostics v_detail = pg_exception_detail;
    return sqlerrm || ' ' || regexp_replace(v_detail, '[0-9a-f]{8}-[0-9a-f-]{27}', 'id', 'g');
end
$$;
create function tests.project_in(branch text) returns text language sql
  return format($$insert into public.projects (tenant_id, branch_id, name) values (tests.tenant_id('acme'), tests.branch_id(%L), 'New')$$, branch);

select is(tests.rows_as('both_member', 'select from public.branches'), 3,
  'S3 both_member sees the branches of both tenants');
update public.memberships set role = 'manager' where user_id = tests.user_id('both_member');
select matches(tests.refusal(who, tests.project_in('globex_main')),
  '^insert or update on table "projects" violates foreign key constraint',
  format('S3 %s makes no project of Acme in a branch of Globex', who))
from (values ('acme_manager'), ('both_member'), ('platform_admin'), ('service'), ('operator')) as v (who);
select is(
  tests.refusal(who, tests.project_in('globex_main')), tests.refusal(who, tests.project_in('nowhere')),
  format('S4 to %s a foreign branch is as good as none', who)
)
from (values ('acme_manager'), ('both_member'), ('platform_admin')) as v (who);
select tests.throws_as('acme_manager',
  $$update public.projects set branch_id = tests.branch_id('globex_main') where name = 'House'$$, '23503',
  'insert or update on table "projects" violates foreign key constraint "projects_tenant_id_branch_id_fkey"',
  'S3 nor moves one there');
select is((select count(*) from public.projects where branch_id = tests.branch_id('globex_main')), 0::bigint,
  'S3 nothing is there');
select is(tests.refusal('acme_manager', tests.project_in('acme_north')), 'done',
  'S3 in a branch of its own tenant it can be');

select * from finish();
rollback;
