import { expect, it } from "vitest";
import { readResult } from "./prove.ts";

const files = (tests: number): string => `Files=2, Tests=${tests},  1 wallclock secs ( 0.02 usr =  0.03 CPU)`;

it("counts the tests of a run in which all passed", () => {
  const output = `a.test.sql .. ok\nb.test.sql ... ok\nAll tests successful.\n${files(31)}\nResult: PASS\n`;
  expect(readResult(output, 0)).toMatchObject({ passed: 31, failed: 0 });
});

it("counts failed tests, and keeps what was said about them", () => {
  const output = [
    "a.test.sql .. ok",
    "b.test.sql .. ",
    "not ok 3 - S2 anon holds nothing",
    ...Array.from({ length: 40 }, (_, row) => `#     (row ${row})`),
    "Failed 2/4 subtests ",
    "",
    "Test Summary Report",
    "-------------------",
    "b.test.sql (Wstat: 0 Tests: 4 Failed: 2)",
    "  Failed tests:  3-4",
    files(12),
    "Result: FAIL",
  ].join("\n");
  const result = readResult(output, 1);
  expect(result).toMatchObject({ passed: 10, failed: 2 });
  expect(result.output).toContain("not ok 3 - S2 anon holds nothing");
  expect(result.output).toContain("(row 11)");
  expect(result.output).not.toContain("(row 12)");
  expect(result.output).not.toContain("a.test.sql");
});

it("counts a file that broke off as a failure, though each of its tests passed", () => {
  const output = [
    "psql:b.test.sql:7: ERROR:  relation \"public.nothing\" does not exist",
    "b.test.sql (Wstat: 768 (exited 3) Tests: 2 Failed: 0)",
    "  Non-zero exit status: 3",
    "  Parse errors: Bad plan.  You planned 4 tests but ran 2.",
    files(6),
    "Result: FAIL",
  ].join("\n");
  expect(readResult(output, 1)).toMatchObject({ passed: 6, failed: 1 });
});

it("fails as a whole when nothing ran", () => {
  expect(readResult("", null)).toMatchObject({ passed: 0, failed: 1 });
  expect(readResult("psql: error: connection refused\nFiles=1, Tests=0, 0 wallclock secs\nResult: NOTESTS", 0))
    .toMatchObject({ passed: 0, failed: 1 });
  expect(readResult("Cannot find psql", 2)).toMatchObject({ passed: 0, failed: 1 });
});
