import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { rest } from "../helpers/http.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { bringIn, foundTenant } from "../helpers/teams.ts";

let owner: Person;
let tenant: string;
let north: string;
let south: string;

beforeAll(async () => {
  owner = await signUp("owner");
  tenant = await foundTenant(owner);
  [north, south] = await Promise.all([branchNamed("North"), branchNamed("South")]);
  const projects = [
    { tenant_id: tenant, name: "Of the north", branch_id: north },
    { tenant_id: tenant, name: "Of the south", branch_id: south },
    { tenant_id: tenant, name: "Of all", branch_id: null },
  ];
  await succeeds(owner.client.from("projects").insert(projects));
});

describe("S5 somebody confined to the north", () => {
  it.each(["viewer", "member", "manager", "admin"])(
    "S5 as %s reads rows of the north and of no branch only",
    async (role) => {
      const person = await confined(role, [north]);
      const names = await dataOf(person.client.from("projects").select("name").order("name"));
      expect(names.map((row) => row.name)).toEqual(["Of all", "Of the north"]);
      expect(await dataOf(person.client.from("branches").select("name"))).toEqual([{ name: "North" }]);
      expect(await dataOf(person.client.from("projects").select("id").eq("branch_id", south))).toEqual([]);
    },
  );

  it("S5 as manager writes in the north and cannot reach the south from there", async () => {
    const { client } = await confined("manager", [north]);
    const row = await dataOf(
      client.from("projects").insert({ tenant_id: tenant, name: "New in the north", branch_id: north }).select("id")
        .single(),
    );
    await isRefused(client.from("projects").insert({ tenant_id: tenant, name: "New", branch_id: south }), "42501");
    await isRefused(client.from("projects").update({ branch_id: south }).eq("id", row.id), "42501");
    const changed = client.from("projects").update({ description: "Changed" });
    expect(await dataOf(changed.eq("name", "Of the south").select("id"))).toEqual([]);
  });

  it("S5 S6 as admin manages nobody and opens or closes no other branch", async () => {
    const { client } = await confined("admin", [north]);
    const member = await confined("viewer", [north]);
    const who = { tenant_id: tenant, user_id: member.id };
    await isRefused(client.rpc("set_member_branches", { ...who, branch_ids: [south] }), "42501", /confined/);
    await isRefused(client.rpc("change_member_role", { ...who, role: "member" }), "42501", /confined/);
    await isRefused(client.rpc("remove_member", who), "42501", /confined/);
    await isRefused(
      client.rpc("invite_member", { tenant_id: tenant, email: "a@example.test", role: "viewer" }),
      "42501",
      /confined/,
    );
    await isRefused(client.rpc("archive_old_conversations", {}), "42501");
    await isRefused(client.from("branches").insert({ tenant_id: tenant, name: "West" }), "42501");
    expect(await dataOf(client.from("branches").update({ name: "Mine" }).eq("id", south).select("id"))).toEqual([]);
    expect(await dataOf(client.from("branches").delete().eq("id", south).select("id"))).toEqual([]);
  });

  it("S5 as admin reads nothing of the south out of the audit log", async () => {
    const { token } = await confined("admin", [north]);
    expect(await shows(owner.token, "audit_log", "Of the south")).toBe(true);
    expect(await shows(token, "audit_log", "Of the south")).toBe(false);
    expect(await shows(token, "audit_log", south)).toBe(false);
  });

  it.each(["membership_branches", "invitations"])(
    "S5 as admin learns no id of another branch from %s",
    async (table) => {
      const { token } = await confined("admin", [north]);
      await confined("viewer", [south]);
      expect(await shows(owner.token, table, south)).toBe(true);
      expect(await shows(token, table, south)).toBe(false);
    },
  );
});

describe("C10 S5 a change of branches counts at the next request", () => {
  it("C10 S5 given, exchanged, emptied and lifted", async () => {
    const person = await signUp("person");
    await bringIn(owner, tenant, person, "viewer");
    const sees = async (): Promise<string[]> => {
      const rows = await dataOf(person.client.from("projects").select("name").like("name", "Of %").order("name"));
      return rows.map((row) => row.name);
    };
    const confine = (branch_ids: string[]): Promise<void> =>
      succeeds(owner.client.rpc("set_member_branches", { tenant_id: tenant, user_id: person.id, branch_ids }));
    expect(await sees()).toEqual(["Of all", "Of the north", "Of the south"]);
    await confine([north]);
    expect(await sees()).toEqual(["Of all", "Of the north"]);
    await confine([south, south]);
    expect(await sees()).toEqual(["Of all", "Of the south"]);
    await confine([north, south]);
    expect(await sees()).toEqual(["Of all", "Of the north", "Of the south"]);
    await confine([]);
    expect(await sees()).toEqual(["Of all"]);
    const body = { tenant_id: tenant, user_id: person.id, branch_ids: null };
    expect((await rest("rpc/set_member_branches", { method: "POST", token: owner.token, body })).status).toBe(204);
    expect(await sees()).toEqual(["Of all", "Of the north", "Of the south"]);
  });

  it("S5 losing the last branch closes and does not open", async () => {
    const east = await branchNamed("East");
    const person = await confined("viewer", [east]);
    await succeeds(owner.client.from("branches").delete().eq("id", east));
    const names = await dataOf(person.client.from("projects").select("name").like("name", "Of %"));
    expect(names).toEqual([{ name: "Of all" }]);
  });

  it("S5 S3 nobody is confined to a branch of another tenant, and an owner to none", async () => {
    const other = await signUp("other");
    const foreignTenant = await foundTenant(other);
    const foreign = await dataOf(
      other.client.from("branches").insert({ tenant_id: foreignTenant, name: "Foreign" }).select("id").single(),
    );
    const person = await confined("viewer", [north]);
    const set = (user_id: string, branch_ids: string[]) =>
      owner.client.rpc("set_member_branches", { tenant_id: tenant, user_id, branch_ids });
    await isRefused(set(person.id, [north, foreign.id]), "PT404", /no such branch/);
    const guest = { tenant_id: tenant, email: "guest@example.test", role: "viewer", branch_ids: [foreign.id] };
    await isRefused(owner.client.rpc("invite_member", guest), "PT404", /no such branch/);
    const coOwner = await signUp("co-owner");
    await bringIn(owner, tenant, coOwner, "owner");
    await isRefused(set(coOwner.id, [north]), "PT409", /not confined/);
  });
});

async function shows(token: string, table: string, text: string): Promise<boolean> {
  return (await rest(`${table}?select=*`, { token })).text.includes(text);
}

async function branchNamed(name: string): Promise<string> {
  return (await dataOf(owner.client.from("branches").insert({ tenant_id: tenant, name }).select("id").single())).id;
}

async function confined(role: string, branches: string[]): Promise<Person> {
  const person = await signUp(role);
  await bringIn(owner, tenant, person, role, branches);
  return person;
}
