import type { Client } from "pg";
import { quantile, seededRandom } from "../lib/stats.ts";
import type { TenantSize, VolumeCaller } from "./callers.ts";
import type { VolumeOperation } from "./operations.ts";
import { timeCall } from "./request.ts";

/** How long an operation takes, in milliseconds. */
export interface Latency {
  readonly operation: string;
  readonly kind: "read" | "write";
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** The 95th percentile by the size of the caller's tenant. */
  readonly p95_of: Readonly<Partial<Record<TenantSize, number>>>;
}

const WARM_UP = 20;

/**
 * Measures all operations, shuffled, each connection on its own: every size of tenant as often as the others.
 *
 * @param clients - the connections, which work at the same time
 * @param callers - who asks
 * @param operations - what for
 * @param rounds - how often each operation is asked by each size of tenant, over all connections
 * @returns a line for each operation
 */
export async function measureLatency(
  clients: readonly Client[], callers: readonly VolumeCaller[], operations: readonly VolumeOperation[], rounds: number,
): Promise<readonly Latency[]> {
  const sizes = [...new Set(callers.map(({ size }) => size))];
  const taken = new Map<string, number[]>();
  await Promise.all(
    clients.map(async (client, place) => {
      const random = seededRandom(20261129 + place);
      // A task is moved by one connection only, so that its moves are those it can make.
      const own = callers.filter(({ size }, index) => size === "huge" || index % clients.length === place);
      const asked = new Map<VolumeCaller, number>();
      const rest = Math.ceil(rounds / clients.length);
      for (let round = -WARM_UP; round < rest; round += 1) {
        const turns = sizes.flatMap((size) => operations.map((operation) => ({ size, operation })));
        for (const { size, operation } of shuffled(turns, random)) {
          const some = own.filter((caller) => caller.size === size);
          const caller = some[Math.floor(random() * some.length)];
          if (caller === undefined) continue;
          const isMove = operation.isMove === true;
          const step = asked.get(caller) ?? 0;
          if (isMove) asked.set(caller, step + 1);
          const index = isMove ? moveOf(step, clients.length, place) : round + WARM_UP;
          const ms = await timeCall(client, caller, operation, index);
          if (round >= 0) push(taken, `${operation.name} ${size}`, ms);
        }
      }
    }),
  );
  return operations.map(({ name, kind }) => {
    const all = sizes.flatMap((size) => taken.get(`${name} ${size}`) ?? []);
    const p95_of = Object.fromEntries(sizes.map((size) => [size, quantile(taken.get(`${name} ${size}`) ?? [], 0.95)]));
    const [p50, p95, p99] = [quantile(all, 0.5), quantile(all, 0.95), quantile(all, 0.99)];
    return { operation: name, kind, p50, p95, p99, p95_of };
  });
}

/** Three moves of a task, then three of the next one that belongs to this connection. */
function moveOf(step: number, connections: number, place: number): number {
  return 3 * (Math.floor(step / 3) * connections + place) + (step % 3);
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list.map((item) => ({ item, key: random() })).sort((a, b) => a.key - b.key).map(({ item }) => item);
}
