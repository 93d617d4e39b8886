import { batches } from "../batches.ts";
import { spread } from "../scale.ts";
import type { SeedModule } from "../seed-module.ts";

const PER_CONVERSATION = 25;
const BATCH = 100_000;

/** Conversations of 25 messages, of the owner, the member and the viewer in turn, over the last 80 days. */
export const assistant: SeedModule = {
  name: "assistant",
  tables: ({ tenants, messages }) => [
    ["public.conversations", spread(messages, tenants).reduce((sum, n) => sum + Math.ceil(n / PER_CONVERSATION), 0)],
    ["public.messages", messages],
  ],
  load: async ({ sql, scale, step }) => {
    await sql.unsafe(`
      create temp table seed_conversations on commit drop as
      select t.n as tenant, c.place, t.id as tenant_id, u.id as user_id,
        pg_temp.seed_id('conversation', t.n * 1000000 + c.place, c.at) as id, c.at
      from seed_tenants as t
      cross join lateral (
        select place, pg_temp.seed_until() - interval '80 days'
          + interval '79 days' * (place * ${PER_CONVERSATION} / t.messages::double precision) as at
        from generate_series(0, (t.messages - 1) / ${PER_CONVERSATION}) as place
      ) as c
      join seed_users as u on u.tenant = t.n and u.place = c.place % 3;
      create unique index on seed_conversations (tenant, place);
      analyze seed_conversations;
      insert into public.conversations (tenant_id, id, user_id, title, created_at, updated_at)
      select c.tenant_id, c.id, c.user_id, pg_temp.seed_text(1, c.tenant * 1000000 + c.place, 4), c.at, c.at
      from seed_conversations as c
    `);
    const parts = batches(spread(scale.messages, scale.tenants), BATCH);
    for (const [index, [from, to]] of parts.entries()) {
      step(`messages, part ${index + 1} of ${parts.length}`);
      await sql.unsafe(`
        insert into public.messages (
          tenant_id, id, conversation_id, author_id, role, content, token_count, latency_ms, created_at, updated_at
        )
        select c.tenant_id, pg_temp.seed_id('message', c.tenant * 100000000::bigint + m.place, m.at), c.id, c.user_id,
          case m.place % 2 when 0 then 'user' else 'assistant' end,
          initcap(pg_temp.seed_text(2, m.place % 997, 20)) || '. ' || c.tenant || '.' || m.place,
          30 + (m.place % 200), case m.place % 2 when 1 then 400 + (m.place % 3000) end, m.at, m.at
        from seed_tenants as t
        join seed_conversations as c on c.tenant = t.n
        cross join lateral (
          select n as place, c.at + make_interval(secs => 60 * (n % ${PER_CONVERSATION})) as at
          from generate_series(
            c.place * ${PER_CONVERSATION}, least((c.place + 1) * ${PER_CONVERSATION}, t.messages) - 1
          ) as n
        ) as m
        where t.n between $1 and $2
      `, [from, to]);
    }
  },
  checks: [],
};
