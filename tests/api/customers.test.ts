import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused } from "../helpers/answers.ts";
import { readHoldings } from "../helpers/holdings.ts";
import { acceptedOf, attemptCalls, attemptReads, attemptWrites, leaksOf, readSurface } from "../helpers/intrusion.ts";
import { asService, type Person, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, bringIn, foundTeam, say, type Team } from "../helpers/teams.ts";

const sql = openSql();

describe("S1 a customer", () => {
  let team: Team;
  let other: Person;
  let message: string;

  beforeAll(async () => {
    team = await foundTeam();
    other = await signUp("other");
    await bringIn(team.owner, team.tenant, other, "customer");
    message = await say(team.owner, team.tenant, await beginConversation(team.owner, team.tenant));
    await dataOf(team.owner.client.rpc("increment_usage", { tenant_id: team.tenant, tokens: 100 }));
    for (const { id } of [team.customer, other]) {
      await dataOf(asService().rpc("increment_usage", { tenant_id: team.tenant, tokens: 3, user_id: id }));
    }
  });

  it("S1 sees their own membership, usage and profile, and those of nobody else", async () => {
    const { client, id } = team.customer;
    expect(await dataOf(client.from("memberships").select("user_id, role"))).toEqual([{
      user_id: id,
      role: "customer",
    }]);
    expect(await dataOf(client.from("usage_metrics").select("user_id, tokens"))).toEqual([{ user_id: id, tokens: 3 }]);
    expect(await dataOf(client.from("current_day_usage").select("users, tokens"))).toEqual([{ users: 1, tokens: 3 }]);
    expect(await dataOf(client.from("users").select("id"))).toEqual([{ id }]);
    expect(await dataOf(client.rpc("my_memberships"))).toEqual([expect.objectContaining({ role: "customer" })]);
    expect(await dataOf(team.viewer.client.from("memberships").select("id"))).toHaveLength(7);
  });

  it("S1 finds no id of anything else of the tenant by any request, and changes nothing", async () => {
    const surface = await readSurface(sql);
    const before = await readHoldings(sql, team.tenant);
    const secrets = new Set(before.ids);
    const own = await sql<{ id: string }[]>`
      select id from public.memberships where tenant_id = ${team.tenant} and user_id = ${team.customer.id}
      union all
      select id from public.usage_metrics where tenant_id = ${team.tenant} and user_id = ${team.customer.id}
    `;
    // The membership says who made it, and the tenant is no secret to its customers.
    for (const id of [team.customer.id, team.tenant, team.owner.id, ...own.map((row) => row.id)]) secrets.delete(id);
    const ids = { user_id: other.id, message_id: message, invitation_id: message, branch_ids: [message] };
    const target = { tenant: team.tenant, secrets, ids };
    expect(leaksOf(await attemptReads(team.customer.token, surface, target))).toEqual([]);
    expect(acceptedOf(await attemptWrites(team.customer.token, surface, target, sql))).toEqual([]);
    // To leave is theirs to do.
    const functions = surface.functions.filter(({ name }) => name !== "leave_tenant");
    expect(leaksOf(await attemptCalls(team.customer.token, { ...surface, functions }, target))).toEqual([]);
    expect((await readHoldings(sql, team.tenant)).rows).toEqual(before.rows);
  });

  it("S1 writes nothing in the tenant", async () => {
    const { client } = team.customer;
    const tenant_id = team.tenant;
    await isRefused(client.from("conversations").insert({ tenant_id }), "42501");
    await isRefused(client.rpc("rate_message", { tenant_id, message_id: message, rating: "up" }), "42501");
    await isRefused(client.rpc("increment_usage", { tenant_id, tokens: 1 }), "42501");
    await isRefused(client.rpc("archive_old_conversations", {}), "42501");
  });
});
