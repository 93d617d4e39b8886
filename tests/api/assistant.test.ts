import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, foundTeam, foundTenant, say, type Team } from "../helpers/teams.ts";

const sql = openSql();
let team: Team;

beforeAll(async () => {
  team = await foundTeam();
});

describe("A1 an archived conversation", () => {
  it("A1 takes no more messages until its owner opens it again", async () => {
    const { tenant, member, manager } = team;
    const conversation = await beginConversation(member, tenant);
    await succeeds(member.client.from("conversations").update({ is_archived: true }).eq("id", conversation));
    const message = { tenant_id: tenant, conversation_id: conversation, role: "user", content: "Late." };
    await isRefused(manager.client.from("messages").insert(message), "PT409", /archived/);
    // All of a batch or nothing.
    const open = await beginConversation(manager, tenant);
    await isRefused(manager.client.from("messages").insert([{ ...message, conversation_id: open }, message]), "PT409");
    expect(await dataOf(manager.client.from("messages").select("id").in("conversation_id", [open, conversation])))
      .toEqual([]);
    await succeeds(member.client.from("conversations").update({ is_archived: false }).eq("id", conversation));
    await succeeds(manager.client.from("messages").insert(message));
  });

  it("A5 comes of age: an admin archives what was idle for that long, in their own tenants only", async () => {
    const [other, idle, fresh] = [
      await foundTeam(),
      await beginConversation(team.member, team.tenant),
      await beginConversation(team.member, team.tenant),
    ];
    const foreign = await beginConversation(other.member, other.tenant);
    await age([idle, foreign], "7 months");
    await isRefused(team.manager.client.rpc("archive_old_conversations", {}), "42501");
    expect(await dataOf(team.admin.client.rpc("archive_old_conversations", { older_than: "8 months" }))).toBe(0);
    expect(await dataOf(team.admin.client.rpc("archive_old_conversations", {}))).toBe(1);
    const archived = async (id: string): Promise<boolean | undefined> => {
      const rows = await sql<{ is_archived: boolean }[]>`select is_archived from public.conversations where id = ${id}`;
      return rows[0]?.is_archived;
    };
    expect([await archived(idle), await archived(fresh), await archived(foreign)]).toEqual([true, false, false]);
    await isRefused(team.admin.client.rpc("archive_old_conversations", { older_than: "23 hours" }), "22023");
  });
});

describe("A6 S4 deleting a conversation", () => {
  it("A6 S4 takes the words of others along only for a manager", async () => {
    const { tenant, member, admin, manager } = team;
    const shared = await beginConversation(member, tenant);
    await say(member, tenant, shared);
    await say(admin, tenant, shared);
    await isRefused(
      member.client.from("conversations").delete().eq("id", shared),
      "PT409",
      /messages of other members/,
    );
    expect(await dataOf(admin.client.from("messages").select("id").eq("conversation_id", shared))).toHaveLength(2);
    expect(await dataOf(manager.client.from("conversations").delete().eq("id", shared).select("id"))).toHaveLength(1);

    const alone = await beginConversation(member, tenant);
    await say(member, tenant, alone);
    expect(await dataOf(member.client.from("conversations").delete().eq("id", alone).select("id"))).toHaveLength(1);
    expect(await sql`select id from public.messages where conversation_id in (${shared}, ${alone})`).toHaveLength(0);
  });
});

describe("A4 usage", () => {
  it("A4 P2 no figure of one tenant, however large, stops the summaries of all", async () => {
    const owner = await signUp("owner");
    const tenant = await foundTenant(owner);
    const claims = JSON.stringify({ sub: owner.id, role: "authenticated" });
    const undone = new Error("undone");
    // Undone at the end: the summaries of a test database are shared.
    const refresh = sql.begin(async (transaction) => {
      await transaction`select set_config('request.jwt.claims', ${claims}, true)`;
      const count =
        transaction`select from public.increment_usage(${tenant}, 9000000000000000000, 9000000000000000000)`;
      // A limit that turns such a figure away is as good as a summary that bears it.
      const accepted = await transaction.savepoint(() => count).then(() => true, () => false);
      if (accepted) {
        await transaction`
          insert into public.usage_metrics (tenant_id, user_id, day, tokens, messages)
          select tenant_id, user_id, case extract(day from day) when 1 then day + 1 else day - 1 end, tokens, messages
          from public.usage_metrics where tenant_id = ${tenant}
        `;
      }
      await transaction`refresh materialized view private.monthly_usage_summary`;
      throw undone;
    });
    await expect(refresh).rejects.toBe(undone);
  });
});

async function age(conversations: string[], by: string): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`;
    await transaction`
      update public.conversations set updated_at = now() - ${by}::interval where id = any (${conversations})
    `;
  });
}
