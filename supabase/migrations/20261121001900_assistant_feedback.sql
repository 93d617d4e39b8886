-- Feedback on messages: one of each user on each message. (A3, A6)

create table public.feedback (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  message_id uuid not null,
  user_id uuid default auth.uid(),
  rating text not null constraint rating_is_up_or_down check (rating in ('up', 'down')),
  comment text constraint comment_has_at_most_5000_characters check (char_length(comment) <= 5000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint feedback_tenant_id_message_id_user_id_key unique (tenant_id, message_id, user_id),
  constraint feedback_tenant_id_message_id_fkey foreign key (tenant_id, message_id)
    references public.messages (tenant_id, id) on delete cascade,
  constraint feedback_user_id_fkey foreign key (user_id) references public.users (id) on delete set null
);
comment on table public.feedback is
  'Thumbs up or down on a message. It goes with the message it is about.';
comment on column public.feedback.user_id is
  'Who rated, and alone may change it. Null once the account is gone.';

create index feedback_page_idx on public.feedback (tenant_id, created_at desc, id desc);
create index feedback_user_id_idx on public.feedback (user_id);
alter table public.feedback add constraint feedback_pkey primary key (tenant_id, id);

call private.enroll(
  'public.feedback', read => 'viewer', write => 'member', remove => 'manager', owner => 'user_id',
  insertable => '{tenant_id, message_id, user_id, rating, comment}',
  changeable => '{rating, comment}'
);


create function public.rate_message(tenant_id uuid, message_id uuid, rating text, comment text default null)
  returns uuid
  language plpgsql
  volatile
  security invoker
  set search_path = ''
as $$
declare
  v_feedback uuid;
begin
  -- The policies of feedback decide. An upsert through the table would need the right to update
  -- tenant_id, which nobody has.
  insert into public.feedback (tenant_id, message_id, rating, comment)
  values (rate_message.tenant_id, rate_message.message_id, rate_message.rating, rate_message.comment)
  on conflict on constraint feedback_tenant_id_message_id_user_id_key
  do update set rating = excluded.rating, comment = excluded.comment
  returning id into v_feedback;
  return v_feedback;
end
$$;
comment on function public.rate_message(uuid, uuid, text, text) is
  'Rates a message up or down, or changes the caller''s earlier rating, and returns the id of the '
  'feedback. '
  'Raises 42501 outside the caller''s tenants, 23503 for an unknown message, 23514 for another '
  'rating than up and down.';
revoke all on function public.rate_message(uuid, uuid, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.rate_message(uuid, uuid, text, text) to authenticated;
