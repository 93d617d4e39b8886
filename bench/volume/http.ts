import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Client } from "pg";
import { z } from "zod";
import type { Database } from "../../types/database.ts";
import { ROOT_DIR } from "../lib/throw-away-server.ts";
import { quantile } from "../lib/stats.ts";
import type { TenantSize, VolumeCaller } from "./callers.ts";

/** How long an operation takes through the local HTTP API, in milliseconds. */
export interface HttpLatency {
  readonly operation: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p95_of: Readonly<Partial<Record<TenantSize, number>>>;
}

type Rest = SupabaseClient<Database>;
type Answer = PromiseLike<{ readonly error: { readonly message: string } | null }>;

const hello = z.object({ url: z.string(), key: z.string() });
const WARM_UP = 10;
const MOVES = ["in_progress", "done", "pending"];

const operations: readonly (readonly [string, (rest: Rest, caller: VolumeCaller, index: number) => Answer])[] = [
  ["tasks of a workflow, 50", (rest, { tenantId, workflows }, index) =>
    rest.from("tasks").select().eq("tenant_id", tenantId).eq("workflow_id", workflows[index % workflows.length] ?? "")
      .is("parent_id", null).order("position").order("id").limit(50)],
  ["next tasks, 10", (rest, { tenantId, workflows }) =>
    rest.rpc("next_tasks", { tenant_id: tenantId, workflow_id: workflows[0] ?? "" })],
  ["one task", (rest, { tenantId, tasks }, index) =>
    rest.from("tasks").select().eq("tenant_id", tenantId).eq("id", tasks[index % tasks.length] ?? "")],
  ["events, newest 50", (rest, { tenantId }) =>
    rest.from("events").select().eq("tenant_id", tenantId).order("created_at", { ascending: false })
      .order("id", { ascending: false }).limit(50)],
  ["search of articles", (rest, { tenantId }) =>
    rest.rpc("search_knowledge", { tenant_id: tenantId, query: "deploy agent" })],
  ["messages, newest 50", (rest, { tenantId }) =>
    rest.from("messages").select().eq("tenant_id", tenantId).order("created_at", { ascending: false })
      .order("id", { ascending: false }).limit(50)],
  ["status of a task", (rest, { tenantId, tasks }, index) =>
    rest.rpc("update_task_status", {
      tenant_id: tenantId, task_id: tasks[tasks.length - 1 - (Math.floor(index / 3) % tasks.length)] ?? "",
      status: MOVES[index % 3] ?? "",
    })],
  ["event", (rest, { tenantId }) => rest.rpc("log_event", { tenant_id: tenantId, type: "bench.done" })],
  ["measurement", (rest, { tenantId }) => rest.rpc("record_metric", { tenant_id: tenantId, name: "cpu", value: 0.5 })],
];

/**
 * Measures the operations through supabase-js and the local API, as a person who signed up and is a member of one
 * tenant of each size.
 *
 * @param url - the database, as postgres
 * @param client - a connection to it
 * @param callers - whose tenants
 * @param rounds - how often each operation is asked in each of the tenants
 * @returns a line for each operation
 */
export async function measureHttp(
  url: string, client: Client, callers: readonly VolumeCaller[], rounds: number,
): Promise<readonly HttpLatency[]> {
  const chosen = callers.filter(({ size }, index) => callers.findIndex((caller) => caller.size === size) === index);
  return withApi(url, async (api) => {
    const rest = createClient<Database>(api.url, api.key, { auth: { persistSession: false, autoRefreshToken: false } });
    const { data, error } = await rest.auth.signUp({
      email: "bench-volume@example.test",
      password: "correct horse battery staple",
    });
    if (error !== null || data.user === null) throw new Error(`The sign-up failed: ${error?.message ?? "no user"}.`);
    for (const { tenantId } of chosen) {
      await client.query(
        "insert into public.memberships (tenant_id, user_id, role) values ($1, $2, 'member')",
        [tenantId, data.user.id],
      );
    }
    const lines: HttpLatency[] = [];
    for (const [operation, call] of operations) {
      const of = new Map<TenantSize, number[]>();
      for (const caller of chosen) {
        const times: number[] = [];
        for (let index = 0; index < rounds + WARM_UP; index += 1) {
          const start = performance.now();
          const answer = await call(rest, caller, index);
          if (answer.error !== null) throw new Error(`${operation}: ${answer.error.message}`);
          if (index >= WARM_UP) times.push(performance.now() - start);
        }
        of.set(caller.size, times);
      }
      const all = [...of.values()].flat();
      const p95_of = Object.fromEntries([...of].map(([size, times]) => [size, quantile(times, 0.95)]));
      lines.push({ operation, p50: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99), p95_of });
    }
    return lines;
  });
}

async function withApi<T>(dbUrl: string, work: (api: z.infer<typeof hello>) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "rowhouse-bench-api-"));
  const script = path.join(ROOT_DIR, "bench/volume/api-process.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, dbUrl, dataDir], {
    cwd: ROOT_DIR,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    return await work(hello.parse(JSON.parse(String(value))));
  } finally {
    child.stdin.end();
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}
