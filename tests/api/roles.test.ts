import { beforeAll, describe, expect, it } from "vitest";
import { dataOf } from "../helpers/answers.ts";
import { rest, type RestAnswer } from "../helpers/http.ts";
import { runWhenDue } from "../helpers/schedules.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, bringIn, foundTeam, invite, type Role, ROLES, say, type Team } from "../helpers/teams.ts";
import { signUp } from "../helpers/people.ts";

const sql = openSql();
let team: Team;
let branch: string;
let project: string;

beforeAll(async () => {
  team = await foundTeam();
  const { tenant, owner } = team;
  branch =
    (await dataOf(owner.client.from("branches").insert({ tenant_id: tenant, name: "North" }).select("id").single())).id;
  project =
    (await dataOf(owner.client.from("projects").insert({ tenant_id: tenant, name: "First" }).select("id").single())).id;
  await invite(owner, tenant, "open@example.test", "viewer");
  await bringIn(owner, tenant, await signUp("confined"), "member", [branch]);
  const conversation = await beginConversation(owner, tenant);
  const message = await say(owner, tenant, conversation);
  await dataOf(owner.client.rpc("rate_message", { tenant_id: tenant, message_id: message, rating: "up" }));
  await dataOf(owner.client.rpc("increment_usage", { tenant_id: tenant }));
  await runWhenDue(sql, "refresh-views");
});

const READERS: readonly (readonly [string, Role])[] = [
  ["tenants", "viewer"],
  ["branches", "viewer"],
  ["memberships", "viewer"],
  ["membership_branches", "viewer"],
  ["projects", "viewer"],
  ["conversations", "viewer"],
  ["messages", "viewer"],
  ["feedback", "viewer"],
  ["usage_metrics", "viewer"],
  ["current_day_usage", "viewer"],
  ["message_feedback_summary", "viewer"],
  ["daily_feedback_summary", "viewer"],
  ["monthly_usage_summary", "viewer"],
  ["invitations", "admin"],
  ["audit_log", "admin"],
];

describe("S1 reading begins at the declared role", () => {
  for (const [relation, lowest] of READERS) {
    it(`S1 ${relation} is read from ${lowest} up`, async () => {
      for (const role of ROLES) {
        const answer = await rest(`${relation}?select=*`, { token: team[role].token });
        expect(answer.status, role).toBe(200);
        const rows = Array.isArray(answer.json) ? answer.json : [];
        // A customer reads the rows about themself: here their own membership.
        const seesOwn = role === "customer" && relation === "memberships";
        expect(rows.length > (seesOwn ? 1 : 0), `${role} reads ${rows.length} rows`).toBe(isAtLeast(role, lowest));
      }
    });
  }
});

type Write = (role: Role) => Promise<RestAnswer>;

// Each gives back what it wrote, so that an empty answer means that no row was reached.
const WRITES: readonly (readonly [string, Role, Write])[] = [
  ["renames the tenant", "admin", (role) => patch(role, `tenants?id=eq.${team.tenant}`, { name: `By ${role}` })],
  ["opens a branch", "admin", (role) => post(role, "branches", { tenant_id: team.tenant, name: `Branch of ${role}` })],
  ["renames a branch", "admin", (role) => patch(role, `branches?id=eq.${branch}`, { name: `North by ${role}` })],
  [
    "begins a project",
    "manager",
    (role) => post(role, "projects", { tenant_id: team.tenant, name: `Project of ${role}` }),
  ],
  ["changes a project", "manager", (role) => patch(role, `projects?id=eq.${project}`, { description: role })],
  ["begins a conversation", "member", (role) => post(role, "conversations", { tenant_id: team.tenant, title: role })],
  [
    "deletes a project",
    "admin",
    async (role) => remove(role, `projects?id=eq.${await ofOwner("projects", { name: `For ${role} to delete` })}`),
  ],
  [
    "deletes a branch",
    "admin",
    async (role) => remove(role, `branches?id=eq.${await ofOwner("branches", { name: `For ${role} to delete` })}`),
  ],
  [
    "says something in somebody's conversation",
    "member",
    async (role) => {
      const conversation_id = await beginConversation(team.owner, team.tenant);
      return post(role, "messages", { tenant_id: team.tenant, conversation_id, role: "user", content: "Hello." });
    },
  ],
  [
    "rates somebody's message",
    "member",
    async (role) =>
      post(role, "feedback", { tenant_id: team.tenant, message_id: await messageOf("admin"), rating: "up" }),
  ],
  [
    "deletes somebody's message",
    "manager",
    async (role) => remove(role, `messages?id=eq.${await messageOf(role === "owner" ? "admin" : "owner")}`),
  ],
  [
    "deletes somebody's conversation",
    "manager",
    async (role) => remove(role, `conversations?id=eq.${await beginConversation(strangerTo(role), team.tenant)}`),
  ],
  [
    "deletes somebody's feedback",
    "manager",
    async (role) => remove(role, `feedback?id=eq.${await feedbackOf(role === "owner" ? "admin" : "owner")}`),
  ],
];

