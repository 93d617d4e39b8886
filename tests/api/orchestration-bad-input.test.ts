import { createClient } from "@supabase/supabase-js";
import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { dataOf } from "../helpers/answers.ts";
import { readHoldings, uuidsIn } from "../helpers/holdings.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";
import { bringIn, foundTenant } from "../helpers/teams.ts";
import { type Answer, depend, type Plans, type Task, twins } from "./bad-input/orchestration-twins.ts";

const sql = openSql();
let plans: Plans;

beforeAll(async () => {
  const { api_url, publishable_key } = readStack();
  const [owner, member, stranger] = await Promise.all([signUp("owner"), signUp("member"), signUp("stranger")]);
  const tenant_id = await foundTenant(owner);
  await bringIn(owner, tenant_id, member, "member");
  const plan = await makeWorkflow(owner, tenant_id);
  const over = await makeTask(owner, tenant_id, await makeWorkflow(owner, tenant_id));
  const elsewhere = await foundTenant(stranger);
  plans = {
    client: createClient(api_url, publishable_key, { accessToken: () => Promise.resolve(member.token) }),
    tenant_id,
    a: await makeTask(owner, tenant_id, plan),
    b: await makeTask(owner, tenant_id, plan),
    c: await makeTask(owner, tenant_id, plan),
    away: await makeTask(owner, tenant_id, await makeWorkflow(owner, tenant_id)),
    over,
    foreign: await makeTask(stranger, elsewhere, await makeWorkflow(stranger, elsewhere)),
  };
  await dataOf(
    owner.client.rpc("update_workflow_status", { tenant_id, workflow_id: over.workflow, status: "completed" }),
  );
  expect([(await depend(plans, "c", "a")).error, (await depend(plans, "a", "b")).error]).toEqual([null, null]);
});

it.each(twins.map((pair) => [pair.name, pair] as const))(
  "%s is refused and leaves nothing; its twin is taken",
  async (_, pair) => {
    const before = await readHoldings(sql, plans.tenant_id);
    const { status, error } = await pair.bad(plans);
    expect([status, error?.code, error?.hint ?? null], error?.message).toEqual([
      pair.status,
      pair.code,
      pair.hint ?? null,
    ]);
    expect(error?.message).toMatch(pair.message);
    if (pair.details !== undefined) expect(error?.details).toMatch(pair.details);
    expect((await readHoldings(sql, plans.tenant_id)).rows).toEqual(before.rows);
    const taken = await pair.good(plans);
    expect(taken.error).toBeNull();
    expect((await readHoldings(sql, plans.tenant_id)).rows).not.toEqual(before.rows);
  },
);

it("S4 another tenant's task answers word for word like none at all", async () => {
  const { client, tenant_id, foreign, b } = plans;
  const stranger = { ...plans, foreign: { id: randomUUID(), workflow: randomUUID() } };
  expect(plain(await depend(plans, "b", "foreign"))).toBe(plain(await depend(stranger, "b", "foreign")));
  const end = (task_id: string): PromiseLike<Answer> =>
    client.rpc("update_task_status", { tenant_id, task_id, status: "done" });
  expect((await end(foreign.id)).status).toBe(404);
  expect(plain(await end(foreign.id))).toBe(plain(await end(randomUUID())));
  expect((await end(b.id)).status).toBe(200);
});

async function makeWorkflow({ client }: Person, tenant_id: string): Promise<string> {
  const row = { tenant_id, name: "Plan", status: "active" };
  return (await dataOf(client.from("workflows").insert(row).select("id").single())).id;
}

async function makeTask({ client }: Person, tenant_id: string, workflow: string): Promise<Task> {
  const row = { tenant_id, workflow_id: workflow, title: "Task" };
  return { id: (await dataOf(client.from("tasks").insert(row).select("id").single())).id, workflow };
}

function plain({ status, error }: Answer): string {
  let text = JSON.stringify([status, error]);
  for (const id of uuidsIn(text)) text = text.replaceAll(id, "<id>");
  return text;
}
