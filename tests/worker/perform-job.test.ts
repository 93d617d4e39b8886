import { expect, it } from "vitest";
import { z } from "zod";
import { defineJob } from "../../supabase/functions/_shared/jobs/define-job.ts";
import { reasonOf, RetryJobError } from "../../supabase/functions/_shared/jobs/job-error.ts";
import { byType, performJob } from "../../supabase/functions/_shared/jobs/perform-job.ts";

const job = { id: "1", tenantId: "2", type: "try", payload: {}, attempt: 1, maxAttempts: 5 };

function attempt(handler: () => unknown) {
  return performJob(byType([defineJob("try", z.unknown(), handler)]), { job, signal: new AbortController().signal });
}

const loop = new Error("round");
loop.cause = loop;

it.each([
  ["a text", "plain", "plain"],
  ["nothing", undefined, "undefined"],
  ["an error without a message", new TypeError(), "TypeError"],
  ["an object that is no text", Object.create(null), "Something was thrown that is no text."],
  ["an error that is its own cause", loop, "round (round (round (round (round (round)))))"],
  ["NUL and half of a pair", new Error("a\0b\ud800c\u{1f600}"), "ab\ufffdc\u{1f600}"],
])("T6 the reason is in words when a handler throws %s", async (_, thrown, reason) => {
  const outcome = await attempt(() => {
    throw thrown;
  });
  expect(outcome).toEqual({ kind: "failed", reason, retrySeconds: null, isPermanent: false });
});

it("T6 a reason is at most 10,000 characters long", () => {
  expect(reasonOf(new Error("x".repeat(20_000)))).toHaveLength(10_000);
});

it.each([
  ["a NUL", "a\0b"],
  ["half of a pair", { text: "\udfff" }],
  ["half of a pair after a backslash", "\\\ud800"],
  ["a key with a NUL", { "\0": 1 }],
])("T6 a result with %s is permanent: the database would refuse it", async (_, result) => {
  expect(await attempt(() => result)).toMatchObject({
    kind: "failed",
    reason: "The result holds characters that are no text (NUL, half of a pair).",
    isPermanent: true,
  });
});

it.each([["a text that looks like an escape", "\\u0000"], ["a pair", "\u{1f600}"], ["null", null], ["nothing", undefined]])(
  "T6 a result that is %s is kept",
  async (_, result) => {
    expect(await attempt(() => result)).toEqual({ kind: "succeeded", result });
  },
);

it("T6 a result that is not JSON is permanent: the handler has done its work", async () => {
  const outcome = await attempt(() => 1n);
  expect(outcome).toMatchObject({ kind: "failed", isPermanent: true });
  expect(outcome.kind === "failed" && outcome.reason).toMatch(/^The result is not JSON\. \(.*BigInt/);
});

it("T6 a wait that is none fails the attempt with the reason and the back-off of the queue", async () => {
  for (const seconds of [-1, Number.NaN, Infinity, 3_000_000]) {
    const outcome = await attempt(() => {
      throw new RetryJobError("Busy.", seconds);
    });
    expect(outcome).toMatchObject({ kind: "failed", retrySeconds: null, isPermanent: false });
    expect(outcome.kind === "failed" && outcome.reason).toMatch(/^Busy\. \(and retrySeconds must be from 0 to 30 days/);
  }
});

it("T6 a handler is given its payload as its schema makes it", async () => {
  const shape = z.object({ day: z.coerce.date(), size: z.number().default(3) });
  const seen: unknown[] = [];
  const definition = defineJob("try", shape, (payload, context) => void seen.push(payload, context.job.tenantId));
  const given = { ...job, payload: { day: "2026-01-02" } };
  await performJob(byType([definition]), { job: given, signal: new AbortController().signal });
  expect(seen).toEqual([{ day: new Date("2026-01-02"), size: 3 }, "2"]);
});
