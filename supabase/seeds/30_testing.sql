-- Eight weeks of tests in each demo tenant: flows with steps and versions, schedules, executions, generations, browser
-- sessions, jobs. Safe to run again: a tenant that has flows is left as it is. Nothing here is random, so two seeded
-- databases hold the same.

create temporary table seeded_tenant as
select t.id, t.slug, t.settings ->> 'time_zone' as time_zone, m.user_id as author_id
from public.tenants as t
cross join lateral (
  select m.user_id from public.memberships as m where m.tenant_id = t.id and m.role = 'member' order by m.user_id limit 1
) as m
where t.slug in ('acme', 'lakeside', 'brightside')
  and not exists (select from public.visual_test_flows as f where f.tenant_id = t.id);

create temporary table seeded_flow as
select t.id as tenant_id, t.slug, t.time_zone, t.author_id, private.uuid_v7() as id, f.*
from seeded_tenant as t
cross join (
  values
    (1, 'Sign in', 'A user signs in and sees the start page.', '{smoke, login}'::text[], 3),
    (2, 'Search', 'A search finds what is there and says so when nothing is.', '{smoke}', 7),
    (3, 'Report as PDF', 'The report of a month opens and looks as it did.', '{visual, report}', 5),
    (4, 'Old settings page', 'Replaced by the new settings.', '{}', 2)
) as f (number, name, description, tags, fails_each);

insert into public.visual_test_flows (tenant_id, id, name, description, tags, base_url, settings, created_by, created_at)
select
  f.tenant_id, f.id, f.name, f.description, f.tags, 'https://' || f.slug || '.example.test',
  '{"viewport": {"width": 1280, "height": 720}}', f.author_id,
  date_trunc('day', now()) - make_interval(days => 60, hours => -f.number)
from seeded_flow as f;

insert into public.visual_test_steps (tenant_id, flow_id, position, action, target, value, expectation, description)
select f.tenant_id, f.id, s.position, s.action, s.target, s.value, s.expectation, s.description
from seeded_flow as f
join (
  values
    (1, 1, 'navigate', null, '/login', '{}'::jsonb, 'Open the page.'),
    (1, 2, 'fill', '#email', 'tester@example.test', '{}', 'The address of the test account.'),
    (1, 3, 'click', '#sign-in', null, '{}', 'Sign in.'),
    (1, 4, 'assert_url', null, '/home', '{}', 'The start page has come.'),
    (2, 1, 'navigate', null, '/search', '{}', 'Open the search.'),
    (2, 2, 'fill', '#query', 'invoice', '{}', 'Look for something that is there.'),
    (2, 3, 'press', null, 'Enter', '{}', null),
    (2, 4, 'assert_text', '#results', 'invoice', '{}', 'The results name it.'),
    (3, 1, 'navigate', null, '/reports/latest', '{}', 'Open the report.'),
    (3, 2, 'wait_for', '#pages', null, '{}', 'All pages are drawn.'),
    (3, 3, 'compare_screenshot', '#pages', null, '{"max_difference": 0.01}', 'It looks as it did.'),
    (4, 1, 'navigate', null, '/settings', '{}', null)
) as s (flow, position, action, target, value, expectation, description) on s.flow = f.number;

do $$
declare
  v_flow record;
begin
  -- The constraint on the order of steps speaks at commit; a version needs it spoken.
  set constraints all immediate;
  for v_flow in select f.tenant_id, f.id, f.number from seeded_flow as f order by f.tenant_id, f.number loop
    perform public.freeze_visual_test_flow(v_flow.tenant_id, v_flow.id);
    if v_flow.number = 1 then
      -- What ran before this step came is still to be read in version 1.
      perform public.insert_visual_test_step(
        v_flow.tenant_id, v_flow.id, 'assert_visible', '#menu', description => 'The menu is there.'
      );
      perform public.freeze_visual_test_flow(v_flow.tenant_id, v_flow.id);
    end if;
  end loop;
end
$$;
update public.visual_test_flows as f
set is_archived = true
from seeded_flow as s
where s.tenant_id = f.tenant_id and s.id = f.id and s.number = 4;

