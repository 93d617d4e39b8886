-- Four weeks of work in each demo tenant: workflows with tasks, components that report, events, measurements with what
-- is usual for them, executions, templates, lessons, articles in two languages, alerts. Safe to run again: a tenant
-- that has workflows is left as it is. Nothing here is random, so two seeded databases hold the same.

create temporary table seeded_tenant as
select t.id, t.slug, m.user_id as author_id, p.id as project_id, p.name as project, date_trunc('day', now()) as today
from public.tenants as t
cross join lateral (
  select m.user_id from public.memberships as m
  where m.tenant_id = t.id and m.role = 'member'
  order by m.user_id
  limit 1
) as m
cross join lateral (
  select p.id, p.name from public.projects as p where p.tenant_id = t.id order by p.name limit 1
) as p
where t.slug in ('acme', 'lakeside', 'brightside')
  and not exists (select from public.workflows as w where w.tenant_id = t.id);

create temporary table seeded_workflow as
select t.id as tenant_id, t.author_id, t.project_id, t.today, private.uuid_v7() as id, w.*
from seeded_tenant as t
cross join (
  values
    (1, 'Release 2.4', 'What was promised for this quarter.', 'active', 'test', 20),
    (2, 'Sign-in with passkeys', 'Passwords stay as the second way.', 'completed', 'release', 27),
    (3, 'Move to the new host', 'Once the release is out.', 'planned', null, 3)
) as w (number, name, description, status, current_phase, days);

-- Those that are over take no task: they are active until theirs are in.
insert into public.workflows (
  tenant_id, id, project_id, name, description, status, phases, current_phase, started_at, created_by, created_at
)
select
  w.tenant_id, w.id, w.project_id, w.name, w.description,
  case w.status when 'completed' then 'active' else w.status end,
  '[{"name": "build"}, {"name": "test"}, {"name": "release"}]',
  w.current_phase,
  case when w.status <> 'planned' then w.today - make_interval(days => w.days - 1) end,
  w.author_id,
  w.today - make_interval(days => w.days)
from seeded_workflow as w;

create temporary table seeded_task as
select
  w.tenant_id, w.id as workflow_id, w.number as workflow, w.author_id, w.today, w.days, private.uuid_v7() as id, k.*
from seeded_workflow as w
join (
  values
    (1, 1, null, 'Agree on the scope', 'done', 'critical', 4, 5),
    (1, 2, null, 'Build', 'in_progress', 'high', 60, null),
    (1, 3, 2, 'Page of settings', 'done', 'high', 16, 14),
    (1, 4, 2, 'Import of old data', 'in_progress', 'high', 24, null),
    (1, 5, 2, 'Export as PDF', 'pending', 'medium', 20, null),
    (1, 6, 5, 'Layout of the tables', 'pending', 'medium', 8, null),
    (1, 7, 5, 'Page numbers', 'pending', 'low', 2, null),
    (1, 8, null, 'Test', 'pending', 'high', 20, null),
    (1, 9, 8, 'On a phone', 'pending', 'medium', 6, null),
    (1, 10, 8, 'With a year of data', 'pending', 'high', 10, null),
    (1, 11, null, 'Put it live', 'pending', 'critical', 2, null),
    (1, 12, null, 'Write the release note', 'review', 'medium', 3, 2),
    (1, 13, null, 'Translation into French', 'deferred', 'low', 12, null),
    (1, 14, null, 'Driver of the old printer', 'cancelled', 'low', 8, 1),
    (1, 15, null, 'Certificate of the payment service', 'blocked', 'high', 2, null),
    (2, 1, null, 'Choose a library', 'done', 'high', 4, 3),
    (2, 2, null, 'Registration of a passkey', 'done', 'high', 16, 21),
    (2, 3, null, 'Sign-in', 'done', 'high', 12, 12),
    (2, 4, null, 'Tell the users', 'done', 'medium', 2, 1),
    (3, 1, null, 'Rehearse the move', 'pending', 'high', 8, null),
    (3, 2, null, 'Move', 'pending', 'critical', 4, null),
    (3, 3, null, 'Switch the old host off', 'pending', 'low', 1, null)
) as k (in_workflow, number, parent, title, status, priority, effort_estimate, effort_actual)
  on k.in_workflow = w.number;

