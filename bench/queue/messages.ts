import { z } from "zod";

/** What a worker process is told. */
export const toWorkerShape = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("prepare"),
    contestant: z.string(),
    url: z.string(),
    connections: z.number(),
    mode: z.enum(["throughput", "latency"]),
  }),
  z.object({ kind: z.literal("start") }),
  z.object({ kind: z.literal("stop") }),
  z.object({ kind: z.literal("exit") }),
]);

/** What a worker process says: it is ready or started, how many jobs it ran so far, which ones and when. */
export const fromWorkerShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("started") }),
  z.object({ kind: z.literal("progress"), ran: z.number() }),
  z.object({ kind: z.literal("stopped"), jobs: z.array(z.number()), startedMs: z.array(z.number()) }),
  z.object({ kind: z.literal("failed"), message: z.string() }),
]);

export type ToWorker = z.infer<typeof toWorkerShape>;
export type FromWorker = z.infer<typeof fromWorkerShape>;

/** Milliseconds of a clock that all processes of the machine share and that nobody sets. */
export function sharedClock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
