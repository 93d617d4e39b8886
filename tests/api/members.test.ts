import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { bringIn, foundTeam, foundTenant, type Role, type Team } from "../helpers/teams.ts";

let team: Team;

beforeAll(async () => {
  team = await foundTeam();
});

describe("S6 nobody rises by themself", () => {
  it.each(["customer", "viewer", "member", "manager", "admin", "owner"] as const)(
    "S6 a %s cannot change their own role, status or branches, or remove themself",
    async (role) => {
      const { client, id: user_id } = team[role];
      const who = { tenant_id: team.tenant, user_id };
      await isRefused(client.rpc("change_member_role", { ...who, role: "owner" }), "42501");
      await isRefused(client.rpc("set_member_status", { ...who, status: "active" }), "42501");
      await isRefused(client.rpc("set_member_branches", { ...who, branch_ids: [] }), "42501");
      await isRefused(client.rpc("remove_member", who), "42501");
    },
  );

  it.each(["customer", "viewer", "member", "manager"] as const)(
    "S6 a %s manages nobody and invites nobody",
    async (role) => {
      const { client } = team[role];
      const who = { tenant_id: team.tenant, user_id: team.customer.id };
      const lacking = /^This needs the role admin or a higher one\.$|^Nobody changes/;
      await isRefused(client.rpc("change_member_role", { ...who, role: "viewer" }), "42501", lacking);
      await isRefused(client.rpc("set_member_status", { ...who, status: "suspended" }), "42501", lacking);
      await isRefused(client.rpc("remove_member", who), "42501", lacking);
      await isRefused(
        client.rpc("invite_member", { tenant_id: team.tenant, email: "a@example.test", role: "customer" }),
        "42501",
        lacking,
      );
      await isRefused(client.rpc("transfer_ownership", who), "42501");
      await isRefused(client.rpc("set_tenant_status", { tenant_id: team.tenant, status: "closed" }), "42501");
    },
  );

  it("S6 an admin grants no role above their own and touches no admin or owner; an owner does both", async () => {
    const { tenant, admin, owner } = team;
    const other = await signUp("other");
    await bringIn(owner, tenant, other, "admin");
    const who = { tenant_id: tenant, user_id: other.id };

    await isRefused(admin.client.rpc("change_member_role", { ...who, role: "viewer" }), "42501", /You cannot change/);
    await isRefused(admin.client.rpc("remove_member", who), "42501");
    await isRefused(
      admin.client.rpc("set_member_status", { tenant_id: tenant, user_id: owner.id, status: "suspended" }),
      "42501",
    );
    await isRefused(admin.client.rpc("transfer_ownership", who), "42501");
    await isRefused(
      admin.client.rpc("invite_member", { tenant_id: tenant, email: "b@example.test", role: "owner" }),
      "42501",
      /above/,
    );

    await succeeds(owner.client.rpc("change_member_role", { ...who, role: "viewer" }));
    await isRefused(admin.client.rpc("change_member_role", { ...who, role: "owner" }), "42501", /above/);
    await succeeds(admin.client.rpc("change_member_role", { ...who, role: "admin" }));
    await succeeds(owner.client.rpc("remove_member", who));
  });
});

