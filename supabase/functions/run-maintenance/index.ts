import { createConnect } from "../_shared/database.ts";
import { runMaintenance } from "../_shared/maintenance/run-maintenance.ts";
import { BUDGET_MS, createHandler } from "./handler.ts";

// A statement is cancelled by the server when the budget is over; this is for one that no longer answers.
const PATIENCE_MS = BUDGET_MS + 5_000;
const connect = createConnect("run-maintenance");

Deno.serve(createHandler({
  secret: Deno.env.get("ROWHOUSE_FUNCTIONS_SECRET"),
  maintain: (mode, budgetMs) =>
    connect(PATIENCE_MS, (query) => runMaintenance({ mode, query, budgetMs })),
}));
