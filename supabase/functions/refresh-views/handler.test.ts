import assert from "node:assert/strict";
import { FunctionError } from "../_shared/function-error.ts";
import { createHandler } from "./handler.ts";
import type { BrokenRefresh, MaterializedViews, ViewRefresh } from "./materialized-views.ts";

const SECRET = "a-secret-of-more-than-thirty-two-characters";
const URL_OF_FUNCTION = "http://localhost/refresh-views";

/** A database with three views, `b` being the one not refreshed for longest. */
function fakeViews(overrides: Partial<MaterializedViews> = {}) {
  const calls: { refreshed: string[]; timeouts: number[]; recorded: BrokenRefresh[] } = {
    refreshed: [],
    timeouts: [],
    recorded: [],
  };
  const refresh = overrides.refresh ?? (() => Promise.resolve(succeeded()));
  const views: MaterializedViews = {
    list: () => Promise.resolve(["b", "a", "c"].map((name) => ({ name, is_concurrent: true }))),
    record: (broken) => Promise.resolve(void calls.recorded.push(broken)),
    ...overrides,
    refresh: (name, timeoutMs) => {
      calls.refreshed.push(name);
      calls.timeouts.push(timeoutMs);
      return refresh(name, timeoutMs);
    },
  };
  return { views, calls };
}

function succeeded(overrides: Partial<ViewRefresh> = {}): ViewRefresh {
  return {
    row_count: 7,
    duration_ms: 1.5,
    is_concurrent: true,
    error_code: null,
    error: null,
    ...overrides,
  };
}

function databaseError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, query: "select secret_sql" });
}

function gone(): FunctionError {
  const cause = new Error("connect ECONNREFUSED 10.1.2.3:5432");
  return new FunctionError("database_unavailable", "The database does not answer.", { cause });
}

interface Sent {
  readonly method?: string;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly headers?: Record<string, string>;
  readonly secret?: string | undefined;
  readonly views?: MaterializedViews;
  readonly now?: () => number;
}

/** Sends one request and checks what must hold for every answer. */
async function send(sent: Sent = {}) {
  const log: string[] = [];
  const handler = createHandler({
    secret: "secret" in sent ? sent.secret : SECRET,
    views: sent.views ?? fakeViews().views,
    writeLog: (line) => log.push(line),
    ...(sent.now === undefined ? {} : { now: sent.now }),
  });
  const response = await handler(
    new Request(URL_OF_FUNCTION, {
      method: sent.method ?? "POST",
      headers: {
        authorization: `Bearer ${SECRET}`,
        "content-type": "application/json",
        ...sent.headers,
      },
      ...(sent.body === undefined ? {} : { body: sent.body }),
    }),
  );
  const text = await response.text();
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.match(response.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  for (const secretThing of ["secret_sql", ".ts:", SECRET]) assert.ok(!text.includes(secretThing));
  const json = JSON.parse(text);
  if (response.status !== 200) {
    assert.equal(json.error.request_id, response.headers.get("x-request-id"));
  }
  return { status: response.status, json, headers: response.headers, log };
}

Deno.test("200: no body refreshes every view, the longest unrefreshed first", async () => {
  const { views, calls } = fakeViews();
  const { status, json, log } = await send({ views });
  assert.equal(status, 200);
  assert.deepEqual(calls.refreshed, ["b", "a", "c"]);
  assert.deepEqual(json.refreshed[0], { view: "b", rows: 7, duration_ms: 1.5, concurrent: true });
  assert.deepEqual(json.failed, []);
  assert.deepEqual([calls.recorded, log], [[], []]);
});

Deno.test("200: named views, and no others, are refreshed", async () => {
  const { views, calls } = fakeViews();
  assert.equal((await send({ views, body: '{"views":["c"]}' })).status, 200);
  assert.deepEqual(calls.refreshed, ["c"]);
});

Deno.test("200: a house without materialized views has nothing to do", async () => {
  const { views } = fakeViews({ list: () => Promise.resolve([]) });
  const { status, json } = await send({ views });
  assert.deepEqual([status, json], [200, { refreshed: [], failed: [] }]);
});

Deno.test("401: whatever is wrong with the bearer gets one and the same answer", async () => {
  const { views, calls } = fakeViews();
  const answers = new Set<string>();
  const wrong = ["", "Bearer", "Bearer ", `Basic ${SECRET}`, SECRET, "Bearer wrong"];
  wrong.push(`Bearer ${SECRET.slice(0, -1)}`, `Bearer ${SECRET}x`, `Bearer ${SECRET} ${SECRET}`);
  for (const authorization of wrong) {
    const { status, json, headers } = await send({ views, headers: { authorization } });
    assert.equal(status, 401, authorization);
    assert.equal(headers.get("www-authenticate"), 'Bearer realm="functions"');
    const { request_id: _, ...error } = json.error;
    answers.add(JSON.stringify(error));
  }
  assert.equal(answers.size, 1);
  assert.deepEqual(calls.refreshed, []);
});

Deno.test("401 comes before 405, 413 and 422", async () => {
  const headers = { authorization: "Bearer wrong" };
  assert.equal((await send({ headers, method: "GET" })).status, 401);
  assert.equal((await send({ headers, body: "x".repeat(70_000) })).status, 401);
  assert.equal((await send({ headers, body: "no json" })).status, 401);
});

Deno.test("405: only POST, and the answer says so", async () => {
  for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const { status, json, headers } = await send({ method });
    assert.deepEqual([status, json.error.code], [405, "method_not_allowed"]);
    assert.equal(headers.get("allow"), "POST");
  }
});

