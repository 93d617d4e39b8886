import { type JobDefinitions, type JobOutcome, performJob } from "../../supabase/functions/_shared/jobs/perform-job.ts";
import { createDeliveries } from "./deliver.ts";
import { type HeldJob, HeldLeases } from "./held-leases.ts";
import type { JobSource } from "./job-source.ts";
import { keepLeases } from "./keep-leases.ts";
import { Pause, waitAtMost } from "./pause.ts";
import { WorkerError, workerErrorOf } from "./worker-error.ts";
import { tell, type WorkerHooks } from "./worker-hooks.ts";
import { completeSettings, type WorkerSettings } from "./worker-settings.ts";

/** A worker of one queue. */
export interface JobWorker {
  /** Begins to claim jobs; resolves once it listens. A database that is down is waited for. */
  readonly start: () => Promise<void>;
  /**
   * Claims no more, finishes what is under way, returns the rest, and closes its connections. It takes the grace and
   * a few seconds at most, and never rejects.
   */
  readonly stop: () => Promise<void>;
}

const LONGEST_PAUSE_MS = 30_000;
// How long stopping waits for the database, after the grace and for its connections to close.
const LAST_MS = 5_000;

/**
 * Makes a worker: claims jobs, does so many at a time, tells how each went, keeps its leases alive.
 *
 * @param source - where the jobs come from; closed with the worker
 * @param definitions - what it can do
 * @param settings - see WorkerSettings
 * @param hooks - see WorkerHooks
 * @returns the worker, not yet started
 * @throws WorkerError `misconfigured` for settings out of range
 */
export function createJobWorker(
  source: JobSource,
  definitions: JobDefinitions,
  settings: WorkerSettings = {},
  hooks: WorkerHooks = {},
): JobWorker {
  const { concurrency, batch: mostOfAClaim, pollSeconds, graceSeconds } = completeSettings(settings);
  const held = new HeldLeases();
  const pause = new Pause();
  let running = 0;
  let isClaiming = false;
  let claiming: Promise<void> = Promise.resolve();
  let starting: Promise<void> | null = null;
  let stopping: Promise<void> | null = null;
  let endListening: () => Promise<void> = () => Promise.resolve();
  let endKeeping: () => void = () => undefined;
  let onIdle: (() => void) | null = null;

  const report = (error: WorkerError): void => tell(() => hooks.onError?.(error));
  const changed = (): void => {
    // What has ended may make room here, or under the limit of a tenant.
    pause.end();
    onIdle?.();
  };
  const deliveries = createDeliveries(source, held, report, changed);

  const settle = (item: HeldJob, outcome: JobOutcome): void => {
    // Taken away meanwhile, or given up by stop.
    if (item.isOver || !held.has(item)) return;
    item.isOver = true;
    tell(() => hooks.onAttempt?.(item.job, outcome));
    if (outcome.kind === "succeeded") deliveries.succeed(item, outcome.result);
    else deliveries.fail(item.lease, { jobId: item.job.id, ...outcome });
  };

  const begin = (item: HeldJob): void => {
    running += 1;
    void performJob(definitions, item).then((outcome) => {
      running -= 1;
      settle(item, outcome);
      pause.end();
    });
  };

  const claimOnce = async (): Promise<void> => {
    const expiresAt = Date.now() + source.leaseSeconds * 1000;
    // No more than can be begun at once: what waited here could be done elsewhere.
    const batch = await source.claim(Math.min(concurrency - running, mostOfAClaim));
    if (batch === null) return await pause.begin(pollSeconds * 1000);
    const items = held.add(batch, expiresAt);
    if (stopping === null) items.forEach(begin);
    else {
      for (const item of items) item.isOver = true;
      deliveries.release(items);
    }
  };

  const claim = async (): Promise<void> => {
    let failures = 0;
    while (stopping === null) {
      if (running >= concurrency) {
        await pause.begin(LONGEST_PAUSE_MS);
        continue;
      }
      try {
        await claimOnce();
        failures = 0;
      } catch (error) {
        report(workerErrorOf(error));
        await pause.begin(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures));
        failures += 1;
      }
    }
    isClaiming = false;
    onIdle?.();
  };

  const start = async (): Promise<void> => {
    endListening = await source.listen(() => pause.end(), (error) => {
      report(workerErrorOf(error, "Listening for jobs failed; the worker polls."));
    });
    if (stopping !== null) return await endListening();
    endKeeping = keepLeases(source, held, (lost) => {
      report(lost);
      onIdle?.();
    }).stop;
    isClaiming = true;
    claiming = claim();
  };

  const giveUp = (): void => {
    const reason = "The worker stopped before the job was done.";
    for (const lease of held.all()) {
      for (const item of lease.jobs.values()) {
        if (item.isOver) continue;
        item.isOver = true;
        item.takeAway(new WorkerError("stopped", reason));
        deliveries.fail(lease, { jobId: item.job.id, reason, retrySeconds: 0, isPermanent: false });
      }
    }
  };

  const stop = async (): Promise<void> => {
    pause.end();
    await waitAtMost(Promise.allSettled([starting]), LAST_MS);
    const idle = new Promise<void>((resolve) => {
      onIdle = () => {
        if (!isClaiming && held.isEmpty) resolve();
      };
      onIdle();
    });
    await waitAtMost(idle, graceSeconds * 1000);
    giveUp();
    deliveries.giveUpAt(Date.now() + LAST_MS);
    await waitAtMost(claiming.then(() => deliveries.settled()), LAST_MS);
    endKeeping();
    await waitAtMost(Promise.allSettled([endListening(), source.close()]), LAST_MS);
  };

  return {
    start: () => {
      if (stopping === null) return starting ??= start();
      return Promise.reject(new WorkerError("stopped", "A worker that was stopped does not start again."));
    },
    stop: () => stopping ??= stop(),
  };
}
