-- Nothing is lost: the summaries are made anew from feedback and usage.
drop view public.monthly_usage_summary;
drop view private.monthly_usage_summary_in_reach;
drop materialized view private.monthly_usage_summary;
drop view public.daily_feedback_summary;
drop view public.message_feedback_summary;
drop view private.message_feedback_summary_in_reach;
drop materialized view private.message_feedback_summary;