-- Switched on are only those whose next time is weeks away: a demo that runs must not fill up with executions that
-- nobody plays.
create temporary table seeded_schedule as
select f.tenant_id, f.id as flow_id, f.number, f.fails_each, f.author_id, f.time_zone, private.uuid_v7() as id, s.*
from seeded_flow as f
join (
  values
    (1, 'Every morning', 'cron', null::timestamptz, null::interval, '0 6 * * mon-fri', false),
    (2, 'Every six hours', 'interval', null, '6 hours', null, false),
    (3, 'Closing of the month', 'cron', null, null, '0 7 L * *', false),
    (2, 'Before the release', 'once', date_trunc('day', now()) + interval '180 days', null, null, true),
    (3, 'Each quarter', 'interval', null, '90 days', null, true)
) as s (flow, name, kind, run_at, every, cron, is_enabled) on s.flow = f.number;

insert into public.test_schedules (
  tenant_id, id, flow_id, name, kind, run_at, every, cron, time_zone, is_enabled, settings, created_at
)
select
  s.tenant_id, s.id, s.flow_id, s.name, s.kind, s.run_at, s.every, s.cron,
  case s.kind when 'cron' then s.time_zone end, s.is_enabled, '{"browser": "chromium", "retries": 1}',
  date_trunc('day', now()) - interval '58 days'
from seeded_schedule as s;

-- The flow of sign-in gets worse for a week, then is mended; that of the search is steady.
insert into public.scheduled_test_executions (
  tenant_id, schedule_id, flow_id, flow_version, due_at, status, settings, results, error, started_at, finished_at,
  created_at, updated_at
)
select
  s.tenant_id, s.id, s.flow_id,
  case when s.number = 1 and r.day <= 20 then 2 else 1 end,
  r.due_at,
  r.status,
  '{"browser": "chromium", "retries": 1}',
  case r.status
    when 'passed' then jsonb_build_object('steps', 4, 'passed', 4)
    when 'failed' then jsonb_build_object('steps', 4, 'passed', 2, 'failed_step', 3)
    else '{}'
  end,
  case r.status
    when 'failed' then 'Step 3: the element was not there within 30 s.'
    when 'error' then 'The test runner answered 503.'
  end,
  r.due_at + interval '20 seconds',
  r.due_at + make_interval(secs => 20 + r.seconds),
  r.due_at,
  r.due_at + make_interval(secs => 20 + r.seconds)
from seeded_schedule as s
cross join lateral (
  select
    d.day,
    date_trunc('day', now()) - make_interval(days => d.day) + make_interval(hours => 6 + s.number) as due_at,
    35 + (d.day * 13 + s.number * 7) % 50 as seconds,
    case
      when s.number = 1 and d.day between 21 and 27 and d.day % 2 = 0 then 'failed'
      when d.day % 19 = 11 then 'error'
      when d.day % (s.fails_each * 4) = 1 then 'failed'
      else 'passed'
    end as status
  from generate_series(1, 56) as d (day)
  where case s.name
    when 'Every morning' then extract(isodow from now() - make_interval(days => d.day)) <= 5
    when 'Every six hours' then true
    when 'Closing of the month' then d.day in (9, 40)
    else false
  end
) as r
order by r.due_at, s.number;

insert into public.ai_generations (
  tenant_id, created_by, kind, prompt, model, status, started_at, finished_at, result, prompt_tokens, completion_tokens,
  cost, error, created_at, updated_at
)
select
  t.id, t.author_id, k.kind, k.prompt,
  case n.number % 3 when 0 then 'large' else 'small' end,
  g.status,
  g.started_at,
  g.started_at + make_interval(secs => 2 + (n.number * 7) % 20),
  case g.status when 'succeeded' then jsonb_build_object('text', k.answer, 'steps', 1 + n.number % 6) end,
  180 + (n.number * 37) % 900,
  case g.status when 'succeeded' then 250 + (n.number * 53) % 1500 end,
  case g.status when 'succeeded' then round((430 + (n.number * 90) % 2400) * 0.000003, 6) end,
  case g.status when 'failed' then 'The model did not answer within 60 s.' end,
  g.started_at - interval '1 second',
  g.started_at + interval '30 seconds'
