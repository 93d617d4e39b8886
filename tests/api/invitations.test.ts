import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { type Person, signUp, visitor } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { bringIn, foundTeam, foundTenant, invite, type Team } from "../helpers/teams.ts";

const sql = openSql();
let team: Team;

beforeAll(async () => {
  team = await foundTeam();
});

describe("C5 an invitation", () => {
  it("C5 lets exactly one of many acceptances at once through", async () => {
    for (let round = 0; round < 10; round += 1) {
      const guest = await signUp("guest");
      const token = await invite(team.owner, team.tenant, guest.email, "member");
      const outcomes = await Promise.all([1, 2, 3, 4].map(() => guest.client.rpc("accept_invitation", { token })));
      expect(outcomes.map(({ error }) => error?.code ?? "in").sort()).toEqual(["PT409", "PT409", "PT409", "in"]);
      const rows = await dataOf(team.viewer.client.from("memberships").select("role").eq("user_id", guest.id));
      expect(rows).toEqual([{ role: "member" }]);
    }
  });

  it("C5 is for the invited address only, and stays good for it after a stranger has tried", async () => {
    const [guest, thief] = [await signUp("guest"), await signUp("thief")];
    const token = await invite(team.owner, team.tenant, guest.email.toUpperCase(), "viewer");
    await isRefused(thief.client.rpc("accept_invitation", { token }), "42501", /another e-mail address/);
    await isRefused(visitor().rpc("accept_invitation", { token }), "42501");
    expect(await dataOf(thief.client.rpc("my_memberships"))).toEqual([]);
    expect(await dataOf(guest.client.rpc("accept_invitation", { token }))).toBe(team.tenant);
    await isRefused(thief.client.rpc("accept_invitation", { token }), "42501");
  });

  it("C5 needs a confirmed address", async () => {
    const guest = await signUp("guest");
    const token = await invite(team.owner, team.tenant, guest.email, "viewer");
    await sql`update auth.users set email_confirmed_at = null where id = ${guest.id}`;
    await isRefused(guest.client.rpc("accept_invitation", { token }), "42501");
    await sql`update auth.users set email_confirmed_at = now() where id = ${guest.id}`;
    expect(await dataOf(guest.client.rpc("accept_invitation", { token }))).toBe(team.tenant);
  });

  it("C5 serves once, also after the member was removed", async () => {
    const guest = await signUp("guest");
    const token = await invite(team.owner, team.tenant, guest.email, "viewer");
    await succeeds(guest.client.rpc("accept_invitation", { token }));
    await succeeds(team.owner.client.rpc("remove_member", { tenant_id: team.tenant, user_id: guest.id }));
    await isRefused(guest.client.rpc("accept_invitation", { token }), "PT409", /has been used/);
    expect(await dataOf(guest.client.rpc("my_memberships"))).toEqual([]);
  });

  it("C5 expires", async () => {
    const guest = await signUp("guest");
    const token = await invite(team.owner, team.tenant, guest.email, "viewer");
    await sql`
      update public.invitations set created_at = now() - interval '8 days', expires_at = now() - interval '1 second'
      where tenant_id = ${team.tenant} and email = ${guest.email}
    `;
    await isRefused(guest.client.rpc("accept_invitation", { token }), "PT410", /expired/);
  });

  it("C5 is taken back by an admin, once, and replaced by inviting again", async () => {
    const guest = await signUp("guest");
    const first = await invite(team.owner, team.tenant, guest.email, "viewer");
    const second = await invite(team.admin, team.tenant, guest.email, "member");
    await isRefused(guest.client.rpc("accept_invitation", { token: first }), "PT410", /taken back/);
    const open = await dataOf(
      team.admin.client.from("invitations").select("id").eq("email", guest.email).is("revoked_at", null).single(),
    );
    const which = { tenant_id: team.tenant, invitation_id: open.id };
    await isRefused(team.manager.client.rpc("revoke_invitation", which), "42501");
    await succeeds(team.admin.client.rpc("revoke_invitation", which));
    await isRefused(team.admin.client.rpc("revoke_invitation", which), "PT404");
    await isRefused(guest.client.rpc("accept_invitation", { token: second }), "PT410", /taken back/);
  });

  it("S6 an admin takes back no offer of a role above their own", async () => {
    await invite(team.owner, team.tenant, "co-owner@example.test", "owner");
    const open = await dataOf(
      team.admin.client.from("invitations").select("id").eq("email", "co-owner@example.test").single(),
    );
    const which = { tenant_id: team.tenant, invitation_id: open.id };
    await isRefused(team.admin.client.rpc("revoke_invitation", which), "42501");
    await succeeds(team.owner.client.rpc("revoke_invitation", which));
  });

  it("S6 an admin takes back no such offer by making another one to the same address either", async () => {
    await invite(team.owner, team.tenant, "heir@example.test", "owner");
    const lower = { tenant_id: team.tenant, email: "heir@example.test", role: "viewer" };
    await isRefused(team.admin.client.rpc("invite_member", lower), "42501", /above/);
    const offers = await dataOf(
      team.admin.client.from("invitations").select("role, revoked_at").eq("email", lower.email),
    );
    expect(offers).toEqual([{ role: "owner", revoked_at: null }]);
  });

  it("S6 loses its force when who invited is demoted, suspended, confined or gone", async () => {
    const [host, guest] = [await signUp("host"), await signUp("guest")];
    const who = { tenant_id: team.tenant, user_id: host.id };
    await bringIn(team.owner, team.tenant, host, "admin");
    const token = await invite(host, team.tenant, guest.email, "admin");
    const gone = /may no longer invite/;
    await succeeds(team.owner.client.rpc("change_member_role", { ...who, role: "manager" }));
    await isRefused(guest.client.rpc("accept_invitation", { token }), "PT410", gone);
    await succeeds(team.owner.client.rpc("change_member_role", { ...who, role: "admin" }));
    await succeeds(team.owner.client.rpc("set_member_status", { ...who, status: "suspended" }));
    await isRefused(guest.client.rpc("accept_invitation", { token }), "PT410", gone);
    await succeeds(team.owner.client.rpc("set_member_status", { ...who, status: "active" }));
    await succeeds(team.owner.client.rpc("set_member_branches", { ...who, branch_ids: [] }));
    await isRefused(guest.client.rpc("accept_invitation", { token }), "PT410", gone);
    await succeeds(team.owner.client.rpc("remove_member", who));
    await isRefused(guest.client.rpc("accept_invitation", { token }), "PT410", gone);
  });

  it("S6 does not change the role of somebody who is a member already", async () => {
    const member = await signUp("member");
    const token = await invite(team.owner, team.tenant, member.email, "owner");
    await sql`
      insert into public.memberships (tenant_id, user_id, role, created_by)
      values (${team.tenant}, ${member.id}, 'viewer', ${team.owner.id})
    `;
    await isRefused(member.client.rpc("accept_invitation", { token }), "PT409", /member of this tenant already/);
    await isRefused(
      team.owner.client.rpc("invite_member", { tenant_id: team.tenant, email: member.email, role: "owner" }),
      "PT409",
      /is a member already/,
    );
    const [row] = await dataOf(member.client.rpc("my_memberships"));
    expect(row?.role).toBe("viewer");
  });

  it("C5 is not accepted while the tenant is suspended", async () => {
    const [owner, guest] = [await signUp("owner"), await signUp("guest")];
    const tenant = await foundTenant(owner);
    const token = await invite(owner, tenant, guest.email, "viewer");
    await sql`update public.tenants set status = 'suspended' where id = ${tenant}`;
    await isRefused(guest.client.rpc("accept_invitation", { token }), "PT404");
    await sql`update public.tenants set status = 'active' where id = ${tenant}`;
    expect(await dataOf(guest.client.rpc("accept_invitation", { token }))).toBe(tenant);
  });
});

