import { createTransact } from "../_shared/database.ts";
import { createHandler } from "./handler.ts";
import { createScheduleDispatcher } from "./schedule-dispatcher.ts";

Deno.serve(createHandler({
  secret: Deno.env.get("ROWHOUSE_FUNCTIONS_SECRET"),
  dispatch: createScheduleDispatcher(createTransact("dispatch-schedules")),
}));
