-- How workflows and tasks fare, as computed by calculate_workflow_analytics. (O6)
-- A workflow has a row a day on which it was calculated, so that its figures have a course; a task has
-- one row, as of the last time. All of it can be computed anew, but for the days that are over.

create table public.task_analytics (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  workflow_id uuid not null,
  task_id uuid not null,
  calculated_at timestamptz not null default now(),
  lead_seconds double precision not null
    constraint lead_seconds_are_not_negative check (lead_seconds between 0 and 1e18),
  cycle_seconds double precision constraint cycle_seconds_are_not_negative check (cycle_seconds between 0 and 1e18),
  working_seconds double precision not null default 0
    constraint working_seconds_are_not_negative check (working_seconds between 0 and 1e18),
  queued_seconds double precision not null default 0
    constraint queued_seconds_are_not_negative check (queued_seconds between 0 and 1e18),
  waits_for_id uuid,
  waited_from timestamptz,
  waited_until timestamptz,
  constraint waited_for_some_time
    check ((waited_from is null) = (waited_until is null) and waited_from < waited_until),
  held_up_seconds double precision not null default 0
    constraint held_up_seconds_are_not_negative check (held_up_seconds between 0 and 1e18),
  held_up_tasks integer not null default 0 constraint held_up_tasks_are_not_negative check (held_up_tasks >= 0),
  created_at timestamptz not null default now(),
  constraint task_analytics_tenant_id_workflow_id_task_id_key unique (tenant_id, workflow_id, task_id),
  constraint task_analytics_tenant_id_workflow_id_task_id_fkey foreign key (tenant_id, workflow_id, task_id)
    references public.tasks (tenant_id, workflow_id, id) on delete cascade,
  constraint task_analytics_tenant_id_waits_for_id_fkey foreign key (tenant_id, waits_for_id)
    references public.tasks (tenant_id, id) on delete set null (waits_for_id)
);
comment on table public.task_analytics is
  'How each task fares, as of the last calculate_workflow_analytics, which alone writes it.';
comment on column public.task_analytics.lead_seconds is
  'From when it was added, or began if that was earlier, to when it was over, or to the calculation; without '
  'the time in which it was over before it was taken up again.';
comment on column public.task_analytics.cycle_seconds is 'Likewise, from when it was first in progress. Null: never.';
comment on column public.task_analytics.working_seconds is 'In progress and in review.';
comment on column public.task_analytics.queued_seconds is
  'Pending although it waited for no other task: nobody took it up.';
comment on column public.task_analytics.waits_for_id is
  'Of the tasks that it, or one above it, depends on (blocks): the one that was over last, or is not over. Null: '
  'it never waited, or that task is gone.';
comment on column public.task_analytics.waited_from is
  'Since when it has waited for that one: when both it and the dependency were there.';
comment on column public.task_analytics.waited_until is
  'Until when: that one was over, this one was begun all the same, or it was calculated.';
comment on column public.task_analytics.held_up_seconds is
  'How long tasks of its workflow waited because of it, added up: private.share_waiting says how.';
comment on column public.task_analytics.held_up_tasks is 'How many tasks of its workflow did.';

create index task_analytics_page_idx on public.task_analytics (tenant_id, created_at desc, id desc);
create index task_analytics_waits_for_id_idx on public.task_analytics (tenant_id, waits_for_id)
  where waits_for_id is not null;
create index task_analytics_held_up_idx on public.task_analytics (tenant_id, held_up_seconds desc)
  where held_up_tasks > 0;
alter table public.task_analytics add constraint task_analytics_pkey primary key (tenant_id, id);

call private.enroll('public.task_analytics', read => 'viewer');


