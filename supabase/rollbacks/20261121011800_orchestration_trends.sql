drop function public.get_metric_trend(uuid, text, jsonb, integer);
drop function private.normal_confidence(double precision);
