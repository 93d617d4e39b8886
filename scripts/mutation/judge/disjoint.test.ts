import { expect, it } from "vitest";
import { disjointGroups } from "./disjoint.ts";

it("puts no two mutants of one thing into a group, and those that only add into the first", () => {
  const make = (id: string, replaces: string | null) => ({ id, kind: "policy" as const, subjects: [], sql: "", replaces });
  const groups = disjointGroups([make("1", "a"), make("2", "a"), make("3", null), make("4", "b"), make("5", null), make("6", "a")]);
  expect(groups.map((group) => group.map(({ id }) => id).join(""))).toEqual(["1345", "2", "6"]);
});