create table public.workflow_analytics (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  workflow_id uuid not null,
  day date not null,
  calculated_at timestamptz not null default now(),
  tasks_total integer not null,
  tasks_done integer not null,
  tasks_cancelled integer not null,
  tasks_reopened integer not null default 0,
  constraint tasks_are_not_more_than_there_are check (
    tasks_done >= 0 and tasks_cancelled >= 0 and tasks_done + tasks_cancelled <= tasks_total
    and tasks_reopened between 0 and tasks_total
  ),
  done_per_day double precision not null default 0
    constraint done_per_day_is_not_negative check (done_per_day between 0 and 1e18),
  lead_seconds_median double precision,
  lead_seconds_p90 double precision,
  cycle_seconds_median double precision,
  cycle_seconds_p90 double precision,
  constraint no_median_is_above_its_p90 check (
    lead_seconds_median between 0 and lead_seconds_p90 and cycle_seconds_median between 0 and cycle_seconds_p90
  ),
  efficiency double precision constraint efficiency_is_between_0_and_1 check (efficiency between 0 and 1),
  effort_estimate double precision,
  effort_actual double precision,
  constraint effort_is_not_negative check (effort_estimate >= 0 and effort_actual >= 0),
  effort_ratio double precision generated always as (effort_actual / nullif(effort_estimate, 0)) stored,
  status_seconds jsonb not null default '{}'
    constraint status_seconds_are_an_object_of_at_most_1_kb
    check (jsonb_typeof(status_seconds) = 'object' and octet_length(status_seconds::text) <= 1024),
  bottleneck_status text
    constraint bottleneck_status_is_known
    check (bottleneck_status in ('pending', 'in_progress', 'review', 'blocked')),
  bottleneck_task_id uuid,
  bottleneck_title text
    constraint bottleneck_title_has_1_to_500_characters check (char_length(bottleneck_title) between 1 and 500),
  bottleneck_seconds double precision
    constraint bottleneck_seconds_are_positive check (bottleneck_seconds > 0 and bottleneck_seconds <= 1e18),
  bottleneck_tasks integer constraint bottleneck_tasks_are_positive check (bottleneck_tasks > 0),
  constraint has_all_of_a_bottleneck_or_nothing check (
    (bottleneck_title is null) = (bottleneck_seconds is null)
    and (bottleneck_title is null) = (bottleneck_tasks is null)
  ),
  created_at timestamptz not null default now(),
  constraint workflow_analytics_tenant_id_workflow_id_day_key unique (tenant_id, workflow_id, day),
  constraint workflow_analytics_tenant_id_workflow_id_fkey foreign key (tenant_id, workflow_id)
    references public.workflows (tenant_id, id) on delete cascade,
  constraint workflow_analytics_tenant_id_bottleneck_task_id_fkey foreign key (tenant_id, bottleneck_task_id)
    references public.tasks (tenant_id, id) on delete set null (bottleneck_task_id)
);
comment on table public.workflow_analytics is
  'How each workflow fared on each day on which it was calculated. Written by calculate_workflow_analytics.';
comment on column public.workflow_analytics.day is
  'In UTC. A second calculation on the same day replaces the first.';
comment on column public.workflow_analytics.tasks_reopened is
  'Tasks that were taken up again after they were done or cancelled.';
comment on column public.workflow_analytics.done_per_day is
  'Throughput: tasks done in the last 28 days, or since the first task was there if that is less, a day; of less '
  'than a day as if it were one.';
comment on column public.workflow_analytics.lead_seconds_median is
  'Of the tasks that are done, from when each was added to when it was done. Null: none is.';
comment on column public.workflow_analytics.cycle_seconds_median is
  'Of the tasks that are done, from when each was first in progress to when it was done. Null: none ever was.';
comment on column public.workflow_analytics.efficiency is
  'Of the time from when they were added to when they were done, the share in which tasks that are done were in '
  'progress or in review. Null: none is done, or that took no time.';
comment on column public.workflow_analytics.effort_estimate is
  'Hours, of the tasks that are done and have both. Null: none has.';
comment on column public.workflow_analytics.effort_actual is 'Likewise, what they took.';
comment on column public.workflow_analytics.effort_ratio is
  'What they took by what was estimated: above 1 is more than was thought.';
comment on column public.workflow_analytics.status_seconds is
  'How long all its tasks but cancelled ones were in each status, added up: {"review": 3600}. pending is what '
  'they queued (task_analytics.queued_seconds): the time in which they waited for other tasks is theirs.';
comment on column public.workflow_analytics.bottleneck_status is
  'The status with the most of those seconds, but deferred, which somebody decided. Of equal ones the last.';
comment on column public.workflow_analytics.bottleneck_task_id is
  'The task, open or done, that held up others longest (task_analytics.held_up_seconds), also if it is of another '
  'workflow. Null: nothing was held up, or the task is gone. Of equal ones that which was added first.';
comment on column public.workflow_analytics.bottleneck_title is 'Its title then.';
comment on column public.workflow_analytics.bottleneck_seconds is 'How long others waited because of it, added up.';
comment on column public.workflow_analytics.bottleneck_tasks is 'How many did.';

create index workflow_analytics_day_idx on public.workflow_analytics (day);
create index workflow_analytics_page_idx on public.workflow_analytics (tenant_id, created_at desc, id desc);
create index workflow_analytics_bottleneck_task_id_idx on public.workflow_analytics (tenant_id, bottleneck_task_id)
  where bottleneck_task_id is not null;
alter table public.workflow_analytics add constraint workflow_analytics_pkey primary key (tenant_id, id);

call private.enroll('public.workflow_analytics', read => 'viewer');

insert into ops.retention_policies (relation, time_column, keep, least_keep, description)
values ('public.workflow_analytics', 'day', '1 year', '30 days', 'How workflows fared, by day.');
