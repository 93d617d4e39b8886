import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { rest } from "../helpers/http.ts";
import { asService, type Client } from "../helpers/people.ts";
import { readStack } from "../helpers/stack.ts";
import { beginConversation, foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

let team: Team;
let service: Client;

beforeAll(async () => {
  team = await foundTeam();
  service = asService();
});

describe("the service role", () => {
  it("S2 reads and writes every tenant's rows", async () => {
    const tenants = await dataOf(
      service.from("tenants").select("id").in("id", [team.tenant, await foundTenant(team.owner)]),
    );
    expect(tenants).toHaveLength(2);
    const conversation = await beginConversation(team.member, team.tenant);
    await succeeds(
      service.from("messages").insert({
        tenant_id: team.tenant,
        conversation_id: conversation,
        role: "assistant",
        content: "The answer.",
        latency_ms: 900,
      }),
    );
    const [row] = await dataOf(
      team.viewer.client.from("messages").select("author_id").eq("conversation_id", conversation),
    );
    expect(row).toEqual({ author_id: null });
    expect(
      await dataOf(
        team.owner.client.from("messages").update({ content: "Mine" }).eq("conversation_id", conversation).select("id"),
      ),
    ).toEqual([]);
  });

  it("S2 S3 cannot move a row to another tenant or point it there", async () => {
    const other = await foundTenant(team.owner);
    const conversation = await beginConversation(team.member, team.tenant);
    await isRefused(
      service.from("conversations").update({ tenant_id: other }).eq("id", conversation),
      "23514",
      /never changes its tenant/,
    );
    const message = { tenant_id: other, conversation_id: conversation, role: "user", content: "Crossed." };
    await isRefused(service.from("messages").insert(message), "23503");
  });

  it("C8 reads the audit log and can neither write, change, delete nor empty it", async () => {
    const log = service.from("audit_log");
    expect((await dataOf(log.select("id").eq("tenant_id", team.tenant))).length).toBeGreaterThan(0);
    const row = { tenant_id: team.tenant, actor_role: "nobody", verb: "insert", table_name: "x", row_key: {} };
    await isRefused(service.from("audit_log").insert(row), "42501");
    await isRefused(service.from("audit_log").update({ actor_id: null }).eq("tenant_id", team.tenant), "42501");
    await isRefused(service.from("audit_log").delete().eq("tenant_id", team.tenant), "42501");
  });

  it("C10 C6 changes a membership with the same effect and the same guard as the functions", async () => {
    const where = { tenant_id: team.tenant, user_id: team.viewer.id };
    await succeeds(service.from("memberships").update({ role: "customer" }).match(where));
    expect(await dataOf(team.viewer.client.from("tenants").select("id"))).toEqual([]);
    await succeeds(service.from("memberships").update({ role: "viewer" }).match(where));
    expect(await dataOf(team.viewer.client.from("tenants").select("id"))).toHaveLength(1);
    const owner = { tenant_id: team.tenant, user_id: team.owner.id };
    await isRefused(service.from("memberships").delete().match(owner), "PT409");
    await isRefused(service.from("memberships").update({ role: "emperor" }).match(where), "23514");
  });

  it("A4 counts usage on a member it names, and on nobody else", async () => {
    const usage = { tenant_id: team.tenant, tokens: 11 };
    const [total] = await dataOf(service.rpc("increment_usage", { ...usage, user_id: team.member.id }));
    expect(total).toMatchObject({ total_tokens: 11, total_messages: 1 });
    await isRefused(service.rpc("increment_usage", usage), "PT404");
    await isRefused(
      service.rpc("increment_usage", { tenant_id: await foundTenant(team.owner), user_id: team.member.id }),
      "PT404",
    );
    await isRefused(team.member.client.rpc("increment_usage", { ...usage, user_id: team.admin.id }), "42501");
  });

  it("S2 a user's token beside the secret key is that user, not the service role", async () => {
    const { secret_key } = readStack();
    const answer = await rest("tenants?select=id", { apikey: secret_key, token: team.viewer.token });
    expect(answer.json).toEqual([{ id: team.tenant }]);
  });
});