from seeded_tenant as t
cross join generate_series(1, 90) as n (number)
join (
  values
    (0, 'test', 'A test that signs in with a wrong password and expects the message.', 'Seven steps; the last one compares the message.'),
    (1, 'test_data', 'Ten customers with addresses in three countries.', 'Ten rows with name, street, city and country.'),
    (2, 'fix', 'The selector of the sign-in button no longer matches. Propose another one.', 'Use the role of the button and its name.'),
    (3, 'explanation', 'Why did the comparison of the report fail yesterday?', 'The chart is drawn after the screenshot: wait for it.')
) as k (number, kind, prompt, answer) on k.number = n.number % 4
cross join lateral (
  select
    date_trunc('day', now()) - make_interval(days => (n.number * 11) % 55)
      - make_interval(hours => (n.number * 5) % 10, mins => (n.number * 17) % 60) as started_at,
    case when n.number % 13 = 0 then 'failed' when n.number % 29 = 0 then 'cancelled' else 'succeeded' end as status
) as g;

insert into public.browser_sessions (
  tenant_id, created_by, name, browser, browser_version, viewport_width, viewport_height, status, started_at, ended_at,
  artefacts, error, created_at, updated_at
)
select
  t.id, t.author_id,
  (array['Sign in', 'Search', 'Report as PDF'])[1 + n.number % 3],
  (array['chromium', 'firefox', 'webkit', 'chromium'])[1 + n.number % 4],
  (array['131.0.6778.33', '132.0', '18.2', '131.0.6778.33'])[1 + n.number % 4],
  case when n.number % 5 = 0 then 390 else 1280 end,
  case when n.number % 5 = 0 then 844 else 720 end,
  s.status,
  s.started_at,
  s.started_at + make_interval(secs => 25 + (n.number * 13) % 70),
  jsonb_build_array(
    jsonb_build_object('kind', 'screenshot', 'path', format('runs/%s/end.png', n.number), 'bytes', 48000 + n.number * 310)
  ) || case s.status
    when 'failed' then jsonb_build_array(jsonb_build_object('kind', 'trace', 'path', format('runs/%s/trace.zip', n.number)))
    else '[]'
  end,
  case s.status when 'failed' then 'Step 3: the element was not there within 30 s.' end,
  s.started_at - interval '2 seconds',
  s.started_at + make_interval(secs => 25 + (n.number * 13) % 70)
from seeded_tenant as t
cross join generate_series(1, 60) as n (number)
cross join lateral (
  select
    date_trunc('day', now()) - make_interval(days => (n.number * 7) % 29, hours => (n.number * 3) % 11) as started_at,
    case when n.number % 9 = 0 then 'failed' when n.number % 31 = 0 then 'cancelled' else 'completed' end as status
) as s;

-- Jobs that wait belong to later, so that no worker of a demo takes them.
insert into public.job_queue (tenant_id, queue, type, run_at, is_due, requested_by, payload)
select t.id, 'default', 'monthly_report', date_trunc('month', now()) + interval '2 months', false, t.author_id,
  jsonb_build_object('month', n.number)
from seeded_tenant as t
cross join generate_series(1, 2) as n (number);

insert into public.finished_jobs (
  tenant_id, id, queue, type, status, priority, run_at, attempt, max_attempts, started_at, requested_by, created_at,
  finished_at, payload, result, error
)
select
  t.id, private.uuid_v7(), 'default', 'send_report', j.status, 0, j.made_at,
  case j.status when 'dead' then 5 when 'cancelled' then 0 else 1 + n.number % 2 end,
  5,
  case when j.status <> 'cancelled' then j.made_at + make_interval(secs => n.number % 9) end,
  t.author_id,
  j.made_at,
  j.made_at + make_interval(secs => 10 + (n.number * 11) % 40),
  jsonb_build_object('report', n.number),
  case j.status when 'succeeded' then jsonb_build_object('pages', 1 + n.number % 12) end,
  case j.status when 'dead' then 'The mail server refused the address.' end
from seeded_tenant as t
cross join generate_series(1, 40) as n (number)
cross join lateral (
  select
    date_trunc('hour', now()) - make_interval(hours => n.number * 4) as made_at,
    case when n.number % 17 = 0 then 'dead' when n.number % 23 = 0 then 'cancelled' else 'succeeded' end as status
) as j;

drop table seeded_schedule;
drop table seeded_flow;
drop table seeded_tenant;

select ops.refresh_materialized_views();