Deno.test("413: a body above 64 kB, whether its length is announced or not", async () => {
  const full = JSON.stringify({ views: ["a"] }).padEnd(65_536);
  assert.equal((await send({ body: full })).status, 200);
  const { status, json } = await send({ body: `${full} ` });
  assert.deepEqual([status, json.error.code], [413, "body_too_large"]);
  assert.equal((await send({ body: "{}", headers: { "content-length": "65537" } })).status, 413);
  assert.equal((await send({ body: endless() })).status, 413);
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(10_000).fill(32)) });
}

Deno.test("415: a body that does not say it is json", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
    const { status, json } = await send({ body: "{}", headers: { "content-type": type } });
    assert.deepEqual([status, json.error.code], [415, "unsupported_media_type"], type);
  }
  const headers = { "content-type": "Application/JSON; charset=utf-8" };
  assert.equal((await send({ body: "{}", headers })).status, 200);
});

Deno.test("422: what is no json, with an issue in the usual shape", async () => {
  for (const body of ["{", "nonsense", "{}{}", Uint8Array.of(0x22, 0xff, 0x22)]) {
    const { status, json } = await send({ body });
    assert.deepEqual([status, json.error.code], [422, "invalid_body"]);
    const issue = { code: "invalid_json", path: [], message: "The body is not JSON." };
    assert.deepEqual(json.error.issues, [issue]);
  }
});

Deno.test("422: a body of the wrong shape, with the place of each fault", async () => {
  const places: [string, unknown[]][] = [
    ["null", []],
    ["[]", []],
    ['{"view":["a"]}', []],
    ['{"views":"a"}', ["views"]],
    ['{"views":[]}', ["views"]],
    ['{"views":["a","a"]}', ["views"]],
    ['{"views":["a",7]}', ["views", 1]],
    ['{"views":["a; drop table x"]}', ["views", 0]],
    [JSON.stringify({ views: Array.from({ length: 51 }, (_, n) => `v${n}`) }), ["views"]],
  ];
  for (const [body, path] of places) {
    const { views, calls } = fakeViews();
    const { status, json } = await send({ views, body });
    assert.equal(status, 422, body);
    assert.deepEqual(json.error.issues[0].path, path, body);
    assert.ok(json.error.issues[0].message !== "" && json.error.issues[0].code !== "");
    assert.deepEqual(calls.refreshed, []);
  }
});

Deno.test("422: an unknown view, before anything is refreshed", async () => {
  const { views, calls } = fakeViews();
  const { status, json } = await send({ views, body: '{"views":["a","x"]}' });
  assert.equal(status, 422);
  const [{ message, ...issue }] = json.error.issues;
  assert.deepEqual(issue, { code: "unknown_view", path: ["views", 1] });
  assert.match(message, /no materialized view x;/);
  assert.deepEqual(calls.refreshed, []);
});

Deno.test("500: a view whose failure is recorded does not stop the others", async () => {
  const { views, calls } = fakeViews({
    refresh: (name) =>
      Promise.resolve(
        name === "b"
          ? succeeded({ row_count: null, error_code: "22012", error: "division by zero" })
          : succeeded(),
      ),
  });
  const { status, json } = await send({ views });
  assert.deepEqual([status, json.error.code], [500, "some_views_failed"]);
  assert.equal(json.error.message, "Not refreshed: b.");
  assert.deepEqual(json.failed, [{ view: "b", code: "22012", message: "division by zero" }]);
  assert.deepEqual(json.refreshed.map(({ view }: { view: string }) => view), ["a", "c"]);
  assert.deepEqual(calls.recorded, []);
});

Deno.test("500: a lock held by another refresh is explained", async () => {
  const error = "canceling statement due to lock timeout";
  const { views } = fakeViews({
    refresh: () => Promise.resolve(succeeded({ row_count: null, error_code: "55P03", error })),
  });
  const { json } = await send({ views, body: '{"views":["a"]}' });
  assert.match(json.failed[0].message, /lock timeout \(another session, .* 5 s\)/);
});