describe("S1 writing begins at the declared role", () => {
  for (const [what, lowest, write] of WRITES) {
    it(`S1 A6 C9 whoever ${what} is at least ${lowest}`, async () => {
      for (const role of ROLES) {
        const answer = await write(role);
        const wrote = answer.status < 300 && Array.isArray(answer.json) && answer.json.length === 1;
        expect(wrote, `${role}: ${answer.status} ${answer.text}`).toBe(isAtLeast(role, lowest));
        // A row out of reach is passed over; a new row is refused.
        if (!wrote) expect([200, 403], answer.text).toContain(answer.status);
      }
    });
  }
});

describe("A6 what is one's own", () => {
  it("A6 nobody, not even the owner, changes the words or the rating of somebody else", async () => {
    const message = await messageOf("member");
    const feedback = await feedbackOf("member");
    const conversation = await beginConversation(team.member, team.tenant);
    for (const role of ["viewer", "manager", "admin", "owner"] as const) {
      expect((await patch(role, `messages?id=eq.${message}`, { content: "Other words." })).json).toEqual([]);
      expect((await patch(role, `feedback?id=eq.${feedback}`, { rating: "down" })).json).toEqual([]);
      expect((await patch(role, `conversations?id=eq.${conversation}`, { title: "Other title" })).json).toEqual([]);
    }
    expect((await patch("member", `messages?id=eq.${message}`, { content: "My words." })).json).toHaveLength(1);
    expect((await patch("member", `feedback?id=eq.${feedback}`, { rating: "down" })).json).toHaveLength(1);
    expect((await patch("member", `conversations?id=eq.${conversation}`, { title: "Title" })).json).toHaveLength(1);
    expect((await remove("member", `conversations?id=eq.${conversation}`)).json).toHaveLength(1);
  });

  it("A6 nobody writes in the name of somebody else", async () => {
    const { tenant, member } = team;
    const conversation_id = await beginConversation(member, tenant);
    const message_id = await say(member, tenant, conversation_id);
    const forged = [
      ["conversations", { tenant_id: tenant, user_id: member.id }],
      ["messages", { tenant_id: tenant, conversation_id, author_id: member.id, role: "user", content: "Forged." }],
      ["feedback", { tenant_id: tenant, message_id, user_id: member.id, rating: "down" }],
    ] as const;
    for (const [table, body] of forged) {
      for (const role of ["manager", "owner"] as const) {
        const refused = await post(role, table, body);
        expect([refused.status, codeOf(refused)], `${role} in ${table}`).toEqual([403, "42501"]);
      }
      expect((await post("member", table, body)).status, table).toBe(201);
    }
    // Nor nameless, which only the service role does.
    const nameless = await post("owner", "conversations", { tenant_id: tenant, user_id: null });
    expect(nameless.status).toBe(403);
  });
});