describe("C5 the token", () => {
  it("C5 is kept nowhere: neither the database nor the API has it again", async () => {
    const token = await invite(team.owner, team.tenant, "secret@example.test", "viewer");
    const [row] = await sql<{ kept: boolean }[]>`
      select exists (select from public.invitations i where i::text like ${`%${token}%`})
        or exists (select from private.invitation_tokens k where k::text like ${`%${token}%`})
        or exists (select from public.audit_log a where a.tenant_id = ${team.tenant} and a::text like ${`%${token}%`}) as kept
    `;
    expect(row).toEqual({ kept: false });
    expect(token).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(["", " ", "0", "null", "'; select 1; --", "a".repeat(64), "x".repeat(100_000)])(
    "C5 no other text is one (%#)",
    async (token) => {
      await isRefused(
        team.viewer.client.rpc("accept_invitation", { token }),
        "PT404",
        /^There is no such invitation\.$/,
      );
    },
  );

  it("S6 another tenant's admin can neither see nor revoke it, whatever tenant they name", async () => {
    const other: Person = await signUp("other");
    const own = await foundTenant(other);
    await invite(team.owner, team.tenant, "hidden@example.test", "viewer");
    const row = await dataOf(
      team.owner.client.from("invitations").select("id").eq("email", "hidden@example.test").single(),
    );
    expect(await dataOf(other.client.from("invitations").select("id"))).toEqual([]);
    for (const tenant_id of [own, team.tenant]) {
      await isRefused(other.client.rpc("revoke_invitation", { tenant_id, invitation_id: row.id }), "PT404");
    }
  });
});
