-- All browser sessions are lost.
drop trigger _310_stamp on public.browser_sessions;
drop function private.tg_browser_sessions__stamp();
drop trigger _300_follow_life_cycle on public.browser_sessions;
call private.withdraw('public.browser_sessions');
drop table public.browser_sessions;
