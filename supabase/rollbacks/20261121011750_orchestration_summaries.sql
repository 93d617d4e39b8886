drop view public.system_overview;
drop view private.system_overview_in_reach;
drop materialized view private.system_overview;
drop view public.component_performance_summary;
drop view private.component_performance_summary_in_reach;
drop materialized view private.component_performance_summary;
drop view public.workflow_performance_summary;
drop view private.workflow_performance_summary_in_reach;
drop materialized view private.workflow_performance_summary;
