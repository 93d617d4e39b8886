import type { Client } from "pg";
import { claimsOf } from "../lib/measure.ts";
import type { VolumeCaller } from "./callers.ts";
import type { VolumeOperation } from "./operations.ts";

/**
 * One request in the API's shape: begin, role and claims, private.check_request, statement, commit; five round trips,
 * prepared statements.
 *
 * @param client - a connection of its own
 * @param caller - who asks
 * @param operation - what for
 * @param index - which of the things there are to ask for
 * @returns milliseconds
 */
export async function timeCall(
  client: Client, caller: VolumeCaller, operation: VolumeOperation, index: number,
): Promise<number> {
  const start = process.hrtime.bigint();
  await client.query("begin");
  await asMember(client, caller, operation);
  await client.query({ name: operation.name, text: operation.text, values: [...operation.values(caller, index)] });
  await client.query("commit");
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/**
 * Makes the transaction that of a signed-in user, as PostgREST does before the statement.
 *
 * @param client - a connection in a transaction
 * @param caller - who asks
 * @param operation - what they ask for
 */
export async function asMember(client: Client, caller: VolumeCaller, operation: VolumeOperation): Promise<void> {
  await client.query({
    name: "context",
    text: `select set_config('search_path', 'public, extensions', true), set_config('role', 'authenticated', true),
      set_config('request.jwt.claims', $1, true), set_config('request.method', $3, true),
      set_config('request.headers', '{"accept": "application/json"}', true), set_config('request.path', $2, true)`,
    values: [claimsOf(caller.userId), operation.path, operation.kind === "read" ? "GET" : "POST"],
  });
  await client.query({ name: "check", text: "select private.check_request()" });
}
