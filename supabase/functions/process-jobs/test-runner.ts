import { z } from "zod";
import { FunctionError } from "../_shared/function-error.ts";

/** What a runner is asked to do. */
export interface TestRun {
  readonly tenant_id: string;
  readonly execution_id: string;
  /** The flow as it was when the run was dispatched: its fields and its steps in order. */
  readonly flow: unknown;
  readonly settings: unknown;
}

const verdict = z.object({
  status: z.enum(["passed", "failed", "error"]),
  results: z.record(z.string(), z.unknown()).default({}),
  error: z.string().max(10_000).nullish(),
});

/** What a runner answers. */
export type TestVerdict = z.infer<typeof verdict>;

/** Has a flow played in a browser. */
export type TestRunner = (run: TestRun, signal: AbortSignal) => Promise<TestVerdict>;

/**
 * The runner named by the function's environment: a service that plays flows in browsers, which an
 * edge function cannot. It gets the run as JSON by POST and answers `{status, results, error}`.
 *
 * @param address - value of TEST_RUNNER_URL
 * @param secret - value of TEST_RUNNER_SECRET, sent as bearer when set
 * @param send - the fetch to use; the global one when left out
 * @returns the runner; null while no address is set
 * @throws FunctionError `misconfigured` for an address that is none
 */
export function createTestRunner(
  address: string | undefined,
  secret: string | undefined,
  send: typeof fetch = fetch,
): TestRunner | null {
  if (address === undefined || address === "") return null;
  // The address may hold a secret: no message quotes it.
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new FunctionError("misconfigured", "TEST_RUNNER_URL is not a web address.");
  }
  return async (run, signal) => {
    const response = await reach(() =>
      send(address, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(secret === undefined || secret === "" ? {} : { authorization: `Bearer ${secret}` }),
        },
        body: JSON.stringify(run),
        redirect: "manual",
        signal,
      })
    );
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`The test runner answered ${response.status}.`);
    }
    const read = verdict.safeParse(await response.json().catch(() => undefined));
    if (read.success) return read.data;
    throw new Error("The test runner's answer is not {status, results, error}.");
  };
}

async function reach(send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    const isLate = error instanceof Error && /^(TimeoutError|AbortError)$/.test(error.name);
    throw new Error(
      isLate ? "The test runner did not answer in time." : "The test runner cannot be reached.",
    );
  }
}
