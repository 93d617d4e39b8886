import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { rest } from "../helpers/http.ts";
import { asService, mintToken, type Person, signIn, signUp, withToken } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, foundTeam, foundTenant, say, type Team } from "../helpers/teams.ts";

const sql = openSql();
let team: Team;
let platform: Person;

beforeAll(async () => {
  team = await foundTeam();
  platform = await signIn("platform@rowhouse.test");
});

describe("C7 a platform administrator", () => {
  it("C7 reaches a tenant they are no member of, and is no member of it", async () => {
    await say(team.member, team.tenant, await beginConversation(team.member, team.tenant));
    const { client } = platform;
    expect(await dataOf(client.from("messages").select("id").eq("tenant_id", team.tenant))).toHaveLength(1);
    expect(await dataOf(client.from("memberships").select("id").eq("tenant_id", team.tenant))).toHaveLength(6);
    expect(await dataOf(client.from("tenants").update({ name: "By the platform" }).eq("id", team.tenant).select("id")))
      .toHaveLength(1);
    expect(await dataOf(client.rpc("my_memberships"))).toEqual([]);
    await isRefused(client.rpc("leave_tenant", { tenant_id: team.tenant }), "PT404");
  });

  it("C6 cannot leave a tenant without an owner either", async () => {
    const owner = { tenant_id: team.tenant, user_id: team.owner.id };
    const { client } = platform;
    await isRefused(client.rpc("remove_member", owner), "PT409");
    await isRefused(client.rpc("change_member_role", { ...owner, role: "admin" }), "PT409");
    await isRefused(client.rpc("set_member_status", { ...owner, status: "suspended" }), "PT409");
    await succeeds(client.rpc("change_member_role", { tenant_id: team.tenant, user_id: team.admin.id, role: "owner" }));
    await succeeds(client.rpc("change_member_role", { tenant_id: team.tenant, user_id: team.admin.id, role: "admin" }));
  });

  it("C7 C10 is one from the operator's statement on, until the one that takes it back", async () => {
    const person = await signUp("person");
    const sees = async (): Promise<number> =>
      (await dataOf(person.client.from("tenants").select("id").eq("id", team.tenant))).length;
    expect(await sees()).toBe(0);
    await sql`insert into private.platform_admins (user_id) values (${person.id})`;
    expect(await sees()).toBe(1);
    await sql`update public.users set is_active = false where id = ${person.id}`;
    expect(await sees()).toBe(0);
    await sql`update public.users set is_active = true where id = ${person.id}`;
    expect(await sees()).toBe(1);
    await sql`delete from private.platform_admins where user_id = ${person.id}`;
    expect(await sees()).toBe(0);
  });
});

describe("C7 nobody becomes one through the API", () => {
  it("C7 not by the table, whatever the role", async () => {
    const body = { user_id: team.owner.id };
    for (const token of [team.owner.token, platform.token, undefined]) {
      expect((await rest("platform_admins", { method: "POST", token, body })).status).toBe(404);
      for (const header of ["accept-profile", "content-profile"]) {
        const answer = await rest("platform_admins", { method: "POST", token, body, headers: { [header]: "private" } });
        expect(answer.status, header).toBeGreaterThanOrEqual(400);
      }
    }
    const rows = await sql`select user_id from private.platform_admins where user_id = ${team.owner.id}`;
    expect(rows).toHaveLength(0);
  });

  it("C7 not by claims of their own in the token's metadata, nor by what they gave at sign-up", async () => {
    const person = await signUp("person");
    const claims = {
      sub: person.id,
      app_metadata: { role: "platform_admin", is_admin: true, tenant_id: team.tenant },
      user_metadata: { role: "owner", tenant_id: team.tenant, is_super_admin: true },
      tenant_id: team.tenant,
      is_super_admin: true,
    };
    const client = withToken(await mintToken(claims));
    expect(await dataOf(client.from("tenants").select("id"))).toEqual([]);
    await isRefused(client.rpc("set_user_active", { user_id: team.viewer.id, is_active: false }), "42501");
  });

  it("C7 an owner holds no right of the platform", async () => {
    const { client } = team.owner;
    await isRefused(
      client.rpc("set_user_active", { user_id: team.viewer.id, is_active: false }),
      "42501",
      /platform administrator/,
    );
    await isRefused(
      client.rpc("set_tenant_status", { tenant_id: team.tenant, status: "suspended" }),
      "42501",
      /platform administrator/,
    );
    const other = await foundTenant(await signUp("other"));
    await isRefused(client.rpc("set_tenant_status", { tenant_id: other, status: "closed" }), "PT404");
  });

  it("S2 nor does the service role call the functions of people", async () => {
    await isRefused(asService().rpc("set_user_active", { user_id: team.viewer.id, is_active: false }), "42501");
    await isRefused(asService().rpc("create_tenant", { name: "Service", slug: "service-role" }), "42501");
  });
});
