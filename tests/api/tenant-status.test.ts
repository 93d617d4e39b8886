import { describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { readHoldings } from "../helpers/holdings.ts";
import { acceptedOf, attemptReads, attemptWrites, leaksOf, readSurface } from "../helpers/intrusion.ts";
import { asService, signIn, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, foundTeam, foundTenant, invite, say } from "../helpers/teams.ts";

const sql = openSql();

describe("C11 a tenant that is not active", () => {
  it.each(["suspended", "closed"])(
    "C11 %s: out of every member's reach at the next request, kept, and back when active",
    async (status) => {
      const team = await foundTeam();
      const { tenant, owner } = team;
      const message = await say(owner, tenant, await beginConversation(owner, tenant));
      const platform = await signIn("platform@rowhouse.test");
      const surface = await readSurface(sql);

      await succeeds(platform.client.rpc("set_tenant_status", { tenant_id: tenant, status }));
      const before = await readHoldings(sql, tenant);
      const secrets = new Set(before.ids);
      secrets.delete(owner.id);
      const target = { tenant, secrets, ids: {} };
      expect(leaksOf(await attemptReads(owner.token, surface, target))).toEqual([]);
      if (status === "suspended") {
        expect(acceptedOf(await attemptWrites(owner.token, surface, target, sql))).toEqual([]);
      }
      for (const { client } of [owner, team.admin, team.viewer, team.customer]) {
        expect(await dataOf(client.rpc("my_memberships"))).toEqual([]);
        expect(await dataOf(client.from("memberships").select("id"))).toEqual([]);
      }
      await isRefused(owner.client.rpc("set_tenant_status", { tenant_id: tenant, status: "active" }), "PT404");
      await isRefused(owner.client.rpc("increment_usage", { tenant_id: tenant }), "PT404");
      expect((await readHoldings(sql, tenant)).rows).toEqual(before.rows);
      expect(await dataOf(asService().from("messages").select("id").eq("tenant_id", tenant))).toEqual([{
        id: message,
      }]);

      await succeeds(platform.client.rpc("set_tenant_status", { tenant_id: tenant, status: "active" }));
      expect(await dataOf(team.viewer.client.from("messages").select("id"))).toEqual([{ id: message }]);
    },
  );

  it("C10 C11 whoever accepts at the very moment of the suspension reaches nothing until it ends", async () => {
    const [owner, platform] = await Promise.all([signUp("owner"), signIn("platform@rowhouse.test")]);
    for (let round = 0; round < 8; round += 1) {
      const [guest, tenant] = await Promise.all([signUp("guest"), foundTenant(owner)]);
      const token = await invite(owner, tenant, guest.email, "viewer");
      const [accepted, suspended] = await Promise.all([
        guest.client.rpc("accept_invitation", { token }),
        platform.client.rpc("set_tenant_status", { tenant_id: tenant, status: "suspended" }),
      ]);
      expect(suspended.error).toBeNull();
      expect([undefined, "PT404"], `round ${round}`).toContain(accepted.error?.code);
      expect(await dataOf(guest.client.from("tenants").select("id")), `round ${round}`).toEqual([]);
      await succeeds(platform.client.rpc("set_tenant_status", { tenant_id: tenant, status: "active" }));
      const reached = accepted.error === null ? [{ id: tenant }] : [];
      expect(await dataOf(guest.client.from("tenants").select("id")), `round ${round}`).toEqual(reached);
    }
  });

  it("C11 an owner closes their own tenant, and neither suspends it nor opens it again", async () => {
    const { tenant, owner, admin } = await foundTeam();
    await isRefused(admin.client.rpc("set_tenant_status", { tenant_id: tenant, status: "closed" }), "42501");
    await isRefused(owner.client.rpc("set_tenant_status", { tenant_id: tenant, status: "suspended" }), "42501");
    await succeeds(owner.client.rpc("set_tenant_status", { tenant_id: tenant, status: "closed" }));
    await isRefused(owner.client.rpc("set_tenant_status", { tenant_id: tenant, status: "active" }), "PT404");
    expect(await dataOf(owner.client.from("tenants").select("id"))).toEqual([]);
  });
});
