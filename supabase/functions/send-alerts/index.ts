import { createTransact } from "../_shared/database.ts";
import { createAlertQueue } from "./alert-queue.ts";
import { createHandler } from "./handler.ts";
import { createWebhook } from "./webhook.ts";

Deno.serve(createHandler({
  secret: Deno.env.get("ROWHOUSE_FUNCTIONS_SECRET"),
  queue: createAlertQueue(createTransact("send-alerts")),
  post: createWebhook(() => Deno.env.get("ALERT_WEBHOOK_URL")),
}));
