import { expect, it } from "vitest";
import type { Mutant } from "../mutants/mutant.ts";
import { type Finding, searchGroups } from "./group-search.ts";

const mutants = Array.from({ length: 100 }, (_, place): Mutant => ({
  id: String(place),
  kind: "policy",
  subjects: [],
  sql: "",
  replaces: null,
}));

function run(ask: (ids: readonly string[]) => Finding): { found: Record<string, Finding>; asked: number } {
  const found: Record<string, Finding> = {};
  let asked = 0;
  const groups = searchGroups(mutants, ({ id }, finding) => {
    if (finding !== "nothing") found[id] = finding;
  });
  for (const group of groups) {
    asked += 1;
    groups.answer(ask(group.map(({ id }) => id)));
  }
  return { found, asked };
}

it("asks once when nothing is noticed", () => {
  expect(run(() => "nothing")).toEqual({ found: {}, asked: 1 });
});

it("finds those that are noticed, in far fewer questions than mutants", () => {
  const noticed = ["0", "41", "42", "99"];
  const { found, asked } = run((ids) => (ids.some((id) => noticed.includes(id)) ? "noticed" : "nothing"));
  expect(Object.keys(found).sort()).toEqual([...noticed].sort());
  expect(asked).toBeLessThan(40);
});

it("finds all of them when all are noticed", () => {
  expect(Object.keys(run(() => "noticed").found)).toHaveLength(100);
});

it("finds one that cannot be made, and what stands beside it", () => {
  const { found } = run((ids) => (ids.includes("7") ? "stillborn" : ids.includes("8") ? "noticed" : "nothing"));
  expect(found).toEqual({ 7: "stillborn", 8: "noticed" });
});

it("blames nobody for what only two of them do together", () => {
  expect(run((ids) => (ids.includes("3") && ids.includes("80") ? "noticed" : "nothing")).found).toEqual({});
});