describe("C10 a change counts at the next request with the same token", () => {
  it("C10 a role: what it allows begins and ends", async () => {
    const person = await joined("member");
    const begin = (): PromiseLike<{ data: unknown; error: { message: string; code: string } | null }> =>
      person.client.from("conversations").insert({ tenant_id: team.tenant });
    await succeeds(begin());
    await succeeds(
      team.admin.client.rpc("change_member_role", { tenant_id: team.tenant, user_id: person.id, role: "viewer" }),
    );
    await isRefused(begin(), "42501");
    expect(await dataOf(person.client.from("tenants").select("id"))).toHaveLength(1);
    await succeeds(
      team.admin.client.rpc("change_member_role", { tenant_id: team.tenant, user_id: person.id, role: "customer" }),
    );
    expect(await dataOf(person.client.from("tenants").select("id"))).toEqual([]);
    await succeeds(
      team.admin.client.rpc("change_member_role", { tenant_id: team.tenant, user_id: person.id, role: "manager" }),
    );
    await succeeds(person.client.from("projects").insert({ tenant_id: team.tenant, name: person.id }));
  });

  it("C10 C3 a suspended membership reaches nothing, a restored one all", async () => {
    const person = await joined("manager");
    const who = { tenant_id: team.tenant, user_id: person.id };
    await succeeds(team.admin.client.rpc("set_member_status", { ...who, status: "suspended" }));
    expect(await dataOf(person.client.from("tenants").select("id"))).toEqual([]);
    expect(await dataOf(person.client.from("memberships").select("id"))).toEqual([]);
    expect(await dataOf(person.client.rpc("my_memberships"))).toEqual([]);
    await isRefused(person.client.rpc("increment_usage", { tenant_id: team.tenant }), "PT404");
    await isRefused(person.client.rpc("leave_tenant", { tenant_id: team.tenant }), "PT404");
    await succeeds(team.admin.client.rpc("set_member_status", { ...who, status: "active" }));
    expect(await dataOf(person.client.from("tenants").select("id"))).toHaveLength(1);
  });

  it("C6 whoever leaves is out, and their rows stay", async () => {
    const person = await joined("member");
    const [row] = await dataOf(person.client.from("conversations").insert({ tenant_id: team.tenant }).select("id"));
    await succeeds(person.client.rpc("leave_tenant", { tenant_id: team.tenant }));
    await isRefused(person.client.rpc("leave_tenant", { tenant_id: team.tenant }), "PT404");
    expect(await dataOf(person.client.from("conversations").select("id"))).toEqual([]);
    expect(await dataOf(team.viewer.client.from("conversations").select("user_id").eq("id", row?.id ?? ""))).toEqual([
      { user_id: person.id },
    ]);
  });
});

