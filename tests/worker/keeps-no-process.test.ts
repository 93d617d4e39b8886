import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, it } from "vitest";

const entry = path.join(import.meta.dirname, "..", "..", "client", "worker", "create-database-worker.ts");

/** Runs a program with `createDatabaseWorker` for a database that does not exist; returns what it wrote and how it ended. */
async function run(program: string): Promise<readonly unknown[]> {
  const whole = `
    const { createDatabaseWorker } = await import(${JSON.stringify(entry)});
    const worker = createDatabaseWorker("postgresql://postgres:hush-hush@127.0.0.1:1/postgres", [], {}, {
      onError: ({ code, message }) => console.log(code, message),
    });
    ${program}
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", whole], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString("utf8")));
  const [code] = await once(child, "close");
  return [code, [...new Set(out.trim().split("\n"))]];
}

it("T6 a worker that was not started keeps no process alive", async () => {
  expect(await run("console.log('made')")).toEqual([0, ["made"]]);
});

it("T6 nor does one that was stopped, and it tells no password", async () => {
  const program = "await worker.start(); await worker.stop(); console.log('stopped')";
  expect(await run(program)).toEqual([0, [
    "no_answer Listening for jobs failed; the worker polls.",
    "no_answer The database does not answer.",
    "stopped",
  ]]);
});
