import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { readHoldings } from "../helpers/holdings.ts";
import {
  acceptedOf,
  attemptCalls,
  attemptReads,
  attemptWrites,
  leaksOf,
  readSurface,
  type Surface,
  type Target,
} from "../helpers/intrusion.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { runWhenDue } from "../helpers/schedules.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, bringIn, foundTenant, invite, say } from "../helpers/teams.ts";

const BATCHES = 6;
const BATCH_SIZE = 50;
const SINGLES = 40;
const SAID = BATCHES * BATCH_SIZE + SINGLES;
const CONNECTIONS = 10;
const INCREMENTS = 20;

const sql = openSql();
const today = new Date().toISOString().slice(0, 10);

// One story: each step builds on those before it.
describe.sequential("the main job, over HTTP", () => {
  let ada: Person;
  let ben: Person;
  let cleo: Person;
  let tenant: string;
  let conversation: string;
  let answers: string[];
  let surface: Surface;

  beforeAll(async () => {
    [ada, ben, cleo] = await Promise.all([signUp("ada"), signUp("ben"), signUp("cleo")]);
    surface = await readSurface(sql);
  });

  it("C6 C5 makes a tenant, invites a second person and lets them in", async () => {
    tenant = await foundTenant(ada, "Ada and Ben");
    expect(await dataOf(ben.client.from("tenants").select("id"))).toEqual([]);

    const token = await invite(ada, tenant, ben.email, "member");
    expect(await dataOf(ben.client.rpc("accept_invitation", { token }))).toBe(tenant);
    expect(await dataOf(ben.client.rpc("my_memberships"))).toEqual([
      expect.objectContaining({ tenant_id: tenant, name: "Ada and Ben", role: "member", is_confined: false }),
    ]);
    const people = await dataOf(ben.client.from("users").select("id").in("id", [ada.id, ben.id]));
    expect(people.map((row) => row.id).sort()).toEqual([ada.id, ben.id].sort());
  });

  it("A1 A6 holds a conversation of some hundred messages by two authors", async () => {
    conversation = await beginConversation(ada, tenant, "Some hundred messages");
    const before = await dataOf(ada.client.from("conversations").select("updated_at").eq("id", conversation).single());
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const author = batch % 2 === 0 ? ada : ben;
      const rows = Array.from({ length: BATCH_SIZE }, (_, place) => ({
        tenant_id: tenant,
        conversation_id: conversation,
        role: place % 2 === 0 ? "user" : "assistant",
        content: `Batch ${batch}, message ${place}.`,
        token_count: place,
        metadata: { batch, place },
      }));
      await succeeds(author.client.from("messages").insert(rows));
    }
    for (let place = 0; place < SINGLES; place += 1) {
      await say(place % 2 === 0 ? ben : ada, tenant, conversation, `Single ${place}.`);
    }
    const { count, error } = await ben.client
      .from("messages")
      .select("*", { count: "exact", head: true })
      .eq("conversation_id", conversation);
    expect({ count, error }).toEqual({ count: SAID, error: null });
    const after = await dataOf(ada.client.from("conversations").select("updated_at").eq("id", conversation).single());
    expect(after.updated_at > before.updated_at).toBe(true);
  });

  it("A2 pages through newest first by keyset and meets every message exactly once", async () => {
    const met: { id: string; created_at: string; content: string }[] = [];
    for (;;) {
      let page = ben.client
        .from("messages")
        .select("id, created_at, content")
        .eq("tenant_id", tenant)
        .eq("conversation_id", conversation)
        .order("created_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(47);
      const last = met.at(-1);
      if (last !== undefined) {
        page = page.or(`created_at.lt."${last.created_at}",and(created_at.eq."${last.created_at}",id.lt.${last.id})`);
      }
      const rows = await dataOf(page);
      if (rows.length === 0) break;
      met.push(...rows);
    }
    expect(new Set(met.map((row) => row.id)).size).toBe(SAID);
    const batches = Array.from({ length: BATCHES * BATCH_SIZE }, (_, place) => {
      return `Batch ${Math.floor(place / BATCH_SIZE)}, message ${place % BATCH_SIZE}.`;
    });
    const singles = Array.from({ length: SINGLES }, (_, place) => `Single ${place}.`);
    expect(met.map((row) => row.content).reverse()).toEqual([...batches, ...singles]);
  });

  it("A3 rates answers by function and by insert, and changes a rating", async () => {
    const rows = await dataOf(
      ada.client
        .from("messages")
        .select("id")
        .match({ conversation_id: conversation, role: "assistant" })
        .order("id")
        .limit(4),
    );
    answers = rows.map((row) => row.id);
    const [first = "", second = "", third = "", fourth = ""] = answers;
    const rate = (person: Person, message_id: string, rating: string, comment?: string): Promise<string> =>
      dataOf(person.client.rpc("rate_message", { tenant_id: tenant, message_id, rating, ...(comment && { comment }) }));

    const earlier = await rate(ben, first, "up");
    expect(await rate(ben, first, "down", "On second thought.")).toBe(earlier);
    await rate(ada, first, "up");
    await rate(ada, second, "up", "Good.");
    await rate(ben, third, "down");
    await succeeds(ben.client.from("feedback").insert({ tenant_id: tenant, message_id: fourth, rating: "up" }));
    await isRefused(
      ben.client.from("feedback").insert({ tenant_id: tenant, message_id: fourth, rating: "up" }),
      "23505",
    );
    await succeeds(ben.client.from("feedback").update({ rating: "down" }).eq("message_id", fourth));

    const kept = await dataOf(ada.client.from("feedback").select("rating, comment").eq("id", earlier).single());
    expect(kept).toEqual({ rating: "down", comment: "On second thought." });
  });

  it("A4 counts usage from ten connections at once without losing an increment", async () => {
    const connections = Array.from({ length: CONNECTIONS }, (_, place) => (place % 2 === 0 ? ada : ben));
    await Promise.all(
      connections.map(async (person) => {
        for (let call = 0; call < INCREMENTS; call += 1) {
          await dataOf(
            person.client.rpc("increment_usage", { tenant_id: tenant, tokens: 7, messages: 1, cost: 0.001 }),
          );
        }
      }),
    );
    const rows = await dataOf(
      ada.client.from("usage_metrics").select("user_id, day, tokens, messages, cost").order("user_id"),
    );
    const half = (CONNECTIONS / 2) * INCREMENTS;
    const figures = { day: today, tokens: half * 7, messages: half };
    expect(rows.map(({ cost, ...row }) => ({ ...row, cost: Number(cost) }))).toEqual(
      [ada.id, ben.id].sort().map((user_id) => ({ user_id, ...figures, cost: half * 0.001 })),
    );
  });

  it("A4 shows today's usage live", async () => {
    const [row] = await dataOf(ben.client.from("current_day_usage").select("*").eq("tenant_id", tenant));
    const calls = CONNECTIONS * INCREMENTS;
    expect({ ...row, cost: Number(row?.cost) }).toEqual({
      tenant_id: tenant,
      day: today,
      users: 2,
      tokens: calls * 7,
      messages: calls,
      cost: calls * 0.001,
    });
  });

  it("P3 A3 A4 refreshes the summaries on schedule, and both read the right figures", async () => {
    expect(await runWhenDue(sql, "refresh-views")).toEqual({ status: "succeeded", error: null });
    const [first = "", second = "", third = "", fourth = ""] = answers;
    for (const { client } of [ada, ben]) {
      const rated = await dataOf(
        client.from("message_feedback_summary").select("message_id, up_count, down_count, comment_count").eq(
          "tenant_id",
          tenant,
        ),
      );
      const expected = [
        { message_id: first, up_count: 1, down_count: 1, comment_count: 1 },
        { message_id: second, up_count: 1, down_count: 0, comment_count: 1 },
        { message_id: third, up_count: 0, down_count: 1, comment_count: 0 },
        { message_id: fourth, up_count: 0, down_count: 1, comment_count: 0 },
      ];
      expect(rated).toHaveLength(expected.length);
      expect(rated).toEqual(expect.arrayContaining(expected));

      const [day] = await dataOf(client.from("daily_feedback_summary").select("*").eq("tenant_id", tenant));
      expect({ ...day, up_share: Number(day?.up_share) }).toEqual({
        tenant_id: tenant,
        day: today,
        rated_messages: 4,
        up_count: 2,
        down_count: 3,
        comment_count: 2,
        up_share: 0.4,
      });

      const calls = CONNECTIONS * INCREMENTS;
      const [month] = await dataOf(client.from("monthly_usage_summary").select("*").eq("tenant_id", tenant));
      expect({ ...month, cost: Number(month?.cost) }).toEqual({
        tenant_id: tenant,
        month: `${today.slice(0, 8)}01`,
        users: 2,
        tokens: calls * 7,
        messages: calls,
        cost: calls * 0.001,
      });
    }
  });

  describe("somebody in another tenant", () => {
    let target: Target;

    beforeAll(async () => {
      await foundTenant(cleo, "Cleo's own");
      target = await targetOf(cleo);
    });

    it("S4 sees nothing, whatever they ask, where a member asking the same sees it all", async () => {
      expect(leaksOf(await attemptReads(cleo.token, surface, target))).toEqual([]);
      const twin = await attemptReads(ada.token, surface, target);
      const shown = new Set(leaksOf(twin).map((line) => line.replace(/^GET (\w+)\?.*$/, "$1")));
      const withRows = ["conversations", "messages", "feedback", "usage_metrics", "memberships", "tenants", "users"];
      const summaries = [
        "message_feedback_summary",
        "daily_feedback_summary",
        "monthly_usage_summary",
        "current_day_usage",
      ];
      expect([...shown].sort()).toEqual(expect.arrayContaining([...withRows, ...summaries].sort()));
    });

    it("S2 S4 S6 changes nothing by any table or function", async () => {
      const before = await readHoldings(sql, tenant);
      const writes = await attemptWrites(cleo.token, surface, target, sql);
      expect(acceptedOf(writes)).toEqual([]);
      const calls = await attemptCalls(cleo.token, surface, target);
      expect([...leaksOf(writes), ...leaksOf(calls)]).toEqual([]);
      expect((await readHoldings(sql, tenant)).rows).toEqual(before.rows);
    });

    it("S3 cannot hang a row of their own on a row of the others", async () => {
      const [own] = await dataOf(cleo.client.rpc("my_memberships"));
      const tenant_id = own?.tenant_id ?? "";
      await isRefused(
        cleo.client.from("messages").insert({
          tenant_id,
          conversation_id: conversation,
          role: "user",
          content: "Hello?",
        }),
        "23503",
      );
      await isRefused(
        cleo.client.rpc("rate_message", { tenant_id, message_id: answers[0] ?? "", rating: "down" }),
        "23503",
      );
    });
  });

  it("C10 S2 a revoked membership counts from the very next request with the same token", async () => {
    expect((await dataOf(ben.client.from("messages").select("id").limit(1))).length).toBe(1);
    await succeeds(ada.client.rpc("remove_member", { tenant_id: tenant, user_id: ben.id }));

    expect(await dataOf(ben.client.from("messages").select("id").limit(1))).toEqual([]);
    await isRefused(
      ben.client.from("messages").insert({
        tenant_id: tenant,
        conversation_id: conversation,
        role: "user",
        content: "Still here?",
      }),
      "42501",
    );
    const target = await targetOf(ben);
    const before = await readHoldings(sql, tenant);
    expect(leaksOf(await attemptReads(ben.token, surface, target))).toEqual([]);
    expect(acceptedOf(await attemptWrites(ben.token, surface, target, sql))).toEqual([]);
    expect(leaksOf(await attemptCalls(ben.token, surface, target))).toEqual([]);
    expect((await readHoldings(sql, tenant)).rows).toEqual(before.rows);
  });

  it("C5 a removed member can be let in again", async () => {
    await bringIn(ada, tenant, ben, "viewer");
    expect((await dataOf(ben.client.from("messages").select("id").limit(1))).length).toBe(1);
  });

  async function targetOf(intruder: Person): Promise<Target> {
    const { ids } = await readHoldings(sql, tenant);
    const secrets = new Set(ids);
    secrets.delete(intruder.id);
    const [message_id = ""] = answers;
    return {
      tenant,
      secrets,
      ids: { user_id: ada.id, message_id, invitation_id: conversation, branch_ids: [conversation] },
    };
  }
});
