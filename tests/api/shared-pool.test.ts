import { describe, expect, it } from "vitest";
import { rest } from "../helpers/http.ts";
import { mintToken, type Person, signUp } from "../helpers/people.ts";
import { readStack } from "../helpers/stack.ts";
import { beginConversation, foundTenant } from "../helpers/teams.ts";

const REQUESTS = 360;

describe("S2 connections that all callers share", () => {
  it("S2 S4 show no caller a row of another, and no visitor any, however requests alternate", async () => {
    const people = await Promise.all([signUp("one"), signUp("two"), signUp("three")]);
    const tenants = await Promise.all(people.map((person) => withTalk(person)));
    const service = readStack().secret_key;
    const faulty = await mintToken({ sub: "no uuid" });
    const wrong: string[] = [];
    const ask = async (turn: number): Promise<void> => {
      const kind = turn % 6;
      if (kind === 3) return expectStatus(await rest("conversations?select=tenant_id"), 401, "a visitor", wrong);
      if (kind === 4) {
        return expectStatus(await rest("conversations?select=tenant_id", { token: faulty }), 400, "a fault", wrong);
      }
      if (kind === 5) {
        const answer = await rest("conversations?select=tenant_id&limit=5", { apikey: service, token: service });
        return expectStatus(answer, 200, "the service", wrong);
      }
      const place = turn % 3;
      const answer = await rest("conversations?select=tenant_id", { token: people[place]?.token });
      const expected = JSON.stringify([{ tenant_id: tenants[place] }]);
      if (answer.text !== expected) wrong.push(`turn ${turn}: ${answer.status} ${answer.text}`);
    };
    const turns = Array.from({ length: REQUESTS }, (_, turn) => turn).values();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (const turn of turns) await ask(turn);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("S2 C10 the same statement by one person and then another, one after the other, on a pool of few", async () => {
    const [one, two] = await Promise.all([signUp("one"), signUp("two")]);
    const [first, second] = [await withTalk(one), await withTalk(two)];
    // More often than it takes a server to settle on one plan for a prepared statement.
    for (let turn = 0; turn < 40; turn += 1) {
      const [person, tenant] = turn % 2 === 0 ? [one, first] : [two, second];
      expect(await person.client.from("conversations").select("tenant_id")).toMatchObject({
        data: [{ tenant_id: tenant }],
      });
    }
  });
});

async function withTalk(person: Person): Promise<string> {
  const tenant = await foundTenant(person);
  await beginConversation(person, tenant);
  return tenant;
}

function expectStatus(answer: { status: number; text: string }, status: number, who: string, wrong: string[]): void {
  if (answer.status !== status) wrong.push(`${who}: ${answer.status} ${answer.text}`);
}
