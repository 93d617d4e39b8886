-- Rows for the round trip: after each migration, at least one row in every table there is and rows of two tenants in every
-- table with a tenant. A fragment begins with "-- after: <migration>"; it fills the tables that its migration makes.
-- "-- empty until <migration>: <table>" excuses a table that only a later migration fills. Ids come from names: md5('ann')::uuid.

-- after: nothing
insert into auth.users (id, email, email_confirmed_at)
select md5(name)::uuid, name || '@example.com', now() from unnest('{ann, bob, eve}'::text[]) as name;

-- after: core_access_helpers
-- empty until core_reach: private.reach

-- after: core_enroll
-- empty until core_audit_log: private.enrollments

-- after: core_audit_log
insert into public.audit_log (tenant_id, actor_role, verb, table_name, row_key)
select md5(name)::uuid, 'postgres', 'insert', 'public.tenants', jsonb_build_object('id', md5(name))
from unnest('{acme, borealis}'::text[]) as name;

-- after: core_tenants
insert into public.tenants (id, name, slug)
values (md5('acme')::uuid, 'Acme', 'acme'), (md5('borealis')::uuid, 'Borealis', 'borealis');

-- after: core_users
insert into auth.users (id, email, email_confirmed_at) values (md5('dan')::uuid, 'dan@example.com', now())
on conflict (id) do nothing;

-- after: core_branches
insert into public.branches (tenant_id, id, name, code)
select t.id, md5(t.slug || ' north')::uuid, 'North', 'N' from public.tenants as t;

-- after: core_memberships
insert into public.memberships (tenant_id, user_id, role, is_confined)
values
  (md5('acme')::uuid, md5('ann')::uuid, 'owner', false),
  (md5('acme')::uuid, md5('eve')::uuid, 'member', true),
  (md5('borealis')::uuid, md5('bob')::uuid, 'owner', false),
  (md5('borealis')::uuid, md5('eve')::uuid, 'viewer', true);
insert into public.membership_branches (tenant_id, user_id, branch_id)
select t.id, md5('eve')::uuid, md5(t.slug || ' north')::uuid from public.tenants as t;

-- after: core_platform_admins
insert into private.platform_admins (user_id, note) values (md5('dan')::uuid, 'operator');

-- after: core_invitations
insert into public.invitations (tenant_id, id, email, role, expires_at)
select t.id, md5(t.slug || ' invitation')::uuid, 'new@example.com', 'member', now() + interval '7 days' from public.tenants as t;
insert into private.invitation_tokens (tenant_id, invitation_id, token_hash)
select i.tenant_id, i.id, sha256(i.id::text::bytea) from public.invitations as i;

-- after: core_projects
insert into public.projects (tenant_id, id, branch_id, name, external_ids)
select t.id, md5(t.slug || ' site')::uuid, md5(t.slug || ' north')::uuid, 'Site', '{"github_repo": "acme/site"}' from public.tenants as t;

-- after: ops_schedules
insert into ops.schedule_runs (schedule_name, finished_at, status) values ('add-partitions', now(), 'succeeded');

-- after: ops_view_refreshes
insert into ops.view_refreshes (view_name, started_at, duration_ms, is_concurrent, row_count) values ('nothing_yet', now(), 1, false, 0);

-- after: assistant_conversations
insert into public.conversations (tenant_id, id, user_id, project_id, title)
select t.id, md5(t.slug || ' talk')::uuid, md5('eve')::uuid, md5(t.slug || ' site')::uuid, 'Talk' from public.tenants as t;

-- after: assistant_messages
insert into public.messages (tenant_id, id, conversation_id, author_id, role, content)
select t.id, md5(t.slug || ' hello')::uuid, md5(t.slug || ' talk')::uuid, md5('eve')::uuid, 'user', 'Hello' from public.tenants as t;

-- after: assistant_feedback
insert into public.feedback (tenant_id, message_id, user_id, rating)
select t.id, md5(t.slug || ' hello')::uuid, md5('eve')::uuid, 'up' from public.tenants as t;

-- after: assistant_usage
insert into public.usage_metrics (tenant_id, user_id, tokens, messages, cost)
select t.id, md5('eve')::uuid, 100, 1, 0.01 from public.tenants as t;

