import { createTransact } from "../_shared/database.ts";
import { createHandler } from "./handler.ts";
import { createMaterializedViews } from "./materialized-views.ts";

Deno.serve(createHandler({
  secret: Deno.env.get("ROWHOUSE_FUNCTIONS_SECRET"),
  views: createMaterializedViews(createTransact("refresh-views")),
}));