Deno.test("500: a refresh that breaks off is recorded and does not stop the others", async () => {
  const { views, calls } = fakeViews({
    refresh: (name) =>
      name === "b"
        ? Promise.reject(databaseError("57014", "canceling statement due to statement timeout"))
        : Promise.resolve(succeeded()),
  });
  const { status, json, log } = await send({ views });
  assert.deepEqual([status, json.error.code], [500, "some_views_failed"]);
  assert.equal(json.failed[0].code, "57014");
  assert.deepEqual(calls.refreshed, ["b", "a", "c"]);
  const [{ view, code, message } = assert.fail()] = calls.recorded;
  assert.deepEqual([view.name, code], ["b", "57014"]);
  assert.equal(message, json.failed[0].message);
  assert.match(log[0] ?? "", /statement timeout/);
});

Deno.test("500: a failure that cannot be recorded either is still reported", async () => {
  const { views } = fakeViews({
    refresh: () => Promise.reject(gone()),
    record: () => Promise.reject(new Error("still gone")),
  });
  const { json, log } = await send({ views, body: '{"views":["a"]}' });
  assert.equal(json.failed[0].code, "database_unavailable");
  assert.ok(!JSON.stringify(json).includes("10.1.2.3"));
  assert.ok(log.some((line) => line.includes("still gone")));
});

Deno.test("500: a fault of the code behind a view tells the caller no more than that", async () => {
  const { views, calls } = fakeViews({ refresh: () => Promise.reject(new TypeError("x of y")) });
  const { json } = await send({ views, body: '{"views":["a"]}' });
  assert.equal(json.failed[0].code, "internal_error");
  assert.ok(!JSON.stringify(json).includes("x of y"));
  assert.equal(calls.recorded.length, 1);
});

Deno.test("500: views for which no time is left are reported and not tried", async () => {
  let clock = 0;
  const { views, calls } = fakeViews({
    refresh: () => {
      clock += 70_000;
      return Promise.resolve(succeeded());
    },
  });
  const { status, json } = await send({ views, now: () => clock });
  assert.equal(status, 500);
  assert.deepEqual(calls.timeouts, [120_000, 70_000]);
  assert.deepEqual(json.failed.map(({ view, code }: Record<string, string>) => [view, code]), [
    ["c", "out_of_time"],
  ]);
  assert.deepEqual(calls.recorded, []);
});

Deno.test("500: without a usable secret nobody gets in, and the variable is named", async () => {
  for (const secret of [undefined, "", "short", `${SECRET}\n`, `${SECRET} ${SECRET}`]) {
    const { views, calls } = fakeViews();
    const { status, json, log } = await send({ views, secret });
    assert.deepEqual([status, json.error.code], [500, "misconfigured"]);
    const isMissing = secret === undefined || secret === "";
    const expected = isMissing
      ? "is not set"
      : "needs at least 32 printable characters and no spaces";
    assert.equal(json.error.message, `ROWHOUSE_FUNCTIONS_SECRET ${expected}.`);
    assert.equal(log.length, 1);
    assert.deepEqual(calls.refreshed, []);
  }
});

Deno.test("500: a missing database address is named to callers with the secret only", async () => {
  const missing = new FunctionError("misconfigured", "SUPABASE_DB_URL is not set.");
  const { views } = fakeViews({ list: () => Promise.reject(missing) });
  const { status, json } = await send({ views });
  assert.deepEqual([status, json.error.code], [500, "misconfigured"]);
  assert.match(json.error.message, /SUPABASE_DB_URL/);
  assert.equal((await send({ views, headers: { authorization: "Bearer wrong" } })).status, 401);
});

Deno.test("500: the unexpected goes to the log with the request id, not to the caller", async () => {
  const reason = databaseError("42501", "permission denied for schema ops");
  const { views } = fakeViews({ list: () => Promise.reject(reason) });
  const { status, json, log } = await send({ views });
  assert.deepEqual([status, json.error.code], [500, "internal_error"]);
  assert.ok(!JSON.stringify(json).includes("permission denied"));
  const line = JSON.parse(log[0] ?? "");
  assert.equal(line.request_id, json.error.request_id);
  assert.match(line.reason, /permission denied for schema ops/);
});

Deno.test("503: a database that cannot be reached or turns us away", async () => {
  const turnedAway = ["08006", "53300", "57P03"].map((code) => databaseError(code, "10.1.2.3"));
  for (const reason of [gone(), ...turnedAway]) {
    const { views } = fakeViews({ list: () => Promise.reject(reason) });
    const { status, json, log } = await send({ views });
    assert.deepEqual([status, json.error.code], [503, "database_unavailable"]);
    assert.ok(!JSON.stringify(json).includes("10.1.2.3"));
    assert.match(log[0] ?? "", /10\.1\.2\.3/);
  }
});
