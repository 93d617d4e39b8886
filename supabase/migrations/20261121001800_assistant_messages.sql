-- Messages of a conversation. (A1, A2, A6)

create table public.messages (
  tenant_id uuid not null,
  id uuid not null default private.uuid_v7(),
  conversation_id uuid not null,
  author_id uuid default auth.uid(),
  role text not null constraint role_is_known check (role in ('user', 'assistant', 'system')),
  content text not null
    constraint content_has_1_to_100000_characters check (char_length(content) between 1 and 100000),
  token_count integer constraint token_count_is_not_negative check (token_count >= 0),
  latency_ms integer constraint latency_is_not_negative check (latency_ms >= 0),
  metadata jsonb not null default '{}'
    constraint metadata_is_an_object_of_at_most_64_kb
    check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 65536),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint messages_tenant_id_conversation_id_fkey foreign key (tenant_id, conversation_id)
    references public.conversations (tenant_id, id) on delete cascade,
  constraint messages_author_id_fkey foreign key (author_id) references public.users (id) on delete set null
);
comment on table public.messages is 'What was said, by people and by the assistant.';
comment on column public.messages.author_id is
  'The user who wrote or requested it, and alone may change it. Null: the service role, or an '
  'account that is gone.';
comment on column public.messages.token_count is 'Tokens of this message as the model counts them.';
comment on column public.messages.latency_ms is
  'Milliseconds from the request to the finished answer.';

create index messages_conversation_idx on public.messages (tenant_id, conversation_id, created_at desc, id desc);
create index messages_page_idx on public.messages (tenant_id, created_at desc, id desc);
create index messages_author_id_idx on public.messages (author_id);
alter table public.messages add constraint messages_pkey primary key (tenant_id, id);

call private.enroll(
  'public.messages', read => 'viewer', write => 'member', remove => 'manager', owner => 'author_id',
  insertable => '{tenant_id, conversation_id, author_id, role, content, token_count, latency_ms, metadata}',
  changeable => '{content, token_count, latency_ms, metadata}'
);


create function private.tg_messages__arrive()
  returns trigger
  language plpgsql
  volatile
  security definer -- a member's message moves a conversation that only its owner may change
  set search_path = ''
as $$
declare
  v_archived uuid;
begin
  -- Locked in one order, so that two batches over the same conversations do not block each other
  -- for good.
  perform from public.conversations as c
  where (c.tenant_id, c.id) in (select a.tenant_id, a.conversation_id from arrived as a)
  order by c.tenant_id, c.id
  for no key update;
  select c.id into v_archived
  from public.conversations as c
  where (c.tenant_id, c.id) in (select a.tenant_id, a.conversation_id from arrived as a) and c.is_archived
  limit 1;
  if v_archived is not null then
    raise exception using
      errcode = 'PT409',
      message = 'The conversation is archived.',
      detail = format('conversation_id %s', v_archived),
      hint = 'Its owner can set is_archived to false.';
  end if;
  -- The touch trigger stamps updated_at.
  update public.conversations as c set updated_at = now()
  where (c.tenant_id, c.id) in (select a.tenant_id, a.conversation_id from arrived as a);
  return null;
end
$$;
comment on function private.tg_messages__arrive() is
  'After insert of messages: moves updated_at of their conversations. Raises PT409 for an archived '
  'one.';
revoke all on function private.tg_messages__arrive() from public, anon, authenticated, service_role;

create trigger _300_arrive
  after insert on public.messages
  referencing new table as arrived
  for each statement execute function private.tg_messages__arrive();


create function private.tg_conversations__keep_words_of_others()
  returns trigger
  language plpgsql
  volatile
  security definer -- looks at all messages, whatever the caller may read
  set search_path = ''
as $$
begin
  -- A cascade asks no policy: without this, who began a conversation could wipe out what the others
  -- wrote in it.
  if not private.is_trusted_session()
    and not old.tenant_id = any (private.my_tenants('manager'))
    and exists (
      select from public.messages as m
      where m.tenant_id = old.tenant_id
        and m.conversation_id = old.id
        and m.author_id is distinct from auth.uid()
        and m.author_id is not null
    )
  then
    raise exception using
      errcode = 'PT409',
      message = 'The conversation holds messages of other members.',
      hint = 'Archive it (is_archived), or ask a manager to delete it.';
  end if;
  return old;
end
$$;
comment on function private.tg_conversations__keep_words_of_others() is
  'Before delete of a conversation by a member below manager: raises PT409 when others wrote in '
  'it. (S4)';
revoke all on function private.tg_conversations__keep_words_of_others()
  from public, anon, authenticated, service_role;

create trigger _150_keep_words_of_others
  before delete on public.conversations
  for each row execute function private.tg_conversations__keep_words_of_others();
