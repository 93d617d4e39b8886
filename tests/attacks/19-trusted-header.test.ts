import { beforeAll, describe, expect, it } from "vitest";
import { rest } from "../helpers/http.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { beginConversation, foundTenant } from "../helpers/teams.ts";

let member: Person;
let victim: Person;
let own: string;
let theirs: string;

beforeAll(async () => {
  [member, victim] = await Promise.all([signUp("member"), signUp("victim")]);
  own = await foundTenant(member);
  theirs = await foundTenant(victim);
  await beginConversation(member, own);
  await beginConversation(victim, theirs);
});

// What gateways, other products and PostgREST itself read from a request; here none of it says who is calling.
function pretences(): [name: string, value: string][] {
  const claims = JSON.stringify({ sub: victim.id, role: "service_role" });
  return [
    ["x-tenant-id", theirs],
    ["x-user-id", victim.id],
    ["x-hasura-role", "admin"],
    ["x-supabase-role", "service_role"],
    ["x-forwarded-user", victim.email],
    ["role", "service_role"],
    ["request.jwt.claims", claims],
    ["request.jwt.claim.sub", victim.id],
    ["x-request-jwt-claims", claims],
    ["cookie", `sb-access-token=${victim.token}; request.jwt.claim.sub=${victim.id}`],
    ["x-authorization", `Bearer ${victim.token}`],
    ["proxy-authorization", `Bearer ${victim.token}`],
    ["x-http-method-override", "DELETE"],
    ["prefer", "tx=commit, timezone=UTC, params=single-object"],
  ];
}

describe("S1 what a request says beside its token", () => {
  it("S1 shows a member their own tenant and no other", async () => {
    for (const [name, value] of pretences()) {
      const answer = await rest("conversations?select=tenant_id", { token: member.token, headers: { [name]: value } });
      expect([name, answer.status, answer.json]).toEqual([name, 200, [{ tenant_id: own }]]);
    }
  });

  it("S1 lets them write into no other", async () => {
    for (const [name, value] of pretences()) {
      const answer = await rest("conversations", {
        method: "POST",
        token: member.token,
        headers: { [name]: value },
        body: { tenant_id: theirs, user_id: victim.id },
      });
      expect([name, answer.status]).toEqual([name, 403]);
    }
    expect((await rest("conversations?select=id", { token: victim.token })).json).toHaveLength(1);
  });

  it("S2 makes nobody of a visitor", async () => {
    for (const [name, value] of pretences()) {
      const answer = await rest("conversations?select=tenant_id", { headers: { [name]: value } });
      expect([name, answer.status]).toEqual([name, 401]);
    }
  });

  it("S1 is no part of an address that is understood", async () => {
    for (const parameter of [`sub=eq.${victim.id}`, "role=eq.service_role", "jwt=eq.x"]) {
      const answer = await rest(`conversations?select=tenant_id&${parameter}`, { token: member.token });
      expect([parameter, answer.status]).toEqual([parameter, 400]);
    }
    const answer = await rest(`conversations?select=tenant_id&tenant_id=eq.${theirs}`, { token: member.token });
    expect([answer.status, answer.json]).toEqual([200, []]);
  });
});