-- after: ops_maintenance
insert into ops.maintenance_runs (id, mode, is_direct, finished_at, status) values (md5('maintenance')::uuid, 'quick', true, now(), 'succeeded');
insert into ops.maintenance_steps (run_id, place, name, target, started_at, duration_ms, status)
values (md5('maintenance')::uuid, 1, 'vacuum', 'public.projects', now(), 1, 'succeeded');

-- after: ops_health
-- empty until ops_sessions: ops.health_checks
-- empty until ops_sessions: ops.health_thresholds

-- after: ops_history
insert into ops.health_runs (started_at, duration_ms, status) values (now(), 12.5, 'ok');
insert into ops.metric_samples (metric, sampled_at, value) values ('database_bytes', now(), 1000000);

-- after: ops_alerts
insert into ops.quiet_windows (check_name, ends_at, reason, made_by) values ('*', now() + interval '1 hour', 'planned work', 'postgres');
insert into ops.alerts (id, check_name, key, severity, message, state, first_seen_at, last_seen_at)
values (md5('alert')::uuid, 'table_growth', 'public.messages', 'warn', 'It grows.', 'open', now(), now());
insert into ops.alert_deliveries (alert_id, event, payload) values (md5('alert')::uuid, 'opened', '{"event": "opened"}');

-- after: orchestration_workflows
insert into public.workflows (tenant_id, id, project_id, name, phases, current_phase, source, source_key)
select t.id, md5(t.slug || ' flow')::uuid, md5(t.slug || ' site')::uuid, 'Flow', '[{"name": "build"}]', 'build', 'file', 'flow'
from public.tenants as t;

-- after: orchestration_tasks
insert into public.tasks (tenant_id, id, workflow_id, parent_id, title, source, source_key)
select t.id, md5(t.slug || ' task ' || n)::uuid, md5(t.slug || ' flow')::uuid, case n when 3 then md5(t.slug || ' task 1')::uuid end,
  'Task ' || n, 'file', n::text
from public.tenants as t, generate_series(1, 3) as n;

-- after: orchestration_task_dependencies
insert into public.task_dependencies (tenant_id, workflow_id, task_id, depends_on_id)
select t.id, md5(t.slug || ' flow')::uuid, md5(t.slug || ' task 2')::uuid, md5(t.slug || ' task 1')::uuid from public.tenants as t;

-- after: testing_ai_generations
insert into public.ai_generations (tenant_id, id, created_by, project_id, prompt, model, status)
select t.id, md5(t.slug || ' generation')::uuid, md5('eve')::uuid, md5(t.slug || ' site')::uuid, 'Test the login', 'model-1', 'running'
from public.tenants as t;

-- after: testing_browser_sessions
insert into public.browser_sessions (tenant_id, id, created_by, project_id, name, browser, status, artefacts)
select t.id, md5(t.slug || ' session')::uuid, md5('eve')::uuid, md5(t.slug || ' site')::uuid, 'Login', 'chromium', 'running',
  '[{"kind": "screenshot", "path": "login.png"}]'
from public.tenants as t;

-- after: testing_visual_test_flows
insert into public.visual_test_flows (tenant_id, id, project_id, name)
select t.id, md5(t.slug || ' flow')::uuid, md5(t.slug || ' site')::uuid, 'Login' from public.tenants as t;
insert into public.visual_test_steps (tenant_id, id, flow_id, position, action, value)
select t.id, md5(t.slug || ' step')::uuid, md5(t.slug || ' flow')::uuid, 1, 'navigate', '/login' from public.tenants as t;

-- after: testing_flow_versions
insert into public.visual_test_flow_versions (tenant_id, id, flow_id, version, snapshot, content_hash)
select t.id, md5(t.slug || ' version')::uuid, md5(t.slug || ' flow')::uuid, 1, '{"name": "Login", "steps": []}',
  encode(sha256('login'), 'hex')
from public.tenants as t;

-- after: testing_schedules
insert into public.test_schedules (tenant_id, id, flow_id, name, kind, cron, time_zone)
select t.id, md5(t.slug || ' schedule')::uuid, md5(t.slug || ' flow')::uuid, 'Nightly', 'cron', '0 2 * * *', 'Europe/Berlin'
from public.tenants as t;

-- after: testing_executions
insert into public.scheduled_test_executions (tenant_id, schedule_id, flow_id, flow_version, due_at)
select t.id, md5(t.slug || ' schedule')::uuid, md5(t.slug || ' flow')::uuid, 1, '2026-01-02 01:00Z' from public.tenants as t;

