import type postgres from "postgres";

/** What the measured statements are about. */
export interface BenchData {
  readonly userId: string;
  readonly tenantId: string;
  readonly conversationId: string;
  readonly messageIds: readonly string[];
}

/**
 * Fills a migrated database with tenants, members and messages. The measured user is a member of three tenants.
 *
 * @param sql - a connection as postgres
 * @param size - number of tenants, and messages in each
 * @returns ids to ask for
 */
export async function loadData(
  sql: postgres.Sql,
  size: { readonly tenants: number; readonly messages: number },
): Promise<BenchData> {
  await sql.unsafe(`
    insert into auth.users (id, email, aud, role)
    select gen_random_uuid(), 'bench' || n || '@example.test', 'authenticated', 'authenticated'
    from generate_series(1, ${size.tenants * 4}) as n;

    insert into public.tenants (name, slug)
    select 'Bench ' || n, 'bench-' || n from generate_series(1, ${size.tenants}) as n;

    with person as (select id, row_number() over (order by id) as n from public.users),
      tenant as (select id, row_number() over (order by id) as n from public.tenants)
    insert into public.memberships (tenant_id, user_id, role)
    select t.id, p.id, case when p.n % 4 = 0 then 'owner' else 'member' end
    from tenant as t
    join person as p on (p.n - 1) / 4 + 1 = t.n;

    insert into public.memberships (tenant_id, user_id, role)
    select t.id, (select user_id from public.memberships where role = 'member' order by user_id limit 1), 'member'
    from public.tenants as t
    where not exists (
      select from public.memberships as m
      where m.tenant_id = t.id
        and m.user_id = (select user_id from public.memberships where role = 'member' order by user_id limit 1)
    )
    order by t.id limit 2;

    alter table public.messages disable trigger _300_arrive;
    insert into public.conversations (tenant_id, user_id, title)
    select m.tenant_id, m.user_id, 'Conversation ' || n
    from public.memberships as m, generate_series(1, 5) as n;

    insert into public.messages (tenant_id, conversation_id, author_id, role, content, token_count, created_at)
    select c.tenant_id, c.id, c.user_id, case n % 2 when 0 then 'assistant' else 'user' end,
      repeat('A sentence of a common length. ', 4), 30, now() - make_interval(secs => n * 60 + c.place)
    from (select *, row_number() over (partition by tenant_id order by id) as place,
      count(*) over (partition by tenant_id) as conversations from public.conversations) as c
    cross join lateral generate_series(1, (${size.messages} / c.conversations)::integer) as n;
    alter table public.messages enable trigger _300_arrive;
  `);
  await sql.unsafe("vacuum analyze");
  const [user] = await sql<{ user_id: string; tenant_id: string; conversation_id: string }[]>`
    select m.user_id, m.tenant_id, c.id as conversation_id
    from public.memberships as m
    join public.conversations as c on c.tenant_id = m.tenant_id and c.user_id = m.user_id
    where m.user_id in (select user_id from public.memberships group by user_id having count(*) = 3)
    order by m.tenant_id, c.id limit 1`;
  if (!user) throw new Error("The data holds no user with three memberships.");
  const messages = await sql<{ id: string }[]>`
    select id from public.messages
    where tenant_id = ${user.tenant_id} and author_id = ${user.user_id} order by random() limit 500`;
  return {
    userId: user.user_id,
    tenantId: user.tenant_id,
    conversationId: user.conversation_id,
    messageIds: messages.map(({ id }) => id),
  };
}
