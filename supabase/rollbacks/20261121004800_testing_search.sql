drop function public.search_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid);
drop function private.find_browser_sessions(uuid, text, jsonb, integer, timestamptz, uuid);
drop function public.search_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid);
drop function private.find_ai_generations(uuid, text, jsonb, integer, timestamptz, uuid);
drop function private.search_ids(regclass, name, uuid, tsquery, jsonb, integer, timestamptz, uuid);
drop function private.check_search(text, jsonb, integer, timestamptz, uuid);
