import { FunctionError } from "../_shared/function-error.ts";
import type { Attempt } from "./alert-queue.ts";
import type { Message } from "./message.ts";

/** Posts a message and says how it went; null when there is no address to post to. */
export type Webhook = ((message: Message) => Promise<Attempt>) | null;

const VARIABLE = "ALERT_WEBHOOK_URL";
const TIMEOUT_MS = 10_000;

/**
 * The webhook named by the function's environment, looked up at each call.
 *
 * @param address - gives the value of ALERT_WEBHOOK_URL
 * @param send - the fetch to use; the global one when left out
 * @returns a function that returns the webhook, or null when the variable is not set; it throws
 *   FunctionError `misconfigured` when the variable is no web address
 */
export function createWebhook(
  address: () => string | undefined,
  send: typeof fetch = fetch,
): () => Webhook {
  return () => {
    const url = address();
    if (url === undefined || url === "") return null;
    // The address is a secret itself: no message quotes it.
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      throw new FunctionError("misconfigured", `${VARIABLE} is not a web address.`);
    }
    return (message) => postTo(url, message, send);
  };
}

async function postTo(url: string, message: Message, send: typeof fetch): Promise<Attempt> {
  try {
    const response = await send(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      // A redirect would turn the message into a GET that somebody answers with 200.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    const { ok, status } = response;
    return { responseStatus: status, error: ok ? null : `The webhook answered ${status}.` };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const reason = isLate
      ? `The webhook did not answer within ${TIMEOUT_MS / 1000} s.`
      : "The webhook cannot be reached.";
    return { responseStatus: null, error: reason };
  }
}
