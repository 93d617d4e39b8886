import type { Client } from "pg";
import type { BenchData } from "./data.ts";
import type { Operation } from "./operations.ts";

/** Who asks: a member under row level security, or a role that bypasses it. */
export type Caller = "authenticated" | "service_role";

/**
 * The claims of a token as the auth server makes them, so that reading them costs what it costs in real life.
 *
 * @param userId - whose token
 * @returns JSON
 */
export function claimsOf(userId: string): string {
  return JSON.stringify({
    aud: "authenticated",
    exp: 4102444800,
    iat: 1790000000,
    iss: "http://127.0.0.1:54321/auth/v1",
    sub: userId,
    email: "bench@example.test",
    phone: "",
    app_metadata: { provider: "email", providers: ["email"] },
    user_metadata: {},
    role: "authenticated",
    aal: "aal1",
    session_id: "01a1fe04-1909-7214-99e0-bf1919de7ec6",
    is_anonymous: false,
  });
}

/**
 * One request in the API's shape: begin, role and claims, statement, commit; four round trips.
 *
 * @returns milliseconds
 */
export async function timeRequest(
  client: Client,
  caller: Caller,
  data: BenchData,
  operation: Operation,
  index: number,
): Promise<number> {
  const start = process.hrtime.bigint();
  await client.query("begin");
  await client.query({
    name: "context",
    text: `select set_config('search_path', 'public, extensions', true), set_config('role', $1, true),
      set_config('request.jwt.claims', $2, true), set_config('request.method', 'GET', true),
      set_config('request.path', '/messages', true)`,
    values: [caller, claimsOf(data.userId)],
  });
  await client.query({
    name: `${operation.name} ${caller}`,
    text: operation.request,
    values: [...operation.parameters(index)],
  });
  await client.query("commit");
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/**
 * The time of one statement on the server alone, from a loop inside the server.
 *
 * @param repeats - statements in the loop
 * @returns microseconds a statement
 */
export async function timeOnServer(
  client: Client,
  caller: Caller,
  data: BenchData,
  operation: Operation,
  repeats: number,
): Promise<number> {
  await client.query("begin");
  try {
    await client.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
      caller,
      claimsOf(data.userId),
    ]);
    const ids = `array[${data.messageIds.map((id) => `'${id}'`).join(",")}]::uuid[]`;
    await client.query(`do $loop$
      declare
        v_ids constant uuid[] := ${ids};
        v_start timestamptz := clock_timestamp();
      begin
        for i in 1..${repeats} loop ${operation.inLoop} end loop;
        perform set_config('bench.us',
          (extract(epoch from clock_timestamp() - v_start) * 1e6 / ${repeats})::text, true);
      end $loop$`);
    const { rows } = await client.query<{ us: string }>("select current_setting('bench.us') as us");
    return Number(rows[0]?.us);
  } finally {
    await client.query("rollback");
  }
}
