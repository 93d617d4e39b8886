import { Client } from "pg";
import postgres from "postgres";
import { loadData } from "./lib/data.ts";
import { timeOnServer, timeRequest, type Caller } from "./lib/measure.ts";
import { assistantOperations } from "./lib/operations.ts";
import { median, quantile, ratioInterval, seededRandom } from "./lib/stats.ts";

/** The cost of row level security for one hot query. Times are medians. */
export interface RlsCost {
  readonly operation: string;
  readonly request_ms: number;
  readonly request_ms_without_rls: number;
  readonly ratio: number;
  readonly ratio_interval: readonly [number, number];
  readonly p95_ratio: number;
  readonly bar: number;
  readonly server_us: number;
  readonly server_us_without_rls: number;
  readonly added_us: number;
  readonly added_us_bar: number;
}

/** How much data and how many rounds. */
export interface RlsCostOptions {
  readonly tenants: number;
  readonly messages: number;
  readonly rounds: number;
}

/** Highest number of microseconds a statement may cost more on the server alone (REQUIREMENTS F1). */
const addedBar = 12;

/**
 * Measures F1: each hot query of the assistant under row level security against the same query by a role that bypasses
 * it, in turn on one connection, first and second at random.
 *
 * @param dbUrl - a migrated database without rows, as postgres
 * @param options - size and rounds
 * @param progress - called with a line of text before each step
 * @returns one row a query
 */
export async function measureRlsCost(
  dbUrl: string,
  options: RlsCostOptions,
  progress: (line: string) => void,
): Promise<RlsCost[]> {
  progress(`Loading ${options.tenants} tenants with ${options.messages} messages each.`);
  const sql = postgres(dbUrl, { max: 1, onnotice: () => undefined });
  const data = await loadData(sql, options).finally(() => sql.end());
  const client = new Client({ connectionString: dbUrl });
  await client.connect();
  const random = seededRandom(20261121);
  try {
    const costs: RlsCost[] = [];
    for (const operation of assistantOperations(data)) {
      progress(`Measuring ${operation.name}: ${options.rounds} rounds.`);
      const inTurn = async (time: (caller: Caller) => Promise<number>): Promise<[number, number]> => {
        const memberFirst = random() < 0.5;
        const first = await time(memberFirst ? "authenticated" : "service_role");
        const second = await time(memberFirst ? "service_role" : "authenticated");
        return memberFirst ? [first, second] : [second, first];
      };
      const requests: [number, number][] = [];
      for (let round = -100; round < options.rounds; round += 1) {
        const pair = await inTurn((caller) => timeRequest(client, caller, data, operation, round + 100));
        // The first hundred rounds warm plans and caches.
        if (round >= 0) requests.push(pair);
      }
      const server: [number, number][] = [];
      for (let round = 0; round < 15; round += 1) {
        server.push(await inTurn((caller) => timeOnServer(client, caller, data, operation, 500)));
      }
      const [member, bypass] = [requests.map(([a]) => a), requests.map(([, b]) => b)];
      const [memberServer, bypassServer] = [median(server.map(([a]) => a)), median(server.map(([, b]) => b))];
      costs.push({
        operation: operation.name,
        request_ms: median(member),
        request_ms_without_rls: median(bypass),
        ratio: median(member) / median(bypass),
        ratio_interval: ratioInterval(requests, random),
        p95_ratio: quantile(member, 0.95) / quantile(bypass, 0.95),
        bar: operation.bar,
        server_us: memberServer,
        server_us_without_rls: bypassServer,
        added_us: median(server.map(([a, b]) => a - b)),
        added_us_bar: addedBar,
      });
    }
    return costs;
  } finally {
    await client.end();
  }
}
