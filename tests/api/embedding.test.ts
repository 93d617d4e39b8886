import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, succeeds } from "../helpers/answers.ts";
import { listLinks } from "../helpers/catalogue.ts";
import { rest } from "../helpers/http.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, bringIn, foundTenant, say } from "../helpers/teams.ts";

const sql = openSql();
let owner: Person;
let both: Person;
let first: string;
let second: string;
let north: string;

beforeAll(async () => {
  const [one, two, three] = await Promise.all([signUp("owner"), signUp("both"), signUp("other")]);
  owner = one;
  both = two;
  [first, second] = await Promise.all([foundTenant(owner, "First"), foundTenant(three, "Second")]);
  north =
    (await dataOf(owner.client.from("branches").insert({ tenant_id: first, name: "North" }).select("id").single())).id;
  await bringIn(owner, first, both, "viewer");
  await bringIn(three, second, both, "customer");
  for (const [person, tenant] of [[owner, first], [three, second]] as const) {
    const project = await dataOf(
      person.client.from("projects").insert({ tenant_id: tenant, name: "Project" }).select("id").single(),
    );
    const row = { tenant_id: tenant, project_id: project.id, title: "Talk" };
    const conversation = await dataOf(person.client.from("conversations").insert(row).select("id").single());
    const message = await say(person, tenant, conversation.id, "Words.");
    await dataOf(person.client.rpc("rate_message", { tenant_id: tenant, message_id: message, rating: "up" }));
  }
});

describe("S4 embedding", () => {
  it("A1 A2 A3 brings along what belongs together", async () => {
    const rows = await dataOf(
      both.client.from("conversations").select(
        "title, projects(name), messages(content, feedback(rating)), tenants(name)",
      ),
    );
    expect(rows).toEqual([
      {
        title: "Talk",
        projects: { name: "Project" },
        messages: [{ content: "Words.", feedback: [{ rating: "up" }] }],
        tenants: { name: "First" },
      },
    ]);
  });

  it("S4 works along every foreign key, for whoever may read both ends", async () => {
    for (const link of await listLinks(sql)) {
      for (const [outer, inner] of [[link.from, link.to], [link.to, link.from]]) {
        const answer = await rest(`${outer}?select=id,${inner}!${link.name}(id)`, { token: owner.token });
        expect([answer.status, answer.text.slice(0, 200)], link.name).toEqual([200, expect.stringMatching(/^\[/)]);
      }
    }
  });

  it("S1 S4 does not lift a customer into the rows of their tenant", async () => {
    const rows = await dataOf(
      both.client.from("memberships").select("role, tenants(name)").eq("tenant_id", second),
    );
    expect(rows).toEqual([{ role: "customer", tenants: null }]);
    const names = await dataOf(both.client.from("tenants").select("name, conversations(title)"));
    expect(names).toEqual([{ name: "First", conversations: [{ title: "Talk" }] }]);
  });

  it("S4 does not answer questions about rows out of reach by what it filters", async () => {
    for (const title of ["eq.Talk", "like.T*", "not.is.null"]) {
      const answer = await rest(
        `memberships?select=id,tenants!inner(id,conversations!inner(id))&tenants.conversations.title=${title}&tenant_id=eq.${second}`,
        {
          token: both.token,
        },
      );
      expect([answer.status, answer.text], title).toEqual([200, "[]"]);
    }
    const counted = await rest(`tenants?select=conversations(count)&id=eq.${second}`, { token: both.token });
    expect(counted.text).toBe("[]");
  });

  it("S5 hides the project of another branch inside a conversation that is seen", async () => {
    const south = await dataOf(
      owner.client.from("branches").insert({ tenant_id: first, name: "South" }).select("id").single(),
    );
    const row = { tenant_id: first, name: "Of the south", branch_id: south.id };
    const project = await dataOf(owner.client.from("projects").insert(row).select("id").single());
    const talk = { tenant_id: first, project_id: project.id, title: "About the south" };
    await succeeds(owner.client.from("conversations").insert(talk));
    const confined = await signUp("confined");
    await bringIn(owner, first, confined, "viewer", [north]);
    const seen = await dataOf(
      confined.client.from("conversations").select("title, projects(name)").eq("title", "About the south"),
    );
    expect(seen).toEqual([{ title: "About the south", projects: null }]);
  });

  it("C2 S4 shows no profile of somebody who has left", async () => {
    const leaver = await signUp("leaver");
    await bringIn(owner, first, leaver, "member");
    await beginConversation(leaver, first, "Left behind");
    const ask = () => both.client.from("conversations").select("user_id, users(email)").eq("title", "Left behind");
    expect(await dataOf(ask())).toEqual([{ user_id: leaver.id, users: { email: leaver.email } }]);
    await succeeds(leaver.client.rpc("leave_tenant", { tenant_id: first }));
    expect(await dataOf(ask())).toEqual([{ user_id: leaver.id, users: null }]);
  });

  it("C2 brings whole profiles along, of the house's users and not of the auth server's", async () => {
    const [row] = await dataOf(both.client.from("conversations").select("users(*)").eq("title", "Talk"));
    expect(row?.users).toMatchObject({ id: owner.id, email: owner.email, is_active: true });
    expect(JSON.stringify(row)).not.toMatch(/password|token|instance_id/);
  });
});
