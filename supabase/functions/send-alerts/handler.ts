import { z } from "zod";
import { FunctionError } from "../_shared/function-error.ts";
import { createScheduledHandler } from "../_shared/scheduled-handler.ts";
import type { AlertQueue } from "./alert-queue.ts";
import { messageOf } from "./message.ts";
import type { Webhook } from "./webhook.ts";

/** What the handler works with; tests inject their own. */
export interface HandlerOptions {
  /** Value of `ROWHOUSE_FUNCTIONS_SECRET`. */
  readonly secret: string | undefined;
  readonly queue: AlertQueue;
  /** The webhook to post to, or null while none is set. */
  readonly post: () => Webhook;
  readonly writeLog?: (line: string) => void;
}

/** How many deliveries go into one message at most. */
const BATCH = 100;

/**
 * Makes the handler of send-alerts: watches that the health checks go on, and posts what is to be
 * told as one message.
 *
 * @param options - see HandlerOptions
 * @returns the handler
 */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const { queue, post } = options;
  return createScheduledHandler({
    name: "send-alerts",
    secret: options.secret,
    body: z.strictObject({}),
    ...(options.writeLog === undefined ? {} : { writeLog: options.writeLog }),
    run: async () => {
      await queue.watch();
      const webhook = post();
      if (webhook === null) {
        // Claiming would use up the attempts of what nobody can be told yet.
        const message = "ALERT_WEBHOOK_URL is not set: nothing is sent.";
        return { sent: 0, failed: 0, dead: 0, waiting: await queue.count(), message };
      }
      const deliveries = await queue.claim(BATCH);
      if (deliveries.length === 0) return counts({}, await queue.count());
      const attempt = await webhook(messageOf(deliveries));
      const states = await queue.finish(deliveries, attempt);
      const result = counts(states, await queue.count());
      if (attempt.error === null) return result;
      // A schedule counts every 2xx as success.
      throw new FunctionError("alerts_not_sent", attempt.error, { result });
    },
  });
}

function counts(states: Readonly<Record<string, number>>, waiting: number) {
  const { sent = 0, failed = 0, dead = 0 } = states;
  return { sent, failed, dead, waiting };
}
