import assert from "node:assert/strict";
import { FunctionError } from "../_shared/function-error.ts";
import type { AlertDelivery, AlertQueue, Attempt } from "./alert-queue.ts";
import { createHandler } from "./handler.ts";
import { type Message, messageOf } from "./message.ts";
import { createWebhook } from "./webhook.ts";

const SECRET = "a-secret-of-more-than-thirty-two-characters";

function delivery(key: string, more: Partial<AlertDelivery["payload"]> = {}): AlertDelivery {
  const payload = {
    event: "opened",
    check: "probe",
    key,
    severity: "warn",
    message: `${key} is odd.`,
    by: null,
    note: null,
    ...more,
  } as const;
  return { id: key, attempts: 1, payload };
}

interface Sent {
  readonly deliveries?: readonly AlertDelivery[];
  readonly webhook?: ((message: Message) => Promise<Attempt>) | null;
  readonly authorization?: string;
  readonly watch?: () => Promise<void>;
}

/** Sends one request against a queue with these deliveries. */
async function send(sent: Sent = {}) {
  const { deliveries = [], authorization = `Bearer ${SECRET}`, watch } = sent;
  const told: Message[] = [];
  const steps: string[] = [];
  const queue: AlertQueue = {
    watch: watch ?? (() => Promise.resolve(void steps.push("watch"))),
    count: () => Promise.resolve(deliveries.length),
    claim: (batch) => {
      steps.push("claim");
      return Promise.resolve(deliveries.slice(0, batch));
    },
    finish: (finished, { error }) => {
      steps.push("finish");
      return Promise.resolve({ [error === null ? "sent" : "failed"]: finished.length });
    },
  };
  const webhook = sent.webhook === undefined
    ? (message: Message) => {
      told.push(message);
      return Promise.resolve({ responseStatus: 200, error: null });
    }
    : sent.webhook;
  const log: string[] = [];
  const handler = createHandler({
    secret: SECRET,
    queue,
    post: () => webhook,
    writeLog: (line) => log.push(line),
  });
  const response = await handler(
    new Request("http://localhost/send-alerts", { method: "POST", headers: { authorization } }),
  );
  return { status: response.status, json: await response.json(), told, steps, log };
}

Deno.test("200: all that is due is one message", async () => {
  const { status, json, told, steps } = await send({ deliveries: [delivery("a"), delivery("b")] });
  assert.deepEqual([status, json], [200, { sent: 2, failed: 0, dead: 0, waiting: 2 }]);
  assert.deepEqual(told, [{
    text: "New: [warn] probe: a is odd.\nNew: [warn] probe: b is odd.",
  }]);
  assert.deepEqual(steps, ["watch", "claim", "finish"]);
});

Deno.test("200: nothing to tell, nothing is posted", async () => {
  const { status, told, steps } = await send();
  assert.deepEqual([status, told, steps], [200, [], ["watch", "claim"]]);
});

Deno.test("200: without a webhook the checking is watched, and nothing is claimed", async () => {
  const { status, json, steps } = await send({ deliveries: [delivery("a")], webhook: null });
  const message = "ALERT_WEBHOOK_URL is not set: nothing is sent.";
  assert.deepEqual([status, json], [200, { sent: 0, failed: 0, dead: 0, waiting: 1, message }]);
  assert.deepEqual(steps, ["watch"]);
});

Deno.test("502: a webhook that refuses; the attempt is written down", async () => {
  const refused = { responseStatus: 500, error: "The webhook answered 500." };
  const { status, json, steps } = await send({
    deliveries: [delivery("a")],
    webhook: () => Promise.resolve(refused),
  });
  assert.deepEqual([status, json.error.code, json.error.message, json.failed], [
    502,
    "alerts_not_sent",
    "The webhook answered 500.",
    1,
  ]);
  assert.deepEqual(steps, ["watch", "claim", "finish"]);
});

Deno.test("401: nothing is watched and nothing is sent", async () => {
  const { status, told, steps } = await send({
    deliveries: [delivery("a")],
    authorization: "Bearer wrong",
  });
  assert.deepEqual([status, told, steps], [401, [], []]);
});

Deno.test("503: the database is gone", async () => {
  const gone = new FunctionError("database_unavailable", "The database does not answer.");
  const { status, told } = await send({ watch: () => Promise.reject(gone) });
  assert.deepEqual([status, told], [503, []]);
});

Deno.test("a message of many things ends with how many are left", () => {
  const many = Array.from({ length: 57 }, (_, place) => delivery(`k${place}`));
  const lines = messageOf(many).text.split("\n");
  assert.equal(lines.length, 21);
  assert.equal(lines[20], "... and 37 more: select * from ops.get_alerts()");
});

Deno.test("a message names who and why, and nothing in it calls a channel or breaks a line", () => {
  const { text } = messageOf([
    delivery("a", {
      event: "acknowledged",
      by: "ann@example.com",
      note: "on it & <!channel>",
      message: "x\n<!here> " + "y".repeat(500),
    }),
  ]);
  assert.match(
    text,
    /^Acknowledged by ann@example.com \(on it &amp; &lt;!channel&gt;\): \[warn\] /,
  );
  assert.match(text, /probe: x &lt;!here&gt; y+ \.\.\.$/);
  assert.ok(!text.includes("\n"));
});

/** A webhook behind a fetch that answers this. */
function webhookAnswering(answer: () => Promise<Response>) {
  const requests: RequestInit[] = [];
  const post = createWebhook(() => "https://hooks.example/secret-path", (_input, init) => {
    requests.push(init ?? {});
    return answer();
  })();
  return { post: post ?? assert.fail("There is a webhook."), requests };
}

Deno.test("the webhook posts json, and only a 2xx is told", async () => {
  for (const status of [200, 204, 301, 404, 500]) {
    const { post, requests } = webhookAnswering(() =>
      Promise.resolve(new Response(null, { status }))
    );
    const attempt = await post({ text: "x" });
    const error = status < 300 ? null : `The webhook answered ${status}.`;
    assert.deepEqual(attempt, { responseStatus: status, error });
    assert.deepEqual([requests[0]?.method, requests[0]?.body, requests[0]?.redirect], [
      "POST",
      '{"text":"x"}',
      "manual",
    ]);
  }
});

Deno.test("a webhook that cannot be reached or is silent is a failed attempt without its address", async () => {
  const late = new DOMException("Signal timed out.", "TimeoutError");
  const lost = new TypeError("error sending request for url (https://hooks.example/secret-path)");
  const reasons = await Promise.all([late, lost].map(async (reason) => {
    const { post } = webhookAnswering(() => Promise.reject(reason));
    return await post({ text: "x" });
  }));
  assert.deepEqual(reasons, [
    { responseStatus: null, error: "The webhook did not answer within 10 s." },
    { responseStatus: null, error: "The webhook cannot be reached." },
  ]);
});

Deno.test("the address: none is no webhook, a wrong one is said without quoting it", () => {
  assert.equal(createWebhook(() => undefined)(), null);
  assert.equal(createWebhook(() => "")(), null);
  for (const wrong of ["hooks.example/secret", "ftp://hooks.example/secret", "https://"]) {
    assert.throws(() => createWebhook(() => wrong)(), {
      code: "misconfigured",
      message: "ALERT_WEBHOOK_URL is not a web address.",
    });
  }
});
