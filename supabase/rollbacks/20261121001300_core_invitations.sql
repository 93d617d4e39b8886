-- All invitations are lost, open ones too: their tokens stop working.
drop function public.accept_invitation(text);
drop function public.revoke_invitation(uuid, uuid);
drop function public.invite_member(uuid, text, text, uuid[], interval);
drop table private.invitation_tokens;
call private.withdraw('public.invitations');
drop table public.invitations;
