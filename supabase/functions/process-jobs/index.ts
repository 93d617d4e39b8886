import { createConnect } from "../_shared/database.ts";
import { createHandler } from "./handler.ts";
import { createTestRunner } from "./test-runner.ts";

Deno.serve(createHandler({
  secret: Deno.env.get("ROWHOUSE_FUNCTIONS_SECRET"),
  connect: createConnect("process-jobs"),
  runner: () =>
    createTestRunner(Deno.env.get("TEST_RUNNER_URL"), Deno.env.get("TEST_RUNNER_SECRET")),
}));
