import assert from "node:assert/strict";
import { FunctionError } from "../_shared/function-error.ts";
import { createHandler } from "./handler.ts";
import type { Batch } from "./schedule-dispatcher.ts";

const SECRET = "a-secret-of-more-than-thirty-two-characters";
const NOTHING: Batch = { dispatched: 0, skipped: 0, failed: 0, postponed: 0, has_more: false };
const FULL: Batch = { ...NOTHING, dispatched: 500, has_more: true };

/** Sends one request that finds these batches, the last one again and again. */
async function send(
  batches: readonly (Batch | Error)[] = [NOTHING],
  request: RequestInit = {},
  now: () => number = () => 0,
) {
  const log: string[] = [];
  let calls = 0;
  const handler = createHandler({
    secret: SECRET,
    dispatch: () => {
      const batch = batches[Math.min(calls, batches.length - 1)] ?? assert.fail();
      calls += 1;
      return batch instanceof Error ? Promise.reject(batch) : Promise.resolve(batch);
    },
    now,
    writeLog: (line) => log.push(line),
  });
  const response = await handler(
    new Request("http://localhost/dispatch-schedules", {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      ...request,
    }),
  );
  return { status: response.status, json: await response.json(), log, calls };
}

Deno.test("200: nothing is due", async () => {
  const { status, json, calls } = await send();
  assert.deepEqual([status, calls], [200, 1]);
  assert.deepEqual(json, {
    batches: 1,
    dispatched: 0,
    skipped: 0,
    failed: 0,
    postponed: 0,
    has_more: false,
  });
});

Deno.test("200: batch after batch, until nothing is left", async () => {
  const last = { dispatched: 7, skipped: 3, failed: 2, postponed: 1, has_more: false };
  const { json, calls } = await send([
    FULL,
    { ...NOTHING, skipped: 500, has_more: true },
    { ...NOTHING, failed: 1, postponed: 4, has_more: true },
    last,
  ]);
  assert.equal(calls, 4);
  assert.deepEqual(json, {
    batches: 4,
    dispatched: 507,
    skipped: 503,
    failed: 3,
    postponed: 5,
    has_more: false,
  });
});

Deno.test("200: what another dispatcher has claimed is left to it", async () => {
  const { json, calls } = await send([FULL, { ...NOTHING, postponed: 2, has_more: true }]);
  assert.deepEqual([calls, json.dispatched, json.has_more], [2, 500, true]);
});

Deno.test("200: no batch is begun when the time is over", async () => {
  let clock = 0;
  const { json, calls } = await send([FULL], {}, () => {
    clock += 10_000;
    return clock;
  });
  assert.deepEqual([calls, json.batches, json.has_more], [3, 3, true]);
});

Deno.test("401, 405, 422: nothing is dispatched", async () => {
  const headers = { authorization: "Bearer wrong" };
  const refused = [
    await send([FULL], { headers }),
    await send([FULL], { method: "GET" }),
    await send([FULL], { body: '{"at_most":5}' }),
  ];
  assert.deepEqual(refused.map(({ status, calls }) => [status, calls]), [[401, 0], [405, 0], [
    422,
    0,
  ]]);
});

Deno.test("500 and 503: the reason goes to the log alone", async () => {
  const failed = await send([new Error("permission denied for 10.1.2.3")]);
  assert.deepEqual([failed.status, failed.json.error.code], [500, "internal_error"]);
  assert.ok(!JSON.stringify(failed.json).includes("10.1.2.3"));
  assert.match(failed.log[0] ?? "", /10\.1\.2\.3/);
  const gone = new FunctionError("database_unavailable", "The database does not answer.");
  assert.equal((await send([gone])).status, 503);
});
