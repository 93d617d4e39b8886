-- All flows and their steps are lost.
call private.withdraw('public.visual_test_steps');
drop table public.visual_test_steps;
drop function private.tg_visual_test_steps__keep_order();
drop function private.tg_visual_test_steps__refuse_archived();
call private.withdraw('public.visual_test_flows');
drop table public.visual_test_flows;
