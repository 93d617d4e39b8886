import { parseArgs } from "node:util";
import { z } from "zod";
import { messageOf } from "../lib/stack-error.ts";
import { listMutants, type RunReport, runMutation } from "./mutation-run.ts";
import { textReport } from "./report/text-report.ts";
import { recordScore } from "./score.ts";
import { VoidRun } from "./void-run.ts";

const USAGE = `npm run test:mutation -- [options]

Makes one change at a time to the schema (a policy dropped, a right granted, a condition always true ...) in a
throw-away database and runs the pgTAP tests against it: one that nobody notices is a hole in the tests.

  --only <text>   only mutants whose name contains it
  --workers <n>   databases worked on side by side (default 2)
  --list          print the names of the mutants and stop
  --json          print the outcome as JSON
  --verbose       list mutants that could not be made, and who noticed each of the others
  --record        keep the score in scripts/mutation/score.json

Exit code: 0 all noticed or reviewed, 1 some survived, 2 the run proves nothing (the suite fails without a
mutant, a change that changes nothing is noticed, or the server failed).`;

const optionsShape = z.object({
  only: z.string(),
  workers: z.coerce.number().int().min(1).max(32),
  list: z.boolean(),
  json: z.boolean(),
  verbose: z.boolean(),
  record: z.boolean(),
});

process.exitCode = await main().catch((error: unknown) => {
  console.error(messageOf(error));
  if (error instanceof VoidRun) for (const line of error.lines) console.error(`  ${line}`);
  return 2;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      workers: { type: "string", default: "2" },
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const parsed = optionsShape.safeParse(values);
  if (values.help || !parsed.success || (parsed.data.record && parsed.data.only !== "")) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const { only, workers, list, json, verbose, record } = parsed.data;
  if (list) {
    const { mutants } = await listMutants();
    for (const { id } of mutants) if (id.includes(only)) console.log(id);
    return 0;
  }
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopping.abort());
  const started = performance.now();
  const report = await runMutation({ only, workers, signal: stopping.signal });
  const seconds = Math.round((performance.now() - started) / 1000);
  if (json) console.log(JSON.stringify(toJson(report), null, 2));
  else {
    if (verbose) for (const { mutant, by, file } of report.verdicts) console.log(`${by.padEnd(9)} ${mutant.id}: ${file ?? ""}`);
    console.log(textReport(report, verbose));
    console.log(`${report.controls.length} controls went unnoticed, as they must. ${seconds} s.`);
  }
  if (record) recordScore(report, seconds);
  return report.survivors.length + report.staleReviews.length === 0 ? 0 : 1;
}

function toJson({ kinds, verdicts, ...rest }: RunReport): object {
  const plain = verdicts.map(({ mutant, by, file, message }) => ({ id: mutant.id, kind: mutant.kind, by, file, message }));
  return {
    ...rest,
    kinds: Object.fromEntries(kinds),
    survivors: rest.survivors.map(({ mutant }) => mutant),
    stillborn: rest.stillborn.map(({ mutant }) => mutant.id),
    verdicts: plain,
  };
}