-- after: testing_dispatch
insert into ops.schedule_runs (schedule_name, finished_at, status) values ('dispatch-schedules', now(), 'succeeded');

-- after: jobs_queues
insert into ops.job_tenant_limits (tenant_id, queue, max_running) select t.id, 'default', 10 from public.tenants as t;
insert into ops.job_types (type, lowest_role) values ('report', 'manager');

-- after: jobs_job_queue
insert into public.job_queue (tenant_id, id, type) select t.id, md5(t.slug || ' waits')::uuid, 'mail' from public.tenants as t;
insert into public.job_queue (tenant_id, id, type, status, attempt, lease_id, started_at, dedupe_key)
select t.id, md5(t.slug || ' runs')::uuid, 'mail', 'running', 1, md5('lease')::uuid, now(), 'one' from public.tenants as t;
insert into private.job_keys (tenant_id, queue, dedupe_key, job_id)
select t.id, 'default', 'one', md5(t.slug || ' runs')::uuid from public.tenants as t;
insert into private.job_leases (lease_id, queue, worker, tenant_ids, job_ids, expires_at)
select md5('lease')::uuid, 'default', 'worker', array_agg(j.tenant_id), array_agg(j.id), now() + interval '1 minute'
from public.job_queue as j where j.status = 'running';
insert into private.job_workers (queue, worker, last_tenant_id) values ('default', 'worker', md5('acme')::uuid);
insert into public.finished_jobs (
  tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, created_at, payload, error
)
select t.id, md5(t.slug || ' died')::uuid, 'default', 'mail', 'dead', 0, now(), 5, 5, now(), '{}', 'No.' from public.tenants as t;

-- after: orchestration_components
insert into public.components (tenant_id, id, name, type)
select t.id, md5(t.slug || ' builder')::uuid, 'builder', 'agent' from public.tenants as t;
select public.set_component_credentials(c.tenant_id, c.id, '{"token": "x"}') from public.components as c;

-- after: orchestration_events
insert into public.events (tenant_id, type) select t.id, 'build.done' from public.tenants as t;

-- after: orchestration_communications
insert into public.component_communications (tenant_id, id, from_component_id, to_component_id, operation, expires_at)
select c.tenant_id, c.id, c.id, c.id, 'send', now() from public.components as c;

-- after: orchestration_performance_metrics
insert into public.performance_metrics (tenant_id, name, value) select t.id, 'cpu', 0.5 from public.tenants as t;

-- after: orchestration_history
insert into public.execution_history (tenant_id, subject_type, name, status, started_at)
select t.id, 'other', 'deploy', 'succeeded', now() from public.tenants as t;
insert into public.system_health (tenant_id, component_id, status) select c.tenant_id, c.id, 'healthy' from public.components as c;

-- after: orchestration_templates
insert into public.templates (tenant_id, id, name, type) select t.id, md5(t.slug || ' template')::uuid, 'build', 'task' from public.tenants as t;
insert into public.learning_data (tenant_id, template_id, type, subject, confidence)
select t.tenant_id, t.id, 'pattern', 'Builds', 0.5 from public.templates as t;

-- after: orchestration_knowledge
insert into public.knowledge_base (tenant_id, id, title, body)
select t.id, md5(t.slug || ' article')::uuid, 'Deploying', 'How a house is deployed.' from public.tenants as t;
select public.record_knowledge_access(k.tenant_id, k.id) from public.knowledge_base as k;

-- after: orchestration_baselines
insert into public.tenant_alerts (tenant_id, fingerprint, kind, severity, title, recommendation, began_at)
select t.id, 'spike cpu', 'spike', 'warning', 'cpu', 'Look.', now() from public.tenants as t;
insert into public.metric_baselines (tenant_id, name, tags_key, samples, median, scale, low, high)
select t.id, 'cpu', 'x', 50, 1, 0, 0, 0 from public.tenants as t;
insert into private.metric_watches (tenant_id, looked_until) select t.id, now() from public.tenants as t;

-- after: orchestration_analytics
insert into public.workflow_analytics (tenant_id, workflow_id, day, tasks_total, tasks_done, tasks_cancelled)
select w.tenant_id, w.id, '2026-01-01', 3, 0, 0 from public.workflows as w;
insert into public.task_analytics (tenant_id, workflow_id, task_id, lead_seconds) select t.tenant_id, t.workflow_id, t.id, 60 from public.tasks as t;
