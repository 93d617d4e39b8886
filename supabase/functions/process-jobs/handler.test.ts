import assert from "node:assert/strict";
import type { Query } from "../_shared/query.ts";
import { createHandler } from "./handler.ts";
import { createTestRunner, type TestRunner } from "./test-runner.ts";

const SECRET = "a-secret-of-more-than-thirty-two-characters";
const EXECUTION = "0193f5a0-0000-7000-8000-00000000000a";

interface Situation {
  /** Jobs of the first claim; the second finds none. */
  readonly jobs?: readonly Record<string, unknown>[];
  readonly runner?: TestRunner | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** SQLSTATEs by the name of a function. */
  readonly refusals?: Readonly<Record<string, string>>;
}

function job(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    lease_id: "lease",
    job_id: "job",
    tenant_id: "tenant",
    type: "run_test_execution",
    payload: { execution_id: EXECUTION },
    attempt: 1,
    max_attempts: 5,
    ...fields,
  };
}

/** Sends one request; keeps what was asked of the database. */
async function send(situation: Situation) {
  const calls: { name: string; values: readonly unknown[] }[] = [];
  let claims = 0;
  const query: Query = (text, values = []) => {
    const name = /public\.(\w+)/.exec(text)?.[1] ?? text;
    calls.push({ name, values });
    const code = situation.refusals?.[name];
    if (code !== undefined) return Promise.reject(Object.assign(new Error("refused"), { code }));
    if (name === "claim_jobs") {
      return Promise.resolve(claims++ === 0 ? (situation.jobs ?? [job()]) : []);
    }
    if (name === "start_test_execution") {
      return Promise.resolve([{ flow: { steps: [] }, settings: { retries: 1 } }]);
    }
    return Promise.resolve([{ lost: [] }]);
  };
  const handler = createHandler({
    secret: SECRET,
    connect: (_patience, work) => work(query),
    runner: () =>
      situation.runner === undefined
        ? () => Promise.resolve({ status: "passed", results: { steps: 0 } })
        : situation.runner,
    writeLog: () => undefined,
  });
  const response = await handler(
    new Request("http://localhost/process-jobs", {
      method: "POST",
      headers: {
        authorization: `Bearer ${SECRET}`,
        "content-type": "application/json",
        ...situation.headers,
      },
      body: JSON.stringify(situation.body ?? {}),
    }),
  );
  const named = (name: string) => calls.filter((call) => call.name === name);
  return { status: response.status, json: await response.json(), calls, named };
}

Deno.test("200: an execution is started, played, finished, and its job completed", async () => {
  const asked: unknown[] = [];
  const { status, json, calls } = await send({
    runner: (run) => {
      asked.push(run);
      return Promise.resolve({ status: "failed", results: { step: 3 }, error: "No such button." });
    },
  });
  assert.deepEqual([status, json], [200, { succeeded: 1, failed: 0, lost: 0, has_more: false }]);
  assert.deepEqual(asked, [{
    tenant_id: "tenant",
    execution_id: EXECUTION,
    flow: { steps: [] },
    settings: { retries: 1 },
  }]);
  assert.deepEqual(calls.map(({ name }) => name), [
    "claim_jobs",
    "start_test_execution",
    "finish_test_execution",
    "complete_jobs",
    "claim_jobs",
  ]);
  assert.deepEqual(calls[2]?.values, [
    "tenant",
    EXECUTION,
    "failed",
    '{"step":3}',
    "No such button.",
  ]);
});

Deno.test("200: a runner that fails is an attempt that failed; the last one ends the execution", async () => {
  const runner: TestRunner = () => Promise.reject(new Error("The test runner answered 503."));
  const first = await send({ runner });
  assert.deepEqual(first.json, { succeeded: 0, failed: 1, lost: 0, has_more: false });
  assert.equal(first.named("finish_test_execution").length, 0);
  assert.equal(first.named("fail_job")[0]?.values[2], "The test runner answered 503.");
  const last = await send({ runner, jobs: [job({ attempt: 5 })] });
  assert.equal(last.named("finish_test_execution")[0]?.values[2], "error");
  const cancelled = await send({
    runner,
    jobs: [job({ attempt: 5 })],
    refusals: { finish_test_execution: "PT409" },
  });
  assert.equal(cancelled.json.failed, 1);
});