insert into public.tasks (
  tenant_id, id, workflow_id, parent_id, title, status, priority, position, effort_estimate, effort_actual,
  acceptance_criteria, tags, assignee_id, started_at, finished_at, created_by, created_at
)
select
  k.tenant_id, k.id, k.workflow_id, p.id, k.title, k.status, k.priority, k.number, k.effort_estimate, k.effort_actual,
  case when k.workflow = 1 and k.number in (4, 5) then array['A file of 100 MB goes through', 'An error names its line']
    else '{}' end,
  case when k.title like '%data%' then array['data'] else '{}' end,
  case when k.status in ('in_progress', 'review') then k.author_id end,
  case when k.status in ('in_progress', 'review', 'done')
    then k.today - make_interval(days => k.days - 1 - k.number) + interval '9 hours' end,
  case when k.status in ('done', 'cancelled')
    then k.today - make_interval(days => k.days - 3 - k.number) + interval '16 hours' end,
  k.author_id,
  k.today - make_interval(days => k.days) + make_interval(mins => k.number)
from seeded_task as k
left join seeded_task as p on p.workflow_id = k.workflow_id and p.number = k.parent
order by k.tenant_id, k.workflow, k.number;

insert into public.task_dependencies (
  tenant_id, workflow_id, task_id, depends_on_workflow_id, depends_on_id, type, created_by
)
select k.tenant_id, k.workflow_id, k.id, o.workflow_id, o.id, d.type, k.author_id
from (
  values
    (1, 2, 1, 1, 'blocks'),
    (1, 5, 1, 3, 'blocks'),
    (1, 8, 1, 2, 'blocks'),
    (1, 10, 1, 4, 'relates'),
    (1, 11, 1, 8, 'blocks'),
    (1, 11, 1, 15, 'blocks'),
    (2, 2, 2, 1, 'blocks'),
    (2, 3, 2, 2, 'blocks'),
    (3, 1, 1, 11, 'blocks'),
    (3, 2, 3, 1, 'blocks'),
    (3, 3, 3, 2, 'blocks')
) as d (workflow, task, on_workflow, on_task, type)
join seeded_task as k on k.workflow = d.workflow and k.number = d.task
join seeded_task as o on o.tenant_id = k.tenant_id and o.workflow = d.on_workflow and o.number = d.on_task;

update public.workflows as w
set status = s.status
from seeded_workflow as s
where w.tenant_id = s.tenant_id and w.id = s.id and w.status <> s.status;
update public.workflows as w
set finished_at = s.today - interval '18 days' + interval '17 hours'
from seeded_workflow as s
where w.tenant_id = s.tenant_id and w.id = s.id and s.status = 'completed';

-- They say once a day how they are, so that a demo that runs does not go silent meanwhile.
create temporary table seeded_component as
select t.id as tenant_id, t.today, private.uuid_v7() as id, c.*
from seeded_tenant as t
cross join (
  values
    (1, 'Build service', 'service', '4.1.0', 'Builds what is pushed.', '{build, test}'::text[],
      'https://build.example.test', 'healthy', '{"queue": 2}'::jsonb),
    (2, 'Deploy agent', 'agent', '1.9.2', 'Brings a build to its host.', '{deploy, roll_back}',
      'grpc://deploy.example.test:7443', 'healthy', '{}'),
    (3, 'Planner', 'model', 'small', 'Cuts a workflow into tasks.', '{plan, estimate}',
      'https://models.example.test/planner', 'degraded', '{"reason": "answers take 9 s"}'),
    (4, 'Archive', 'database', null, 'Keeps builds for two years.', '{store}', null, 'unknown', '{}')
) as c (number, name, type, version, description, capabilities, endpoint, health, details);

