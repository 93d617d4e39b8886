-- The steps stay as they are; nobody but the service role changes which there are, or their order.
drop function public.replace_visual_test_steps(uuid, uuid, jsonb);
drop function private.require_step_list(jsonb);
drop function public.remove_visual_test_step(uuid, uuid);
drop function public.move_visual_test_step(uuid, uuid, integer);
drop function public.insert_visual_test_step(uuid, uuid, text, text, text, jsonb, jsonb, integer, text, integer);
drop function private.require_step_position(integer, integer);
drop function private.require_test_step(uuid, uuid);
drop function private.require_test_flow(uuid, uuid);
drop function private.lock_test_flow(uuid, uuid);
