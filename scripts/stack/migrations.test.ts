import { expect, it } from "vitest";
import { pendingOf, readableOutput } from "./migrations.ts";

it("finds the files whose version is not in the history, in order", () => {
  const files = [
    "20260103000000_c.sql",
    "20260101000000_a.sql",
    "20260102000000_b.sql",
    "notes.sql",
    "README.md",
  ];
  expect(pendingOf(files, new Set(["20260102000000"]))).toEqual([
    "20260101000000_a.sql",
    "20260103000000_c.sql",
  ]);
});

it("keeps what went wrong and drops the rest of the CLI's output", () => {
  const output =
    "Target: local stack (127.0.0.1:54322)\nApplying migration 1_a.sql...\n\nERROR: division by zero (SQLSTATE 22012)\nTry rerunning the command with --debug\n";
  expect(readableOutput(output)).toBe(
    "Applying migration 1_a.sql...\nERROR: division by zero (SQLSTATE 22012)",
  );
});