describe("C6 an owner always remains", () => {
  it("C6 the last owner can neither leave nor be suspended by an admin", async () => {
    const [owner, admin] = [await signUp("owner"), await signUp("admin")];
    const tenant = await foundTenant(owner);
    await bringIn(owner, tenant, admin, "admin");
    await isRefused(owner.client.rpc("leave_tenant", { tenant_id: tenant }), "PT409", /always keeps an active owner/);
    const who = { tenant_id: tenant, user_id: owner.id };
    await isRefused(admin.client.rpc("set_member_status", { ...who, status: "suspended" }), "42501");
    expect(await ownersOf(admin, tenant)).toEqual([owner.id]);
  });

  it("C6 ownership is handed over: the old owner is an admin from then on", async () => {
    const [owner, heir] = [await signUp("owner"), await signUp("heir")];
    const tenant = await foundTenant(owner);
    await bringIn(owner, tenant, heir, "viewer");
    await succeeds(owner.client.rpc("transfer_ownership", { tenant_id: tenant, user_id: heir.id }));
    expect(await ownersOf(owner, tenant)).toEqual([heir.id]);
    const [own] = await dataOf(owner.client.rpc("my_memberships"));
    expect(own?.role).toBe("admin");
    await isRefused(owner.client.rpc("transfer_ownership", { tenant_id: tenant, user_id: heir.id }), "42501");
    await succeeds(owner.client.rpc("leave_tenant", { tenant_id: tenant }));
  });

  it("C6 a suspended or confined member cannot become the owner", async () => {
    const [owner, heir] = [await signUp("owner"), await signUp("heir")];
    const tenant = await foundTenant(owner);
    await bringIn(owner, tenant, heir, "member");
    const who = { tenant_id: tenant, user_id: heir.id };
    await succeeds(owner.client.rpc("set_member_status", { ...who, status: "suspended" }));
    await isRefused(owner.client.rpc("transfer_ownership", who), "PT409");
    await succeeds(owner.client.rpc("set_member_status", { ...who, status: "active" }));
    await succeeds(owner.client.rpc("set_member_branches", { ...who, branch_ids: [] }));
    await isRefused(owner.client.rpc("transfer_ownership", who), "PT409");
    await isRefused(owner.client.rpc("change_member_role", { ...who, role: "owner" }), "PT409");
    expect(await ownersOf(owner, tenant)).toEqual([owner.id]);
  });

  // Both see the other as an owner when they begin; only a lock keeps one of them.
  it("C6 two last owners who go at the same moment: one goes, one stays, every time", async () => {
    const [one, two, observer] = await Promise.all([signUp("one"), signUp("two"), signUp("observer")]);
    const leave = (person: Person, tenant_id: string) => person.client.rpc("leave_tenant", { tenant_id });
    const removal = (person: Person, tenant_id: string, user: Person) =>
      person.client.rpc("remove_member", { tenant_id, user_id: user.id });
    const demotion = (person: Person, tenant_id: string, user: Person) =>
      person.client.rpc("change_member_role", { tenant_id, user_id: user.id, role: "viewer" });
    const pairs = [
      (tenant: string) => [leave(one, tenant), leave(two, tenant)] as const,
      (tenant: string) => [removal(one, tenant, two), removal(two, tenant, one)] as const,
      (tenant: string) => [demotion(one, tenant, two), demotion(two, tenant, one)] as const,
      (tenant: string) => [leave(one, tenant), removal(one, tenant, two)] as const,
      (tenant: string) => [leave(one, tenant), demotion(two, tenant, one)] as const,
    ];
    for (let round = 0; round < 20; round += 1) {
      const tenant = await foundTenant(one, `Round ${round}`);
      await bringIn(one, tenant, two, "owner");
      await bringIn(one, tenant, observer, "viewer");
      const outcomes = await Promise.all(pairs[round % pairs.length]?.(tenant) ?? []);
      const codes = outcomes.map(({ error }) => error?.code ?? "done").sort();
      expect(["PT404", "PT409", "42501", "done"], `round ${round}: ${codes.join()}`).toEqual(
        expect.arrayContaining(codes),
      );
      expect(codes, `round ${round}`).toContain("done");
      expect((await ownersOf(observer, tenant)).length, `round ${round}: ${codes.join()}`).toBe(1);
    }
  });

  it("C6 two people who hand each other a tenant at the same moment both succeed", async () => {
    const [one, two] = await Promise.all([signUp("one"), signUp("two")]);
    for (let round = 0; round < 20; round += 1) {
      const [first, second] = await Promise.all([foundTenant(one), foundTenant(two)]);
      await Promise.all([bringIn(one, first, two, "admin"), bringIn(two, second, one, "admin")]);
      const outcomes = await Promise.all([
        one.client.rpc("transfer_ownership", { tenant_id: first, user_id: two.id }),
        two.client.rpc("transfer_ownership", { tenant_id: second, user_id: one.id }),
      ]);
      expect(outcomes.map(({ error }) => error?.code ?? "done"), `round ${round}`).toEqual(["done", "done"]);
    }
  });

  it("C6 a hand-over and a leaving at the same moment leave an owner", async () => {
    const [one, two, observer] = await Promise.all([signUp("one"), signUp("two"), signUp("observer")]);
    for (let round = 0; round < 10; round += 1) {
      const tenant = await foundTenant(one, `Round ${round}`);
      await bringIn(one, tenant, two, "admin");
      await bringIn(one, tenant, observer, "viewer");
      await Promise.all([
        one.client.rpc("transfer_ownership", { tenant_id: tenant, user_id: two.id }),
        two.client.rpc("leave_tenant", { tenant_id: tenant }),
      ]);
      expect((await ownersOf(observer, tenant)).length, `round ${round}`).toBe(1);
    }
  });
});

async function joined(role: Role): Promise<Person> {
  const person = await signUp(role);
  await bringIn(team.owner, team.tenant, person, role);
  return person;
}

async function ownersOf(person: Person, tenant: string): Promise<string[]> {
  const rows = await dataOf(
    person.client.from("memberships").select("user_id").match({ tenant_id: tenant, role: "owner", status: "active" }),
  );
  return rows.map((row) => row.user_id);
}
