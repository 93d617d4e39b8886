drop function public.get_recommendations(uuid, integer);