Deno.test("200: an execution that is over, a payload that does not fit: dead at once", async () => {
  const over = await send({ refusals: { start_test_execution: "PT409" } });
  assert.equal(over.named("fail_job")[0]?.values[4], true);
  const unfit = await send({ jobs: [job({ payload: { execution_id: "x" } })] });
  assert.match(String(unfit.named("fail_job")[0]?.values[2]), /execution_id/);
  assert.equal(unfit.named("fail_job")[0]?.values[4], true);
});

Deno.test("200: a job of a type without handler fails and may be tried elsewhere", async () => {
  const { named } = await send({ jobs: [job({ type: "other" })] });
  assert.match(String(named("fail_job")[0]?.values[2]), /no handler .* other/);
  assert.equal(named("fail_job")[0]?.values[4], false);
});

Deno.test("200: a job that was taken away meanwhile is lost and no error", async () => {
  const { json } = await send({ jobs: [job({ type: "other" })], refusals: { fail_job: "PT409" } });
  assert.deepEqual(json, { succeeded: 0, failed: 0, lost: 1, has_more: false });
});

Deno.test("200: no more than asked for, and says that there may be more", async () => {
  const { json, named } = await send({ body: { max_jobs: 1 } });
  assert.deepEqual(json, { succeeded: 1, failed: 0, lost: 0, has_more: true });
  assert.deepEqual(named("claim_jobs").map(({ values }) => values[2]), [1]);
});

Deno.test("200: without a runner nothing is claimed", async () => {
  const { json, calls } = await send({ runner: null });
  assert.deepEqual([json.succeeded, calls.length], [0, 0]);
  assert.match(json.message, /TEST_RUNNER_URL/);
});

Deno.test("401, 422: nothing is claimed", async () => {
  const refused = [
    await send({ headers: { authorization: "Bearer wrong" } }),
    await send({ body: { max_jobs: 0 } }),
    await send({ body: { max_seconds: 111 } }),
    await send({ body: { queues: [] } }),
  ];
  assert.deepEqual(refused.map(({ status, calls }) => [status, calls.length]), [
    [401, 0],
    [422, 0],
    [422, 0],
    [422, 0],
  ]);
  const unknown = await send({ body: { queue: "nowhere" }, refusals: { claim_jobs: "PT404" } });
  assert.deepEqual([
    unknown.status,
    unknown.json.error.issues?.[0]?.code ?? unknown.json.issues?.[0]?.code,
  ], [
    422,
    "unknown_queue",
  ]);
});

Deno.test("500: a database that fails", async () => {
  const { status } = await send({ refusals: { claim_jobs: "42501" } });
  assert.equal(status, 500);
});

Deno.test("the runner: what it is sent, and every answer that is none", async () => {
  const run = { tenant_id: "t", execution_id: "e", flow: {}, settings: {} };
  const never = new AbortController().signal;
  const requests: RequestInit[] = [];
  const answering = (answer: () => Response | Promise<Response>) =>
    createTestRunner("https://runner.example/run", "s3cret", (_url, init) => {
      requests.push(init ?? {});
      return Promise.resolve(answer());
    });
  const good = answering(() => Response.json({ status: "passed" }));
  assert.deepEqual(await good?.(run, never), { status: "passed", results: {} });
  assert.deepEqual(new Headers(requests[0]?.headers).get("authorization"), "Bearer s3cret");
  assert.deepEqual(JSON.parse(String(requests[0]?.body)), run);
  await assert.rejects(
    async () => await answering(() => new Response("", { status: 503 }))?.(run, never),
    /503/,
  );
  await assert.rejects(
    async () => await answering(() => new Response("hello"))?.(run, never),
    /is not/,
  );
  await assert.rejects(
    async () =>
      await answering(() => Promise.reject(new TypeError("dns of runner.example")))?.(run, never),
    { message: "The test runner cannot be reached." },
  );
  await assert.rejects(
    async () =>
      await answering(() => Promise.reject(new DOMException("late", "TimeoutError")))?.(run, never),
    /in time/,
  );
  assert.equal(createTestRunner(undefined, undefined), null);
  assert.throws(() => createTestRunner("runner", undefined), /TEST_RUNNER_URL/);
});
