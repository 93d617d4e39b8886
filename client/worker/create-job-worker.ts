import { type JobDefinitions, type JobOutcome, performJob } from "../../supabase/functions/_shared/jobs/perform-job.ts";
import { type HeldJob, type HeldLease, HeldLeases } from "./held-leases.ts";
import { keepLeases } from "./keep-leases.ts";
import type { JobSource } from "./job-source.ts";
import { Pause } from "./pause.ts";
import { WorkerError } from "./worker-error.ts";

/** How a worker works. */
export interface WorkerSettings {
  /** Jobs under way at a time. */
  readonly concurrency: number;
  /** Most jobs of one claim. */
  readonly batch: number;
  /** How long it waits for a notification before it looks for jobs all the same. */
  readonly pollSeconds: number;
  readonly leaseSeconds: number;
  /** How long stopping waits for jobs under way. */
  readonly graceSeconds: number;
}

/** Told what happens. What a hook throws is reported as a warning of the process. */
export interface WorkerHooks {
  /** After each attempt. */
  readonly onAttempt?: (job: HeldJob["job"], outcome: JobOutcome) => void;
  /** A database that does not answer, a lease that was lost. The worker goes on. */
  readonly onError?: (error: WorkerError) => void;
}

/** A worker of one queue. */
export interface JobWorker {
  /** Begins to claim jobs; resolves once it listens. */
  readonly start: () => Promise<void>;
  /** Claims no more, finishes what is under way, returns the rest, and closes its connections. */
  readonly stop: () => Promise<void>;
}

const LONGEST_PAUSE_MS = 30_000;

/**
 * Makes a worker: claims jobs, does so many at a time, tells how each went, keeps its leases alive.
 *
 * @param source - where the jobs come from; closed with the worker
 * @param definitions - what it can do
 * @param settings - see WorkerSettings
 * @param hooks - see WorkerHooks
 * @returns the worker, not yet started
 */
