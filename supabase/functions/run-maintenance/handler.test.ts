import assert from "node:assert/strict";
import { FunctionError } from "../_shared/function-error.ts";
import type { MaintenanceReport, MaintenanceStep } from "../_shared/maintenance/shapes.ts";
import { createHandler, type HandlerOptions } from "./handler.ts";

const SECRET = "a-secret-of-more-than-thirty-two-characters";

function step(overrides: Partial<MaintenanceStep> = {}): MaintenanceStep {
  return {
    name: "vacuum",
    target: "public.messages",
    status: "succeeded",
    duration_ms: 1.5,
    row_count: null,
    has_more: false,
    error_code: null,
    error: null,
    ...overrides,
  };
}

function report(...steps: MaintenanceStep[]): MaintenanceReport {
  const times = {
    started_at: "2026-11-21T02:00:00+00:00",
    finished_at: "2026-11-21T02:00:01+00:00",
  };
  return { id: "1", mode: "quick", status: "partial", ...times, steps };
}

interface Sent {
  readonly body?: string;
  readonly bearer?: string;
  readonly maintain?: HandlerOptions["maintain"];
}

async function send({ body = '{"mode":"quick"}', bearer = SECRET, maintain }: Sent) {
  const calls: [string, number][] = [];
  const handler = createHandler({
    secret: SECRET,
    writeLog: () => undefined,
    maintain: (mode, budgetMs) => {
      calls.push([mode, budgetMs]);
      return maintain?.(mode, budgetMs) ?? Promise.resolve(report(step()));
    },
  });
  const response = await handler(
    new Request("http://localhost/run-maintenance", {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body,
    }),
  );
  return { status: response.status, json: await response.json(), calls };
}

Deno.test("200: the run, in the mode that was asked for, in less than an edge function has", async () => {
  const { status, json, calls } = await send({ body: '{"mode":"full"}' });
  assert.equal(status, 200);
  assert.deepEqual(json, { ...report(step()), remaining: [] });
  assert.deepEqual(calls, [["full", 135_000]]);
});

Deno.test("200: what no time was left for is named", async () => {
  const steps = [
    step({ name: "clean_up", target: "ops.schedule_runs", row_count: 100_000, has_more: true }),
    step({ status: "skipped", error: "No time was left." }),
  ];
  const { status, json } = await send({ maintain: () => Promise.resolve(report(...steps)) });
  assert.equal(status, 200);
  assert.deepEqual(json.remaining, ["clean_up ops.schedule_runs", "vacuum public.messages"]);
});

Deno.test("401: without the secret nothing is done", async () => {
  const { status, json, calls } = await send({ bearer: "wrong" });
  assert.deepEqual([status, json.error.code, calls], [401, "unauthorized", []]);
});

Deno.test("409: another run is at work", async () => {
  const busy = Object.assign(new Error("Maintenance is running already."), { code: "PT409" });
  const { status, json } = await send({ maintain: () => Promise.reject(busy) });
  assert.deepEqual([status, json.error.code], [409, "maintenance_is_running"]);
});

Deno.test("422: a mode that is not known, or none", async () => {
  for (const body of ["{}", '{"mode":"slow"}', '{"mode":"quick","statement":"drop table x"}']) {
    const { status, json, calls } = await send({ body });
    assert.deepEqual([status, json.error.code, calls], [422, "invalid_body", []], body);
  }
});

Deno.test("500: a failed step makes the call fail and hides no other", async () => {
  const failed = step({
    target: "public.projects",
    status: "failed",
    error_code: "55P03",
    error: "canceling statement due to lock timeout",
  });
  const { status, json } = await send({ maintain: () => Promise.resolve(report(step(), failed)) });
  assert.deepEqual([status, json.error.code], [500, "some_steps_failed"]);
  assert.equal(json.error.message, "Failed: vacuum public.projects.");
  assert.deepEqual(json.steps, [step(), failed]);
});

Deno.test("503: a database that cannot be reached", async () => {
  const gone = new FunctionError("database_unavailable", "The database does not answer.");
  const { status } = await send({ maintain: () => Promise.reject(gone) });
  assert.equal(status, 503);
});
