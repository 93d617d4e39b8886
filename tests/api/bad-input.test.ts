import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { dataOf, succeeds } from "../helpers/answers.ts";
import { readHoldings } from "../helpers/holdings.ts";
import { rest, type RestAnswer } from "../helpers/http.ts";
import { signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, foundTenant, freshSlug, invite, say } from "../helpers/teams.ts";
import { assistantCases } from "./bad-input/assistant-cases.ts";
import { post, words, type World } from "./bad-input/case.ts";
import { orchestrationCases } from "./bad-input/orchestration-cases.ts";
import { planningCases } from "./bad-input/planning-cases.ts";
import { requestCases } from "./bad-input/request-cases.ts";
import { tenancyCases } from "./bad-input/tenancy-cases.ts";

const CASES = [...tenancyCases, ...assistantCases, ...planningCases, ...orchestrationCases, ...requestCases];
const INTERNALS = [
  /PL\/pgSQL/i,
  /\\n\s+at /,
  /node_modules/,
  /RangeError|TypeError/,
  /\/\w+\.(ts|js|sql|c)\b/,
  /\bselect /i,
  /private\./,
];

const sql = openSql();
const failure = z.looseObject({ code: z.string(), message: z.string() });
let world: World;

beforeAll(async () => {
  world = await makeWorld();
});

describe("bad input", () => {
  for (const { name, call, status, code, message } of CASES) {
    it(`${name} is refused, clearly, and leaves nothing behind`, async () => {
      const before = await traces();
      const [path, request] = call(world);
      const answer = await rest(path, { token: world.owner.token, ...request });
      const { code: given, message: said } = failure.parse(answer.json ?? { code: "", message: answer.text });

      expect([status].flat(), `${answer.status} ${answer.text.slice(0, 300)}`).toContain(answer.status);
      expect(given, said).toMatch(typeof code === "string" ? new RegExp(`^${code}$`) : code);
      expect(said).toMatch(message);
      expectNoInternals(said, answer);
      expect(await traces()).toEqual(before);
    });
  }

  it("A2 a body above the limit of the gateway is not taken", async () => {
    const before = await traces();
    const [path, request] = post("messages", words(world, { content: "x".repeat(21 * 1024 * 1024) }));
    // Who is still sending when the gateway hangs up may not get to read the answer.
    const answer = await rest(path, { token: world.owner.token, ...request }).catch(() => null);
    expect([413, undefined]).toContain(answer?.status);
    expect(await traces()).toEqual(before);
  });

  it("X5 every case is one of its own", () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });
});

/** All that a request could leave: rows of the tenant, and tenants and memberships of the people. */
async function traces(): Promise<unknown> {
  const people = [world.owner.id, world.guest.id];
  const [counts] = await sql`
    select
      (select count(*) from public.tenants where created_by = any (${people})) as tenants,
      (select count(*) from public.memberships where user_id = any (${people})) as memberships
  `;
  return { counts, rows: (await readHoldings(sql, world.tenant)).rows };
}

/** One line for a person; nothing of where and how it was found. */
function expectNoInternals(said: string, answer: RestAnswer): void {
  expect(said).toMatch(/^["\p{L}].*\S$/u);
  expect(INTERNALS.filter((pattern) => pattern.test(answer.text)), answer.text.slice(0, 300)).toEqual([]);
}

async function makeWorld(): Promise<World> {
  const [owner, guest, late] = await Promise.all([signUp("owner"), signUp("guest"), signUp("late")]);
  const slug = freshSlug();
  const tenant = await dataOf(owner.client.rpc("create_tenant", { name: "Bad input", slug }));
  const [conversation, archived] = [await beginConversation(owner, tenant), await beginConversation(owner, tenant)];
  await succeeds(owner.client.from("conversations").update({ is_archived: true }).eq("id", archived));
  const message = await say(owner, tenant, conversation);
  const north = owner.client.from("branches").insert({ tenant_id: tenant, name: "North" }).select("id").single();
  const branch = (await dataOf(north)).id;
  await succeeds(owner.client.from("projects").insert({ tenant_id: tenant, name: "Cell", branch_id: branch }));

  const plan = owner.client.from("workflows").insert({ tenant_id: tenant, name: "Plan" }).select("id").single();
  const workflow = (await dataOf(plan)).id;
  const work = { tenant_id: tenant, workflow_id: workflow, title: "Task" };
  const task = (await dataOf(owner.client.from("tasks").insert(work).select("id").single())).id;
  const builder = { tenant_id: tenant, name: "Builder", type: "service" };
  const component = (await dataOf(owner.client.from("components").insert(builder).select("id").single())).id;

  const used = await invite(owner, tenant, guest.email, "viewer");
  await succeeds(guest.client.rpc("accept_invitation", { token: used }));
  const foreign = await invite(owner, tenant, "somebody@example.test", "viewer");
  const elsewhere = await foundTenant(late);
  const expired = await invite(late, elsewhere, owner.email, "viewer");
  await sql`
    update public.invitations set created_at = now() - interval '9 days', expires_at = now() - interval '2 days'
    where tenant_id = ${elsewhere}
  `;
  const again = await foundTenant(late);
  const revoked = await invite(late, again, owner.email, "viewer");
  await invite(late, again, owner.email, "viewer");
  const tokens = { expired, used, revoked, foreign };
  return { owner, guest, tenant, slug, conversation, archived, message, branch, workflow, task, component, tokens };
}
