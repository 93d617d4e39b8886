-- The profiles are lost (names, pictures, deactivations); the accounts in auth.users stay.
drop function private.require_user();
-- The triggers on auth.users go with their function: that table is not ours to alter.
drop function private.tg_auth_users__keep_profile() cascade;
alter table private.reach drop constraint reach_user_id_fkey;
drop table public.users;
