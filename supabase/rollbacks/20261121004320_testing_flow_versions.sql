-- All versions of flows are lost; the flows stay.
drop function public.freeze_visual_test_flow(uuid, uuid);
drop function private.freeze_visual_test_flow(uuid, uuid);
drop trigger _150_keep_versions on public.visual_test_flows;
drop function private.tg_visual_test_flows__keep_versions();
call private.withdraw('public.visual_test_flow_versions');
drop table public.visual_test_flow_versions;
drop function private.tg_visual_test_flow_versions__refuse_change();
