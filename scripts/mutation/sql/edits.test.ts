import { expect, it } from "vitest";
import { distinctEdits, excerpt } from "./edits.ts";

it("distinctEdits numbers what has the same label, in the order of the text, and keeps nothing twice", () => {
  const edits = [
    { start: 5, end: 6, text: "true", label: "a" },
    { start: 1, end: 2, text: "true", label: "a" },
    { start: 1, end: 2, text: "true", label: "a" },
    { start: 3, end: 4, text: "true", label: "b" },
  ];
  expect(distinctEdits(edits).map(({ start, label }) => `${start} ${label}`)).toEqual(["1 a", "3 b", "5 a (2)"]);
});

it("excerpt is one line without comments, cut in the middle", () => {
  expect(excerpt("a\n  -- why\n  and b")).toBe("a and b");
  const cut = excerpt(`start ${"x".repeat(100)} end`);
  expect(cut).toHaveLength(70);
  expect(cut).toMatch(/^start .* \.\.\. .* end$/);
});