insert into public.components (
  tenant_id, id, name, type, version, description, capabilities, endpoint, heartbeat_seconds, created_at
)
select
  c.tenant_id, c.id, c.name, c.type, c.version, c.description, c.capabilities, c.endpoint, 86400,
  c.today - interval '28 days'
from seeded_component as c;

do $$
declare
  v_component record;
begin
  for v_component in
    select c.tenant_id, c.id, c.health, c.details from seeded_component as c where c.health <> 'unknown'
  loop
    perform public.record_heartbeat(v_component.tenant_id, v_component.id, v_component.health, v_component.details);
  end loop;
  -- Without Vault there is no key to close them with.
  if private.newest_encryption_key() > 0 then
    perform public.set_component_credentials(c.tenant_id, c.id, '{"token": "not-a-real-token"}')
    from seeded_component as c
    where c.number = 2;
  end if;
end
$$;

insert into public.system_health (tenant_id, component_id, status, components, not_healthy, details, created_at)
select
  t.id, null, h.status, 3, h.not_healthy,
  jsonb_strip_nulls(jsonb_build_object('healthy', 3 - h.not_healthy, 'degraded', nullif(h.not_healthy, 0))),
  t.today - make_interval(hours => n.number * 6)
from seeded_tenant as t
cross join generate_series(1, 56) as n (number)
cross join lateral (
  select
    case when n.number between 12 and 15 then 'degraded' else 'healthy' end as status,
    case when n.number between 12 and 15 then 1 else 0 end as not_healthy
) as h;

insert into public.component_communications (
  tenant_id, from_component_id, to_component_id, operation, status, attempt, max_attempts, started_at, retry_at,
  finished_at, correlation_id, request, response, error, created_at
)
select
  b.tenant_id, b.id, d.id, 'deploy', s.status,
  case s.status when 'succeeded' then 1 + n.number % 2 when 'waiting' then 1 else 3 end,
  3,
  s.started_at,
  case s.status when 'waiting' then s.started_at + interval '1 second' end,
  case when s.status <> 'waiting' then s.started_at + make_interval(secs => 4 + n.number % 9) end,
  'build ' || n.number,
  jsonb_build_object('build', n.number),
  case s.status when 'succeeded' then jsonb_build_object('host', 'host-' || 1 + n.number % 3) end,
  case s.status
    when 'timed_out' then 'No answer within 30000 ms.'
    when 'succeeded' then null
    else 'The host answered 503.'
  end,
  s.started_at
from seeded_component as b
join seeded_component as d on d.tenant_id = b.tenant_id and d.number = 2
cross join generate_series(1, 30) as n (number)
cross join lateral (
  select
    b.today - make_interval(hours => n.number * 19) as started_at,
    case
      when n.number = 1 then 'waiting'
      when n.number % 11 = 0 then 'failed'
      when n.number % 13 = 0 then 'timed_out'
      else 'succeeded'
    end as status
) as s
where b.number = 1;

do $$
begin
  perform private.ensure_partition(r.relation, now() - make_interval(days => n.days))
  from unnest(
    array['public.events', 'public.performance_metrics', 'public.execution_history']::regclass[]
  ) as r (relation)
  cross join generate_series(0, 35, 7) as n (days);
end
$$;

-- Each build is a piece of work: what belongs to it shares its correlation id.
insert into public.events (
  tenant_id, created_at, type, severity, component_id, correlation_id, trace_id, message, payload
)
select
  c.tenant_id,
  c.today - make_interval(hours => n.number * 13) + make_interval(secs => e.place * 40),
  e.type, e.severity, c.id, 'build ' || n.number, md5('trace ' || n.number || ' ' || c.tenant_id), e.message,
  jsonb_build_object('build', n.number)
