import { readdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { projectDir } from "../../scripts/migrate/migration-files.ts";
import { isRefused } from "../helpers/answers.ts";
import { rest } from "../helpers/http.ts";
import { asService, mintToken, type Person } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";
import { foundTeam, type Team } from "../helpers/teams.ts";

const sql = openSql();
const functionRow = z.object({
  name: z.string(),
  schema: z.string(),
  isForUsers: z.boolean(),
  isForService: z.boolean(),
});

let team: Team;
let functions: z.infer<typeof functionRow>[];

beforeAll(async () => {
  team = await foundTeam();
  const rows = await sql`
    select p.proname as name, p.pronamespace::regnamespace::text as schema,
      has_function_privilege('authenticated', p.oid, 'execute') as "isForUsers",
      has_function_privilege('service_role', p.oid, 'execute') as "isForService"
    from pg_proc as p
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace, 'ops'::regnamespace)
      and p.prorettype <> 'trigger'::regtype
  `;
  functions = rows.map((row) => functionRow.parse(row));
});

describe("P2 the edge functions, which work for all tenants", () => {
  const names = readdirSync(path.join(projectDir, "supabase", "functions"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
    .map(({ name }) => name);

  it("P2 there are some", () => expect(names.length).toBeGreaterThan(0));

  it.each(names)("P3 %s turns away users, visitors and whoever holds a key of the API", async (name) => {
    const { functions_url, publishable_key, secret_key } = readStack();
    const service = await mintToken({ role: "service_role" });
    const expired = await mintToken({ sub: team.owner.id }, { lifetime: -60 });
    const bearers = [
      undefined,
      publishable_key,
      secret_key,
      team.owner.token,
      team.customer.token,
      service,
      expired,
      "null",
      "",
    ];
    for (const bearer of bearers) {
      for (const extra of [{}, { apikey: secret_key }, { apikey: publishable_key, "x-client-info": "supabase-js" }]) {
        const response = await fetch(`${functions_url}/${name}`, {
          method: "POST",
          headers: { ...extra, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
          body: JSON.stringify({ tenant_id: team.tenant }),
        });
        expect([bearer?.slice(0, 12), response.status]).toEqual([bearer?.slice(0, 12), 401]);
        expect(await response.text()).not.toContain(team.tenant);
      }
    }
  });
});

describe("S7 functions that are not for users", () => {
  it("S7 are not found by their name, whatever schema the request names", async () => {
    // One that public has as well answers as that one does, which is asked below.
    const served = new Set(functions.filter(({ schema }) => schema === "public").map(({ name }) => name));
    const closed = functions.filter(({ name, schema }) => schema !== "public" && !served.has(name));
    expect(closed.length).toBeGreaterThan(20);
    for (const { name, schema } of closed) {
      for (
        const headers of [{}, { "content-profile": schema }, { "accept-profile": schema, "content-profile": schema }]
      ) {
        const answer = await rest(`rpc/${name}`, { method: "POST", token: team.owner.token, headers, body: {} });
        // Schema ops is served to operators: a user is refused there, and finds nothing elsewhere.
        const refusals = schema === "ops" ? [403, 404, 406] : [404, 406];
        expect(refusals, `${schema}.${name} answers ${answer.status} ${answer.text}`).toContain(answer.status);
      }
    }
  });

  it("S7 of public, the service role's are refused to users, and the users' to the service role", async () => {
    const { secret_key } = readStack();
    for (const { name, isForUsers, isForService } of functions.filter(({ schema }) => schema === "public")) {
      if (!isForUsers) {
        const answer = await rest(`rpc/${name}`, { method: "POST", token: team.owner.token, body: {} });
        expect([401, 403, 404], name).toContain(answer.status);
      }
      if (!isForService) {
        const answer = await rest(`rpc/${name}`, { method: "POST", apikey: secret_key, token: secret_key, body: {} });
        expect([403, 404], name).toContain(answer.status);
      }
    }
  });

  it.each(["customer", "viewer", "member", "manager"] as const)(
    "A5 a %s archives nothing, with the secret key beside their token too",
    async (role) => {
      const { secret_key } = readStack();
      for (const apikey of [undefined, secret_key]) {
        const answer = await rest("rpc/archive_old_conversations", {
          method: "POST",
          token: team[role].token,
          body: { older_than: "1 day" },
          ...(apikey === undefined ? {} : { apikey }),
        });
        expect([answer.status, answer.json]).toEqual([403, expect.objectContaining({ code: "42501" })]);
      }
    },
  );

  it("A4 S7 what the service role may do in a member's name, a user may not do in another's", async () => {
    const usage = { tenant_id: team.tenant, tokens: 1, user_id: team.viewer.id };
    const callers: Person[] = [team.owner, team.admin, team.member];
    for (const { client } of callers) await isRefused(client.rpc("increment_usage", usage), "42501", /the caller only/);
    const { data, error } = await asService().rpc("increment_usage", usage);
    expect([error, data?.[0]?.total_tokens]).toEqual([null, 1]);
  });
});
