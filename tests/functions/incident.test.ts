import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../types/database.ts";
import { DEMO_PASSWORD } from "../../scripts/stack/demo-users.ts";
import { ROOT_DIR } from "../../scripts/stack/options.ts";
import { type Stack, startStack } from "../../scripts/stack/supervisor.ts";
import { db } from "../db/run.ts";
import { startWebhook, type TestWebhook } from "../helpers/webhook.ts";

// A whole stack of its own, with a webhook in supabase/functions/.env as a user would set it.
const folder = mkdtempSync(path.join(os.tmpdir(), "rowhouse-incident-"));
let webhook: TestWebhook;
let stack: Stack;
let sql: postgres.Sql;

beforeAll(async () => {
  webhook = await startWebhook();
  const root = path.join(folder, "project");
  mkdirSync(root);
  for (const name of ["supabase", "client", "deno.json", "package.json"]) {
    cpSync(path.join(ROOT_DIR, name), path.join(root, name), { recursive: true });
  }
  symlinkSync(path.join(ROOT_DIR, "node_modules"), path.join(root, "node_modules"));
  writeFileSync(path.join(root, "supabase", "functions", ".env"), `ALERT_WEBHOOK_URL=${webhook.url}\n`);
  stack = await startStack({
    rootDir: root, dataDir: path.join(folder, "data"), ports: { api: 0, db: 0 }, durable: false, seed: true, log: () => undefined,
  });
  sql = postgres(stack.info().db_url, { max: 1, onnotice: () => undefined });
  // What runs by the clock would run in between, and what the test does by hand is what it would do.
  await sql`update ops.schedules set is_enabled = false where name in ('health-check', 'send-alerts')`;
});

afterAll(async () => {
  await sql.end({ timeout: 5 });
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Calls an edge function through the API, as a schedule does. */
async function call(name: string): Promise<{ status: number; json: unknown }> {
  const { functions_url, functions_secret } = stack.info();
  const response = await fetch(`${functions_url}/${name}`, {
    method: "POST", headers: { authorization: `Bearer ${functions_secret}` },
  });
  const json: unknown = await response.json();
  return { status: response.status, json };
}

async function signIn(email: string): Promise<SupabaseClient<Database>> {
  const { api_url, publishable_key } = stack.info();
  const client = createClient<Database>(api_url, publishable_key, { auth: { persistSession: false, autoRefreshToken: false } });
  const { error } = await client.auth.signInWithPassword({ email, password: DEMO_PASSWORD });
  expect(error).toBeNull();
  return client;
}

it("P1 P4 P6: a fault is found in one run, told once by the third attempt, acknowledged, mended by its own remedy, and over", async () => {
  const health = ["health", "--json", "--db-url", stack.info().db_url];
  const KEY = "public.parcels_code_key";
  const findings = async (): Promise<string> => (await db(health)).out;
  expect(await findings()).not.toContain(KEY);
  expect(await call("health-check")).toMatchObject({ status: 200 });
  const before = await sql`select from ops.alerts`;

  await sql`create table public.parcels (code integer)`;
  await sql`insert into public.parcels values (1), (1)`;
  await expect(sql.unsafe("create unique index concurrently parcels_code_key on public.parcels (code)")).rejects
    .toMatchObject({ code: "23505" });
  expect(await findings()).toContain(KEY);
  expect((await db(health)).code).toBeGreaterThanOrEqual(1);

  for (const opened of [1, 0, 0]) {
    expect(await call("health-check")).toMatchObject({ status: 200, json: { alerts: { opened } } });
  }
  expect(await sql`select from ops.alerts`).toHaveLength(before.length + 1);

  webhook.answers.push(500, 500);
  for (const status of [502, 502, 200]) {
    expect((await call("send-alerts")).status).toBe(status);
    // As if the delay until the next attempt were over.
    await sql`update ops.alert_deliveries set next_attempt_at = now() where finished_at is null`;
  }
  await call("send-alerts");
  const told = `invalid_indexes: The index parcels_code_key on public.parcels is invalid.`;
  expect(webhook.texts).toHaveLength(3);
  for (const text of webhook.texts) expect(text).toContain(`New: [warn] ${told}`);

  const owner = await signIn("owner@acme.test");
  expect((await owner.schema("ops").rpc("get_alerts")).error).toMatchObject({ code: "42501" });
  const operator = await signIn("platform@rowhouse.test");
  const { data: alerts } = await operator.schema("ops").rpc("get_alerts");
  const alert = alerts?.find(({ key }) => key === KEY);
  expect(alert).toMatchObject({ state: "open", severity: "warn", finding_count: 3 });
  const acknowledged = await operator.schema("ops").rpc("acknowledge_alert", { id: alert?.id ?? "", note: "on it" });
  expect(acknowledged.data).toMatchObject({ state: "acknowledged", acknowledged_by: "platform@rowhouse.test" });
  await call("send-alerts");
  expect(webhook.texts[3]).toContain(`Acknowledged by platform@rowhouse.test (on it): [warn] ${told}`);

  await sql`delete from public.parcels where ctid <> (select min(ctid) from public.parcels)`;
  expect(alert?.remedy).toBe(`reindex index concurrently ${KEY};`);
  await sql.unsafe(alert?.remedy ?? "");
  expect(await findings()).not.toContain(KEY);
  for (const resolved of [0, 1]) {
    expect(await call("health-check")).toMatchObject({ status: 200, json: { alerts: { resolved } } });
  }
  await call("send-alerts");
  expect(webhook.texts[4]).toContain(`Resolved: [warn] ${told}`);
  expect(webhook.texts).toHaveLength(5);
  expect(await sql`select a.state, a.resolved_by from ops.alerts as a where a.key = ${KEY}`).toEqual([
    { state: "resolved", resolved_by: null },
  ]);
});