from seeded_component as c
cross join generate_series(1, 45) as n (number)
cross join lateral (
  values
    (0, 1, 'build.started', 'info', null),
    (1, 1, 'build.cache_missed', 'debug', 'Nothing of it had been built before.'),
    (2, 1, case when n.number % 7 = 0 then 'build.failed' else 'build.finished' end,
      case when n.number % 7 = 0 then 'error' else 'info' end,
      case when n.number % 7 = 0 then 'A test of the import failed.' end),
    (3, 2, case when n.number % 17 = 0 then 'deploy.rolled_back' else 'deploy.finished' end,
      case when n.number % 17 = 0 then 'critical' else 'info' end,
      case when n.number % 17 = 0 then 'The page of settings answered 500.' end),
    (4, 2, 'deploy.slow', 'warning', 'Took more than a minute.')
) as e (place, component, type, severity, message)
where c.number = e.component
  and (e.place <> 1 or n.number % 5 = 0)
  -- What failed is not brought anywhere.
  and (e.place < 3 or n.number % 7 <> 0)
  and (e.place <> 4 or n.number % 9 = 0);

-- A build takes longer by day and longer every week; the disk fills; the queue had one bad hour, three days ago.
insert into public.performance_metrics (tenant_id, created_at, name, type, value, unit, component_id, tags)
select c.tenant_id, m.at, s.name, s.type, s.value, s.unit, c.id, '{"environment": "live", "host": "host-1"}'
from seeded_component as c
cross join generate_series(1, 28 * 24 - 1) as n (number)
cross join lateral (
  select
    c.today - make_interval(hours => n.number) as at,
    -- Scatters evenly between -1 and 1 and is the same each time.
    (n.number * 7919 % 1009) / 504.5 - 1 as noise
) as m
cross join lateral (
  values
    ('build_seconds', 'timer',
      95 + case when extract(hour from m.at at time zone 'utc') between 7 and 17 then 40 else 0 end + 6 * m.noise, 's'),
    ('queue_length', 'gauge', case when n.number = 70 then 60 else round((4 + 2 * m.noise)::numeric) end, null),
    ('disk_used_percent', 'gauge', 78 - n.number * 0.03 + 0.4 * m.noise, '%')
) as s (name, type, value, unit)
where c.number = 1;

insert into public.execution_history (
  tenant_id, created_at, subject_type, subject_id, component_id, name, status, started_at, attempt, correlation_id,
  error, details
)
select
  c.tenant_id,
  s.started_at + make_interval(secs => 60 + (n.number * 29) % 240),
  'task', k.id, c.id, 'build', s.status, s.started_at, 1, 'build ' || n.number,
  case s.status when 'failed' then 'A test of the import failed.' end,
  jsonb_build_object('tests', 812 + n.number)
from seeded_component as c
join seeded_task as k on k.tenant_id = c.tenant_id and k.workflow = 1 and k.number = 4
cross join generate_series(1, 45) as n (number)
cross join lateral (
  select
    c.today - make_interval(hours => n.number * 13) as started_at,
    case when n.number % 7 = 0 then 'failed' when n.number % 22 = 0 then 'cancelled' else 'succeeded' end as status
) as s
where c.number = 1;

create temporary table seeded_template as
select t.id as tenant_id, t.author_id, t.today, private.uuid_v7() as id, e.*
from seeded_tenant as t
cross join (
  values
    (1, 'Release', 1, 'workflow', 'Build, test, release.', '{"phases": ["build", "test", "release"]}'::jsonb,
      '{release}'::text[], false, 9, 5),
    (2, 'Release', 2, 'workflow', 'With a rehearsal before the release.',
      '{"phases": ["build", "test", "rehearse", "release"]}', '{release}', true, 14, 13),
    (3, 'Cut into tasks', 1, 'prompt', 'Asks the planner for tasks of a day at most.',
      '{"prompt": "Cut the following work into tasks that take a day at most: {work}"}', '{planner}', true, 31, 24),
    (4, 'Decision', 1, 'document', 'What was decided, and what against.',
      '{"sections": ["Question", "Decision", "Reasons", "What it costs"]}', '{}', true, 0, 0)
) as e (number, name, version, type, description, content, tags, is_active, usage_count, success_count);