export function createJobWorker(
  source: JobSource,
  definitions: JobDefinitions,
  settings: WorkerSettings,
  hooks: WorkerHooks = {},
): JobWorker {
  const held = new HeldLeases();
  const pause = new Pause();
  const sending = new Set<Promise<void>>();
  let running = 0;
  let isStopping = false;
  let claiming: Promise<void> = Promise.resolve();
  let endListening: () => Promise<void> = () => Promise.resolve();
  let onIdle: (() => void) | null = null;

  const report = (error: WorkerError): void => tell(() => hooks.onError?.(error));

  // What has to reach the database is tried until it does, or others may have the jobs anyway.
  const send = (lease: HeldLease, jobIds: readonly string[], work: () => Promise<void>): Promise<void> => {
    const attempt = async (): Promise<void> => {
      for (let failures = 0; Date.now() <= lease.expiresAt; failures += 1) {
        try {
          return await work();
        } catch (error) {
          report(new WorkerError("no_answer", "The database does not answer.", error));
          await wait(pauseAfter(failures));
        }
      }
      report(lostJobs(jobIds));
    };
    const promise = attempt().finally(() => {
      for (const id of jobIds) held.drop(lease, id);
      sending.delete(promise);
      onIdle?.();
    });
    sending.add(promise);
    return promise;
  };

  const sendSucceeded = (lease: HeldLease): void => {
    if (lease.isSending || lease.succeeded.size === 0) return;
    lease.isSending = true;
    // What ends in the same turn of the event loop goes in one call.
    setImmediate(() => {
      const results = lease.succeeded;
      const jobIds = [...results.keys()];
      const isAll = jobIds.length === lease.jobs.size;
      const hasResults = [...results.values()].some((result) => result !== undefined);
      lease.succeeded = new Map();
      const sent = send(lease, jobIds, async () => {
        const lost = await source.complete(
          lease.id,
          isAll ? null : jobIds,
          hasResults ? Object.fromEntries(results) : null,
        );
        if (lost.length > 0) report(lostJobs(lost));
      });
      void sent.then(() => {
        lease.isSending = false;
        sendSucceeded(lease);
        // What has ended may make room under the limit of a tenant.
        pause.end();
      });
    });
  };

  const settle = (item: HeldJob, outcome: JobOutcome): void => {
    const { job, lease } = item;
    // Taken away meanwhile, or given up by stop.
    if (item.isOver || !held.has(item)) return;
    item.isOver = true;
    tell(() => hooks.onAttempt?.(job, outcome));
    if (outcome.kind === "succeeded") {
      lease.succeeded.set(job.id, outcome.result);
      sendSucceeded(lease);
      return;
    }
    void send(lease, [job.id], async () => {
      if (!await source.fail(lease.id, { jobId: job.id, ...outcome })) report(lostJobs([job.id]));
    }).then(() => pause.end());
  };

  const begin = (): void => {
    while (running < settings.concurrency && !isStopping) {
      const item = held.begin();
      if (item === null) return;
      running += 1;
      void performJob(definitions, item.job, item.stop.signal).then((outcome) => {
        running -= 1;
        settle(item, outcome);
        begin();
        if (held.waiting === 0) pause.end();
        onIdle?.();
      });
    }
  };

  const claim = async (): Promise<void> => {
    let failures = 0;
    while (!isStopping) {
      const free = settings.concurrency - running - held.waiting;
      if (free <= 0) {
        await pause.begin(LONGEST_PAUSE_MS);
        continue;
      }
      const asked = Math.min(free, settings.batch);
      try {
        const expiresAt = Date.now() + settings.leaseSeconds * 1000;
        const batch = await source.claim(asked);
        failures = 0;
        if (batch === null) {
          await pause.begin(settings.pollSeconds * 1000);
          continue;
        }
        held.add(batch, expiresAt);
        begin();
      } catch (error) {
        report(new WorkerError("no_answer", "The database does not answer.", error));
        await pause.begin(pauseAfter(failures));
        failures += 1;
      }
    }
  };

  const leases = keepLeases(source, held, settings.leaseSeconds, (lost) => {
    report(lost);
    onIdle?.();
  });

  return {
    start: async () => {
      endListening = await source.listen(() => pause.end(), (error) => {
        report(new WorkerError("no_answer", "Listening for jobs failed; the worker polls.", error));
      });
      claiming = claim();
    },
    stop: async () => {
      isStopping = true;
      pause.end();
      await claiming;
      await endListening();
      for (const lease of held.all()) {
        const ids = [...lease.jobs.values()].filter((item) => !item.hasBegun).map((item) => item.job.id);
        if (ids.length > 0) void send(lease, ids, () => source.release(lease.id, ids));
      }
      await within(settings.graceSeconds * 1000, () => held.isEmpty, (check) => onIdle = check);
      for (const lease of held.all()) {
        for (const item of lease.jobs.values()) {
          if (item.isOver) continue;
          item.isOver = true;
          item.stop.abort(new WorkerError("not_returned", "The worker stops."));
          const jobId = item.job.id;
          const reason = "The worker stopped before the job was done.";
          void send(lease, [jobId], async () => {
            await source.fail(lease.id, { jobId, reason, retrySeconds: 0, isPermanent: false });
          });
        }
      }
      while (sending.size > 0) await Promise.allSettled(sending);
      leases.stop();
      await source.close();
    },
  };
}

function lostJobs(ids: readonly string[]): WorkerError {
  return new WorkerError("lease_lost", `Jobs that no longer were this worker's when they ended: ${ids.join(", ")}.`);
}

function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function within(milliseconds: number, isDone: () => boolean, watch: (check: () => void) => void): Promise<void> {
  if (isDone()) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    watch(() => {
      // The last call is counted out after it has told.
      setImmediate(() => {
        if (!isDone()) return;
        clearTimeout(timer);
        resolve();
      });
    });
  });
}

function tell(hook: () => void): void {
  try {
    hook();
  } catch (error) {
    process.emitWarning(new WorkerError("hook_failed", "A hook of the worker failed.", error));
  }
}
