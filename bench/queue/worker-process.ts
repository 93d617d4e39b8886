// The process of one worker: node scripts/run.mjs bench/queue/worker-process.ts, with a channel to its parent.
import type { QueueWorker } from "./contestant.ts";
import { contestantNamed } from "./contestants.ts";
import { type FromWorker, sharedClock, type ToWorker, toWorkerShape } from "./messages.ts";

const PROGRESS_MS = 10;

let worker: QueueWorker | undefined;
let progress: NodeJS.Timeout | undefined;
let jobs: number[] = [];
let startedMs: number[] = [];

function say(message: FromWorker): void {
  process.send?.(message);
}

function run(job: number): void {
  startedMs.push(sharedClock());
  jobs.push(job);
}

async function obey(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case "prepare": {
      const { contestant, ...settings } = message;
      worker = await contestantNamed(contestant).worker(settings);
      return say({ kind: "ready" });
    }
    case "start": {
      let told = 0;
      progress = setInterval(() => {
        if (jobs.length > told) say({ kind: "progress", ran: (told = jobs.length) });
      }, PROGRESS_MS);
      await worker?.start(run);
      return say({ kind: "started" });
    }
    case "stop": {
      await worker?.stop();
      clearInterval(progress);
      say({ kind: "stopped", jobs, startedMs });
      jobs = [];
      startedMs = [];
      return;
    }
    case "exit":
      await worker?.close();
      process.disconnect();
  }
}

process.on("message", (message) => {
  obey(toWorkerShape.parse(message)).catch((error: unknown) => {
    say({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  });
});
// A parent that is gone reads no results.
process.on("disconnect", () => process.exit());