describe("S2 columns that nobody sets", () => {
  const fixed = ["tenant_id", "id", "created_at", "updated_at"];
  it.each([
    ["tenants", ["id", "status", "kind", "created_by", "created_at", "updated_at"]],
    ["branches", [...fixed, "created_by"]],
    ["projects", [...fixed, "created_by"]],
    ["conversations", [...fixed, "user_id"]],
    ["messages", [...fixed, "author_id", "conversation_id", "role"]],
    ["feedback", [...fixed, "user_id", "message_id"]],
    ["memberships", [...fixed, "user_id", "role", "status", "is_confined"]],
    ["membership_branches", ["tenant_id", "user_id", "branch_id"]],
    ["invitations", [...fixed, "email", "role", "expires_at", "accepted_at", "revoked_at"]],
    ["usage_metrics", [...fixed, "tokens", "messages", "cost"]],
    ["audit_log", ["tenant_id", "actor_id", "verb", "before", "after"]],
    ["users", ["id", "email", "is_active", "created_at"]],
  ])("S2 S6 no update of %s reaches %j, not even by the owner", async (table, columns) => {
    for (const column of columns) {
      // The row's own value: nothing but the right to set the column can be what is missing.
      const rows = await rest(`${table}?select=${column}&limit=1`, { token: team.owner.token });
      const [row] = Array.isArray(rows.json) ? rows.json : [];
      expect(row, `${table} has a row to try`).toBeDefined();
      const answer = await patch("owner", `${table}?${column}=not.is.null`, row);
      expect([answer.status, codeOf(answer)], column).toEqual([403, "42501"]);
    }
  });

  it.each(["memberships", "membership_branches", "invitations", "usage_metrics", "audit_log", "tenants", "users"])(
    "S6 C8 nobody inserts into or deletes from %s through the API",
    async (table) => {
      const rows = await rest(`${table}?limit=1`, { token: team.owner.token });
      const [row] = Array.isArray(rows.json) ? rows.json : [];
      const inserted = await post("owner", table, row);
      expect([inserted.status, codeOf(inserted)]).toEqual([403, "42501"]);
      const column = table === "tenants" || table === "users" ? "id" : "tenant_id";
      const removed = await remove("owner", `${table}?${column}=not.is.null`);
      expect([removed.status, codeOf(removed)]).toEqual([403, "42501"]);
    },
  );

  it("S2 an update that names the tenant is refused whole", async () => {
    const { owner, tenant } = team;
    const other = await dataOf(
      owner.client.rpc("create_tenant", { name: "Other", slug: `other-${tenant.slice(-12)}` }),
    );
    const conversation = await beginConversation(owner, tenant, "Stays");
    const moved = await patch("owner", `conversations?id=eq.${conversation}`, { tenant_id: other, title: "Moved" });
    expect([moved.status, codeOf(moved)]).toEqual([403, "42501"]);
    const row = await dataOf(
      owner.client.from("conversations").select("tenant_id, title").eq("id", conversation).single(),
    );
    expect(row).toEqual({ tenant_id: tenant, title: "Stays" });
  });
});

function isAtLeast(role: Role, lowest: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(lowest);
}

function strangerTo(role: Role): Team[Role] {
  return team[role === "owner" ? "admin" : "owner"];
}

async function messageOf(role: Role): Promise<string> {
  const person = team[role];
  return say(person, team.tenant, await beginConversation(person, team.tenant));
}

async function feedbackOf(role: Role): Promise<string> {
  return dataOf(
    team[role].client.rpc("rate_message", { tenant_id: team.tenant, message_id: await messageOf(role), rating: "up" }),
  );
}

async function ofOwner(table: "projects" | "branches", row: { name: string }): Promise<string> {
  const made = team.owner.client.from(table).insert({ tenant_id: team.tenant, ...row }).select("id").single();
  return (await dataOf(made)).id;
}

const prefer = "return=representation";

function post(role: Role, table: string, body: unknown): Promise<RestAnswer> {
  return rest(table, { method: "POST", token: team[role].token, body, headers: { prefer } });
}

function patch(role: Role, path: string, body: unknown): Promise<RestAnswer> {
  return rest(path, { method: "PATCH", token: team[role].token, body, headers: { prefer } });
}

function remove(role: Role, path: string): Promise<RestAnswer> {
  return rest(path, { method: "DELETE", token: team[role].token, headers: { prefer } });
}

function codeOf(answer: RestAnswer): unknown {
  const { json } = answer;
  return typeof json === "object" && json !== null && "code" in json ? json.code : undefined;
}
