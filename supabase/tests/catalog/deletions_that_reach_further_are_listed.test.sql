-- What a foreign key deletes or clears asks no policy of the rows it reaches: whoever may delete the one may delete the
-- others. That is in order where they may delete those too, by the declarations; every other case is written down here.
begin;
\ir ../helpers/cast.psql
\ir ../helpers/catalog.psql
select plan(3);

create view tests.reaching_keys as
  select f.table_name, f.target_name, f.conrelid, c.confdeltype,
    has_table_privilege('authenticated', f.confrelid, 'delete') as is_deletable, c.confdelsetcols, c.conkey
  from tests.foreign_keys as f
  join pg_constraint as c on c.oid = f.oid and c.conparentid = 0 and c.confdeltype not in ('a', 'r');

-- Everybody who removes a row of the one may remove those of the other: no owner below the role, nobody from elsewhere.
create view tests.covered_keys as
  select k.table_name, k.target_name
  from tests.reaching_keys as k
  join private.enrollments as p on p.relation = k.target_name
  join private.enrollments as c on c.relation = k.table_name
  cross join (values ('{customer, viewer, member, manager, admin, owner}'::text[])) as r (roles)
  where k.confdeltype = 'c'
    and array_position(r.roles, c.remove_role) <= array_position(r.roles, p.remove_role)
    and (p.owner_column is null or p.write_role is null)
    and c.branch_column is null
    and (p.is_unconfined or not c.is_unconfined);

select set_eq(
  $$select k.target_name, k.table_name, k.confdeltype::text from tests.reaching_keys as k
    where k.is_deletable and not exists (
      select from tests.covered_keys as c where c.table_name = k.table_name and c.target_name = k.target_name)$$,
  $$values
    -- Nobody stays confined to a branch that is gone; who is confined to no other reaches nothing.
    ('public.branches', 'public.membership_branches', 'c'),
    -- Conversations outlive their project.
    ('public.projects', 'public.conversations', 'n'),
    -- What was made for a project, and ran for it, too.
    ('public.projects', 'public.ai_generations', 'n'), ('public.projects', 'public.browser_sessions', 'n'),
    -- So do workflows.
    ('public.projects', 'public.workflows', 'n'),
    -- Only with words of their own does an owner delete a conversation; what was said of a message goes with it.
    ('public.conversations', 'public.messages', 'c'),
    ('public.messages', 'public.feedback', 'c'),
    -- Flows outlive their project. The steps are of no use without the flow; versions keep it from being deleted.
    ('public.projects', 'public.visual_test_flows', 'n'),
    -- So do schedules, and what a schedule ran outlives it.
    ('public.projects', 'public.test_schedules', 'n'),
    ('public.test_schedules', 'public.scheduled_test_executions', 'n'),
    ('public.visual_test_flows', 'public.visual_test_steps', 'c'),
    ('public.visual_test_flows', 'public.visual_test_flow_versions', 'c'),
    -- Credentials, calls and health are of no use without what they belong to.
    ('public.components', 'private.component_credentials', 'c'),
    ('public.components', 'public.component_communications', 'c'), ('public.components', 'public.system_health', 'c'),
    -- Figures go with what they are about; the name of a bottleneck outlives it.
    ('public.workflows', 'public.workflow_analytics', 'c'), ('public.tasks', 'public.task_analytics', 'c'),
    ('public.tasks', 'public.workflow_analytics', 'n'), ('public.tasks', 'public.task_analytics', 'n'),
    -- What was learned outlives the template.
    ('public.templates', 'public.learning_data', 'n')$$,
  'S3 what goes with a row that users may delete is theirs to delete, or was meant to go'
);
select is_empty(
  $$select k.target_name, k.table_name from tests.reaching_keys as k
    where k.is_deletable and not exists (select from tests.tenant_tables as t where t.name = k.target_name)$$,
  'S3 users delete rows of tenants only'
);
select is_empty(
  $$select k.table_name, k.target_name from tests.reaching_keys as k join tests.tenant_tables as t on t.oid = k.conrelid
    where k.confdeltype in ('n', 'd') and t.tenant = any (coalesce(k.confdelsetcols, k.conkey))$$,
  'S3 no foreign key clears the tenant of a row'
);

select * from finish();
rollback;
