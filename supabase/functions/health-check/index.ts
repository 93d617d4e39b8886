import { createTransact } from "../_shared/database.ts";
import { createHandler } from "./handler.ts";
import { createHealthRecorder } from "./health-recorder.ts";

Deno.serve(createHandler({
  secret: Deno.env.get("ROWHOUSE_FUNCTIONS_SECRET"),
  record: createHealthRecorder(createTransact("health-check")),
}));
