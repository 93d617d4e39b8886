import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { dataOf, isRefused } from "../helpers/answers.ts";
import { asService, type Person, signIn, signUp, visitor } from "../helpers/people.ts";

const health = z.object({
  status: z.enum(["ok", "warn", "critical", "unknown"]),
  checks: z.array(z.object({ name: z.string(), status: z.string(), findings: z.array(z.unknown()) })),
});

let owner: Person;

beforeAll(async () => {
  owner = await signUp("owner");
});

describe("P1 the health of the database over the API", () => {
  it.each([
    ["a platform administrator", async () => (await signIn("platform@rowhouse.test")).client],
    ["the service role", () => Promise.resolve(asService())],
  ])("is told to %s", async (_who, client) => {
    const answer = await dataOf((await client()).schema("ops").rpc("database_health_check"));
    expect(health.parse(answer).checks.filter(({ status }) => status === "unknown")).toEqual([]);
  });

  it("is told to nobody else", async () => {
    await isRefused(owner.client.schema("ops").rpc("database_health_check"), "42501");
    await isRefused(visitor().schema("ops").rpc("database_health_check"), "42501");
  });

  it("shows no table of ops to a platform administrator, who asks its functions", async () => {
    const { client } = await signIn("platform@rowhouse.test");
    await isRefused(client.schema("ops").from("schedules").select("name"), "42501");
  });
});
