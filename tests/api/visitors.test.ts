import { beforeAll, describe, expect, it } from "vitest";
import { readHoldings } from "../helpers/holdings.ts";
import { rest } from "../helpers/http.ts";
import {
  acceptedOf,
  attemptCalls,
  attemptReads,
  attemptWrites,
  leaksOf,
  readSurface,
  type Surface,
} from "../helpers/intrusion.ts";
import { mintToken } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, foundTeam, say, type Team } from "../helpers/teams.ts";

const sql = openSql();

describe("S2 a visitor", () => {
  let team: Team;
  let surface: Surface;

  beforeAll(async () => {
    team = await foundTeam();
    await say(team.owner, team.tenant, await beginConversation(team.owner, team.tenant));
    surface = await readSurface(sql);
  });

  it("S2 S4 S7 is turned away everywhere: every table, view and function, reading or writing", async () => {
    const before = await readHoldings(sql, team.tenant);
    const target = {
      tenant: team.tenant,
      secrets: before.ids,
      ids: { user_id: team.viewer.id, message_id: team.tenant, invitation_id: team.tenant, branch_ids: [] },
    };
    const names = surface.relations.filter(({ kind }) => kind === "view").map(({ name }) => name);
    const views = new RegExp(`^[A-Z]+ (${names.join("|")})\\b`);
    for (const token of [undefined, await mintToken({ role: "anon" })]) {
      const reads = await attemptReads(token, surface, target);
      const writes = await attemptWrites(token, surface, target, sql);
      const calls = await attemptCalls(token, surface, target);
      expect(leaksOf([...reads, ...writes, ...calls])).toEqual([]);
      expect(acceptedOf(writes)).toEqual([]);
      expect([...reads, ...calls].filter(({ status }) => status !== 401)).toEqual([]);
      // A view that cannot be written answers so before it asks who is there.
      expect(writes.filter(({ status, what }) => status !== 401 && !views.test(what))).toEqual([]);
      expect(calls.map((call) => call.what)).toEqual(surface.functions.map((fn) => `POST rpc/${fn.name}`));
    }
    expect((await readHoldings(sql, team.tenant)).rows).toEqual(before.rows);
  });

  it("S7 may execute no function of the API's schema", () => {
    expect(surface.functions.filter((fn) => fn.isForVisitors)).toEqual([]);
    expect(surface.functions.length).toBeGreaterThan(10);
  });

  it.each(["private", "auth", "extensions", "graphql_public", "storage", "pg_catalog", "information_schema"])(
    "S4 the schema %s is not served, to anybody",
    async (schema) => {
      for (const token of [undefined, team.owner.token]) {
        const answer = await rest("users", { token, headers: { "accept-profile": schema } });
        expect([answer.status, answer.json]).toEqual([406, expect.objectContaining({ code: "PGRST106" })]);
        const call = await rest("rpc/my_tenants", {
          method: "POST",
          token,
          body: { lowest_role: "viewer" },
          headers: { "content-profile": schema },
        });
        expect(call.status).toBe(406);
      }
    },
  );

  it("S4 a key that is none is turned away before anything else", async () => {
    const answer = await rest("tenants", { apikey: "sb_publishable_wrong" });
    expect(answer.status).toBe(401);
    expect((await rest("tenants", { apikey: "" })).status).toBe(401);
  });
});
