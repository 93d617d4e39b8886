-- All browser sessions are lost.
drop trigger _310_stamp on public.browser_sessions;
drop function private.tg_browser_sessions__stamp();
call private.withdraw('public.browser_sessions');
drop table public.browser_sessions;
