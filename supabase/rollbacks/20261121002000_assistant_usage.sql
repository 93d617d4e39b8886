-- All usage is lost.
drop view public.current_day_usage;
drop function public.increment_usage(uuid, bigint, bigint, numeric, uuid);
call private.withdraw('public.usage_metrics');
drop table public.usage_metrics;
