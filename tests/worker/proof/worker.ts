import { z } from "zod";
import { createDatabaseWorker } from "../../../client/worker/create-database-worker.ts";
import { defineJob } from "../../../supabase/functions/_shared/jobs/define-job.ts";
import { PermanentJobError } from "../../../supabase/functions/_shared/jobs/job-error.ts";
import { openEffects } from "./effects.ts";

// A worker of the proof, in a process of its own: node --import tsx worker.ts <database address> <name>
const [databaseUrl = "", name = ""] = process.argv.slice(2);
const REPORT_EVERY = 50;

const effects = openEffects(databaseUrl, name);
let ended = 0;
const payload = z.object({ number: z.number().int() });

const worker = createDatabaseWorker(
  databaseUrl,
  [
    defineJob("count", payload, ({ number }, { job }) => effects.write(job.id).then(() => ({ number }))),
    defineJob("fail-first", payload, async (_, { job }) => {
      if (job.attempt === 1) throw new Error("The first attempt fails.");
      await effects.write(job.id);
    }),
    defineJob("fail-always", payload, () => Promise.reject(new Error("Every attempt fails."))),
    defineJob("refuse", payload, () => Promise.reject(new PermanentJobError("It cannot be done."))),
  ],
  { queue: "proof", worker: name, concurrency: 50, leaseSeconds: 2, pollSeconds: 0.25, graceSeconds: 10 },
  {
    onAttempt: () => {
      ended += 1;
      if (ended % REPORT_EVERY === 0) process.send?.(REPORT_EVERY);
    },
  },
);

process.once("SIGTERM", () => {
  void worker.stop().then(async () => {
    await effects.close();
    // The way to the parent is the last thing that keeps this process alive.
    process.disconnect();
  });
});
await worker.start();
process.send?.(0);
