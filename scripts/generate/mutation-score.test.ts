import { describe, expect, it } from "vitest";
import { describeMutationScore } from "./mutation-score.ts";

const tally = { made: 10, behaviour: 6, structure: 2, equivalent: 1, survived: 1, stillborn: 0 };
const score = {
  migrations: 3,
  migrations_sha256: "abc",
  kinds: { policy: tally },
  total: tally,
  behaviour_score: 0.6667,
  score: 0.9999,
  controls: 7,
  seconds: 12,
};

describe("describeMutationScore", () => {
  it("says so while nothing was recorded", () => {
    expect(describeMutationScore(null, "abc")).toBe("No score has been recorded yet.");
  });

  it("gives both scores, the controls and a row a kind, and never rounds up to all", () => {
    const text = describeMutationScore(JSON.stringify(score), "abc");
    expect(text).toContain("99.9 % of the changes that can be noticed were noticed, 66.6 % first by a test");
    expect(text).toContain("7; no test noticed one. Recorded for the 3 migrations as they are.");
    expect(text).toContain("| policy | 10 | 6 | 2 | 1 | 1 | 0 |\n| all | 10 | 6 | 2 | 1 | 1 | 0 |");
    expect(describeMutationScore(JSON.stringify({ ...score, score: 1 }), "abc")).toContain("100 % of the changes");
  });

  it("says when the migrations have changed since", () => {
    expect(describeMutationScore(JSON.stringify(score), "def")).toContain("that have been changed since");
  });

  it("refuses a record of another shape", () => {
    expect(() => describeMutationScore('{"migrations": 3}', "abc")).toThrow(/migrations_sha256/);
  });
});