insert into public.templates (
  tenant_id, id, name, version, type, description, content, tags, is_active, usage_count, success_count, last_used_at,
  created_by, created_at
)
select
  e.tenant_id, e.id, e.name, e.version, e.type, e.description, e.content, e.tags, e.is_active, e.usage_count,
  e.success_count, case when e.usage_count > 0 then e.today - make_interval(days => 6 - e.number) end, e.author_id,
  e.today - make_interval(days => 28 - e.number)
from seeded_template as e;

insert into public.learning_data (
  tenant_id, template_id, type, subject, content, confidence, effectiveness, created_by, created_at
)
select
  e.tenant_id, e.id, l.type, l.subject, l.content, l.confidence, l.effectiveness, e.author_id,
  e.today - interval '9 days'
from seeded_template as e
join (
  values
    (2, 'success', 'A rehearsal finds what a test does not', '{"rehearsals": 14, "found": 6}'::jsonb, 0.9, 0.8),
    (2, 'estimate', 'Imports take twice what is estimated', '{"factor": 1.9}', 0.7, 0.5),
    (3, 'pattern', 'Tasks of more than a day come back from review', '{"came_back": 0.6}', 0.6, null),
    (3, 'failure', 'Plans without a date of release are not followed', '{}', 0.4, null)
) as l (template, type, subject, content, confidence, effectiveness) on l.template = e.number;

insert into public.knowledge_base (
  tenant_id, type, language, title, body, tags, source_url, access_count, last_accessed_at, created_by, created_at
)
select
  t.id, a.type, a.language, a.title, a.body, a.tags, a.source_url, a.access_count, t.today - interval '1 day',
  t.author_id, t.today - make_interval(days => a.number)
from seeded_tenant as t
cross join (
  values
    (1, 'howto', 'english', 'How to roll a release back',
      'Ask the deploy agent for the build before: roll_back takes its number. The database stays as it is, so roll back'
      ' only what has no migration. Tell everybody who waits for the release.',
      '{release, deploy}'::text[], 'https://wiki.example.test/roll-back', 42),
    (2, 'troubleshooting', 'english', 'The import stops in the middle',
      'Most files that stop the import have a broken character. The error names the line. Save the file as UTF-8 and'
      ' begin again: lines that were imported are recognised and not imported twice.',
      '{data}', null, 18),
    (3, 'decision', 'english', 'Why passwords stay beside passkeys',
      'One user in nine has no device that holds a passkey. Passwords stay as the second way to sign in, with a code by'
      ' e-mail, until that is one in a hundred.',
      '{login}', null, 7),
    (4, 'howto', 'french', 'Annuler une mise en production',
      'Demandez à l''agent de déploiement la version précédente. La base de données ne change pas : n''annulez que ce'
      ' qui ne comporte aucune migration. Prévenez toutes les personnes qui attendent la nouvelle version.',
      '{release, deploy}', null, 12),
    (5, 'reference', 'french', 'Glossaire des versions',
      'Une version porte deux nombres : le premier change lorsque les données changent de forme, le second à chaque'
      ' mise en production.',
      '{release}', null, 3)
) as a (number, type, language, title, body, tags, source_url, access_count);

-- Found, and not written: the bad hour of the queue, and the disk that fills.
do $$
declare
  v_tenant record;
begin
  for v_tenant in select t.id, t.today from seeded_tenant as t order by t.slug loop
    perform private.look_at_series(v_tenant.id);
    perform private.find_spikes(v_tenant.id, v_tenant.today - interval '4 days', v_tenant.today - interval '2 days');
  end loop;
end
$$;
update public.tenant_alerts as a
set status = 'acknowledged', acknowledged_at = t.today - interval '2 days', acknowledged_by = t.author_id
from seeded_tenant as t
where a.tenant_id = t.id and a.kind = 'spike' and a.status = 'open';

drop table seeded_template;
drop table seeded_component;
drop table seeded_task;
drop table seeded_workflow;
drop table seeded_tenant;
