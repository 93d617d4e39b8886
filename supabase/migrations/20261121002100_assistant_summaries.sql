-- Summaries of feedback and usage: materialized, private, each behind a tenant-filtered view. (A3,
-- A4, S4)

-- Only messages that have feedback: one row a message would make every refresh as large as the
-- table of messages.
create materialized view private.message_feedback_summary as
select
  f.tenant_id,
  f.message_id,
  m.conversation_id,
  (m.created_at at time zone 'utc')::date as day,
  count(*) filter (where f.rating = 'up') as up_count,
  count(*) filter (where f.rating = 'down') as down_count,
  count(f.comment) as comment_count,
  max(f.updated_at) as last_rated_at
from public.feedback as f
join public.messages as m on m.tenant_id = f.tenant_id and m.id = f.message_id
group by f.tenant_id, f.message_id, m.conversation_id, m.created_at;
comment on materialized view private.message_feedback_summary is
  'Feedback on each rated message, as of the last refresh. day: when the message was written '
  '(UTC).';

create unique index message_feedback_summary_key on private.message_feedback_summary (tenant_id, message_id);
create index message_feedback_summary_day_idx on private.message_feedback_summary (tenant_id, day);

call private.publish_materialized_view('message_feedback_summary', read => 'viewer');


create view public.daily_feedback_summary
  with (security_invoker = true)
as
select
  s.tenant_id,
  s.day,
  count(*) as rated_messages,
  sum(s.up_count)::bigint as up_count,
  sum(s.down_count)::bigint as down_count,
  sum(s.comment_count)::bigint as comment_count,
  round(sum(s.up_count) / sum(s.up_count + s.down_count), 4) as up_share
from public.message_feedback_summary as s
group by s.tenant_id, s.day;
comment on view public.daily_feedback_summary is
  'Feedback per tenant and day on which the messages were written (UTC), as of the last refresh. '
  'up_share: from 0 to 1.';
revoke all on public.daily_feedback_summary from public, anon, authenticated, service_role;
grant select on public.daily_feedback_summary to authenticated;


create materialized view private.monthly_usage_summary as
select
  u.tenant_id,
  date_trunc('month', u.day::timestamp)::date as month,
  count(distinct u.user_id) as users,
  sum(u.tokens)::bigint as tokens,
  sum(u.messages)::bigint as messages,
  sum(u.cost) as cost
from public.usage_metrics as u
group by u.tenant_id, date_trunc('month', u.day::timestamp)::date;
comment on materialized view private.monthly_usage_summary is
  'Usage per tenant and month (UTC), as of the last refresh. month: its first day.';

create unique index monthly_usage_summary_key on private.monthly_usage_summary (tenant_id, month);

call private.publish_materialized_view('monthly_usage_summary', read => 'viewer');
