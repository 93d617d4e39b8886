import { describe, expect, it } from "vitest";
import { spoilDecision, weakenFilter } from "./condition-edits.ts";
import { applyEdit, distinctEdits } from "./edits.ts";
import type { Region } from "./regions.ts";
import { tokenize } from "./tokens.ts";

type Edits = typeof weakenFilter;

function made(edits: Edits, text: string, role: Region["role"] = "branch"): string[] {
  const source = { text, tokens: tokenize(text) };
  const found = edits(source, { role, from: 0, to: source.tokens.length });
  return distinctEdits(found).map((edit) => applyEdit(text, edit)).sort();
}

describe("a filter", () => {
  it("is weakened at each part that and joins", () => {
    expect(made(weakenFilter, "((a = 1) AND (b = 'x and y'))")).toEqual([
      "((a = 1) AND (true))",
      "((true) AND (b = 'x and y'))",
    ]);
  });

  it("is weakened at a choice as a whole: each choice true is the same", () => {
    expect(made(weakenFilter, "a and (b or c)")).toEqual(["a and (true)", "true and (b or c)"]);
  });

  it("is weakened inside a choice that joins several", () => {
    expect(made(weakenFilter, "a or (b and c)")).toEqual(["a or (b and true)", "a or (true and c)", "true"]);
  });

  it("is one piece where nothing is joined: between, case, not, exists, a cast", () => {
    for (const text of [
      "x between 1 and 2",
      "case when a and b then c else d end",
      "not (a or b)",
      "exists (select from t where a and b)",
      "(t = any ((select r.admin from reach r where x or y)::uuid[]))",
    ]) {
      expect(made(weakenFilter, text).map((changed) => changed.replace(/[()]/g, ""))).toEqual(["true"]);
    }
  });
});

describe("a decision", () => {
  it("goes either way", () => {
    expect(made(spoilDecision, "a = 1")).toEqual(["false", "true"]);
  });

  it("loses each part of and, and fails as a whole", () => {
    expect(made(spoilDecision, "a and b")).toEqual(["a and true", "false", "true and b"]);
  });

  it("loses each choice of or, and holds as a whole", () => {
    expect(made(spoilDecision, "a or b")).toEqual(["a or false", "false or b", "true"]);
  });

  it("is spoiled inside, each way once", () => {
    expect(made(spoilDecision, "a or (b and c)")).toEqual([
      "a or (b and true)",
      "a or (false)",
      "a or (true and c)",
      "false or (b and c)",
      "true",
    ]);
  });

  it("is never made to refuse always", () => {
    expect(made(spoilDecision, "a", "guard")).toEqual(["false"]);
    expect(made(spoilDecision, "a or b", "guard")).toEqual(["a or false", "false or b"]);
    expect(made(spoilDecision, "a and b", "guard")).toEqual(["a and true", "false", "true and b"]);
  });
});
