import assert from "node:assert/strict";
import { FunctionError } from "../_shared/function-error.ts";
import { createHandler } from "./handler.ts";
import type { HealthRecord } from "./health-recorder.ts";

const SECRET = "a-secret-of-more-than-thirty-two-characters";

const RECORD: HealthRecord = {
  recorded: true,
  run_id: "run",
  status: "critical",
  checks: { ok: 3, critical: 1 },
  snapshot: { samples: 12 },
  alerts: { opened: 1, raised: 0, reopened: 0, resolved: 0 },
};

/** Sends one request; counts the runs it caused. */
async function send(
  record: () => Promise<HealthRecord> = () => Promise.resolve(RECORD),
  request: RequestInit = {},
) {
  const log: string[] = [];
  let runs = 0;
  const handler = createHandler({
    secret: SECRET,
    record: () => {
      runs += 1;
      return record();
    },
    writeLog: (line) => log.push(line),
  });
  const response = await handler(
    new Request("http://localhost/health-check", {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      ...request,
    }),
  );
  return { status: response.status, json: await response.json(), log, runs };
}

Deno.test("200: the record, also of a database in a bad state", async () => {
  const { status, json, log, runs } = await send();
  assert.deepEqual([status, json, log, runs], [200, RECORD, [], 1]);
});

Deno.test("200: another run is at it", async () => {
  const busy = { recorded: false, reason: "Another health check is being recorded." } as const;
  const { status, json } = await send(() => Promise.resolve(busy));
  assert.deepEqual([status, json], [200, busy]);
});

Deno.test("200: a run without its samples says so in the log", async () => {
  const record: HealthRecord = { ...RECORD, snapshot: { samples: 0, error: "no room" } };
  const { status, log } = await send(() => Promise.resolve(record));
  assert.equal(status, 200);
  assert.match(log[0] ?? "", /no_snapshot.*no room/);
});

Deno.test("401, 405, 422: nothing is run", async () => {
  const headers = { authorization: "Bearer wrong" };
  const refused = [
    await send(undefined, { headers }),
    await send(undefined, { method: "GET" }),
    await send(undefined, { body: '{"checks":["x"]}' }),
  ];
  assert.deepEqual(refused.map(({ status, runs }) => [status, runs]), [[401, 0], [405, 0], [
    422,
    0,
  ]]);
});

Deno.test("500 and 503: the reason goes to the log alone", async () => {
  const failed = await send(() => Promise.reject(new Error("permission denied for 10.1.2.3")));
  assert.deepEqual([failed.status, failed.json.error.code], [500, "internal_error"]);
  assert.ok(!JSON.stringify(failed.json).includes("10.1.2.3"));
  assert.match(failed.log[0] ?? "", /10\.1\.2\.3/);
  const gone = new FunctionError("database_unavailable", "The database does not answer.");
  assert.equal((await send(() => Promise.reject(gone))).status, 503);
});
