import { request as httpRequest } from "node:http";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { dataOf, isRefused, succeeds } from "../helpers/answers.ts";
import { listRelations } from "../helpers/catalogue.ts";
import { rest } from "../helpers/http.ts";
import { asService, type Person, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";
import { beginConversation, foundTenant } from "../helpers/teams.ts";

const GUESSES = ["planned", "estimated"] as const;
const REFUSAL = {
  code: "PT400",
  message: "Rows are counted exactly or not at all.",
  details: null,
  hint: "Ask for count=exact.",
};

const sql = openSql();
let person: Person;
let tenant: string;

beforeAll(async () => {
  person = await signUp("counter");
  tenant = await foundTenant(person);
  for (const title of ["One", "Two", "Three"]) await beginConversation(person, tenant, title);
  // Without statistics the planner has nothing to tell.
  await sql`analyze public.conversations`;
});

describe("S4 what the planner guesses over the rows of all tenants", () => {
  it.each(GUESSES)("is refused to users as count=%s, of every table and view", async (kind) => {
    const relations = await listRelations(sql);
    expect(relations.length).toBeGreaterThan(10);
    for (const { name, isReadable } of relations) {
      expect(isReadable, name).toBe(true);
      for (const path of [name, `${name}?limit=1`]) {
        const answer = await rest(path, { token: person.token, headers: { prefer: `count=${kind}` } });
        expect([path, answer.status, answer.json, answer.range]).toEqual([path, 400, REFUSAL, null]);
      }
    }
  });

  it.each(GUESSES)("is refused to supabase-js as count: '%s', and an exact count is of the caller's rows", async (kind) => {
    const guess = await person.client.from("conversations").select("id", { count: kind });
    expect([guess.status, guess.count, guess.data]).toEqual([400, null, null]);
    expect(guess.error).toMatchObject(REFUSAL);
    const exact = await person.client.from("conversations").select("id", { count: "exact" });
    expect([exact.status, exact.count, exact.data?.length]).toEqual([200, 3, 3]);
  });

  it.each(GUESSES)("is refused with the same status to a HEAD request for count=%s", async (kind) => {
    const guess = await person.client.from("conversations").select("id", { count: kind, head: true });
    expect([guess.status, guess.count]).toEqual([400, null]);
    const exact = await person.client.from("conversations").select("id", { count: "exact", head: true });
    expect([exact.status, exact.count]).toEqual([200, 3]);
  });

  it("is refused with a write or a call, which then does nothing", async () => {
    const { client } = person;
    const one = { tenant_id: tenant, title: "Four" };
    const own = client.from("conversations");
    await isRefused(own.insert(one, { count: "planned" }), "PT400");
    await isRefused(own.update({ title: "Five" }, { count: "planned" }).eq("tenant_id", tenant), "PT400");
    await isRefused(own.upsert(one, { count: "estimated" }), "PT400");
    await isRefused(own.delete({ count: "estimated" }).eq("tenant_id", tenant), "PT400");
    await isRefused(client.rpc("my_memberships", {}, { count: "planned" }), "PT400");
    await isRefused(client.rpc("my_memberships", {}, { count: "estimated", get: true }), "PT400");
    const titles = await dataOf(own.select("title").order("title"));
    expect(titles.map(({ title }) => title)).toEqual(["One", "Three", "Two"]);
    await succeeds(own.update({ title: "One" }, { count: "exact" }).eq("title", "One"));
    expect(await dataOf(client.rpc("my_memberships", {}, { count: "exact" }))).toHaveLength(1);
  });

  it.each([
    ["in capitals", ["COUNT=PLANNED"]],
    ["among others", ["return=minimal,  count=planned ,tx=commit"]],
    ["behind an exact one", ["count=exact, count=planned"]],
    ["in the first of two lines", ["count=planned", "return=minimal"]],
    ["in the second of two lines", ["return=minimal", "count=planned"]],
  ])("is refused %s", async (_, lines) => {
    expect(await statusOf(lines)).toBe(400);
    expect(await statusOf(lines.map((line) => line.replace(/planned/i, "exact")))).toBe(200);
  });

  it("is refused one by one while others ask for exact counts on the same pool", async () => {
    const prefer = (index: number): string => ["count=exact", "count=planned", "return=minimal"][index % 3] ?? "";
    const answers = await Promise.all(
      Array.from({ length: 48 }, (_, index) =>
        rest("conversations?select=title", { token: person.token, headers: { prefer: prefer(index) } })),
    );
    expect(answers.map(({ status, range }) => [status, range])).toEqual(
      Array.from({ length: 48 }, (_, index) => [[200, "0-2/3"], [400, null], [200, "0-2/*"]][index % 3]),
    );
  });

  it.each(GUESSES)("is answered to the service role, which reads every row anyway: count=%s", async (kind) => {
    const { status, count } = await asService().from("conversations").select("id", { count: kind }).limit(1);
    expect([200, 206]).toContain(status);
    expect(count).toBeGreaterThanOrEqual(3);
  });

  it("is refused to visitors like everything else", async () => {
    for (const kind of [...GUESSES, "exact"]) {
      const { status, json } = await rest("conversations", { headers: { prefer: `count=${kind}` } });
      expect([kind, status, json]).toEqual([kind, 401, expect.objectContaining({ code: "42501" })]);
    }
  });
});

describe("S4 the plan of a query", () => {
  it.each(["application/vnd.pgrst.plan", "application/vnd.pgrst.plan+json; options=analyze|verbose"])(
    "is shown to nobody: %s",
    async (accept) => {
      for (const apikey of [readStack().publishable_key, readStack().secret_key]) {
        const token = apikey === readStack().publishable_key ? person.token : undefined;
        const answer = await rest("conversations", { apikey, token, headers: { accept } });
        expect([answer.status, answer.json]).toEqual([406, expect.objectContaining({ code: "PGRST107" })]);
      }
      const { status } = await rest("conversations", { token: person.token, headers: { accept: "application/json" } });
      expect(status).toBe(200);
    },
  );
});

describe("S4 the check", () => {
  it("is what PostgREST is told to call before each request, in this database and no other", async () => {
    const rows = await sql`
      select s.setdatabase <> 0 and d.datname = current_database() as "isHere", c.setting
      from pg_db_role_setting as s
      left join pg_database as d on d.oid = s.setdatabase
      cross join lateral unnest(s.setconfig) as c (setting)
      where s.setrole = 'authenticator'::regrole and c.setting like 'pgrst.%'
        and (s.setdatabase = 0 or d.datname = current_database())
    `;
    expect([...rows]).toEqual([{ isHere: true, setting: "pgrst.db_pre_request=private.check_request" }]);
  });
});

/** Sends lines that fetch would join, each as a line of its own. */
function statusOf(prefer: string[]): Promise<number> {
  const { api_url, publishable_key } = readStack();
  const headers = { apikey: publishable_key, authorization: `Bearer ${person.token}`, prefer };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${api_url}/rest/v1/conversations`, { headers }, (response) => {
      response.resume().once("end", () => resolve(z.number().parse(response.statusCode)));
    });
    sent.once("error", reject).end();
  });
}
