import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const stackFile = z.string().default(path.join(root, ".rowhouse/stack.json")).parse(process.env.ROWHOUSE_STACK_FILE);

it("README: npm run demo shows who sees what, and a removed member seeing nothing with the same token", async () => {
  const { stdout } = await run(process.execPath, ["scripts/run.mjs", "scripts/demo/run.ts"], {
    cwd: root,
    env: { ...process.env, ROWHOUSE_DATA_DIR: path.dirname(path.resolve(root, stackFile)) },
  });
  expect(stdout).toContain("Messages of Night Shift that Olivia sees: 2");
  expect(stdout).toContain("Messages of Night Shift that Miles sees:  2");
  expect(stdout).toContain("Messages of Night Shift that Mina sees:   0");
  expect(stdout).toMatch(/Mina tries to write one: 403 /);
  expect(stdout).toContain("With the same token he now sees: 0");
});

it("README: npm run demo says what to do when no stack runs", async () => {
  const failed = run(process.execPath, ["scripts/run.mjs", "scripts/demo/run.ts"], {
    cwd: root,
    env: { ...process.env, ROWHOUSE_DATA_DIR: path.join(root, "tests") },
  });
  await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("npm start") });
});
