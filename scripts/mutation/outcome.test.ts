import { expect, it } from "vitest";
import type { Verdict } from "./judge/verdict.ts";
import { addUp } from "./outcome.ts";

function verdict(id: string, by: Verdict["by"]): Verdict {
  return { mutant: { id, kind: "policy", subjects: [], sql: "", replaces: null }, by, file: null, message: null };
}

const verdicts = [
  verdict("seen", "behaviour"),
  verdict("in a cell", "matrix"),
  verdict("in the catalogue", "structure"),
  verdict("missed", "nothing"),
  verdict("the same", "nothing"),
  verdict("impossible", "stillborn"),
];
const mutants = verdicts.map(({ mutant }) => mutant);

it("counts both scores over what can be made and noticed", () => {
  const { total, behaviourScore, score, survivors } = addUp(verdicts, { "the same": "because" }, mutants);
  expect(total).toEqual({ made: 6, behaviour: 2, structure: 1, equivalent: 1, survived: 1, stillborn: 1 });
  expect([behaviourScore, score]).toEqual([2 / 4, 3 / 4]);
  expect(survivors.map(({ mutant }) => mutant.id)).toEqual(["missed"]);
});

it("does not let the reviewed list rot", () => {
  const { staleReviews } = addUp(verdicts, { seen: "no", impossible: "no", gone: "no", "the same": "yes" }, mutants);
  expect(staleReviews.map((line) => line.split(":")[0])).toEqual(["gone", "seen", "impossible"]);
});

it("judges only what was asked for against the list", () => {
  const [first] = verdicts;
  expect(addUp(first === undefined ? [] : [first], { "the same": "not judged this time" }, mutants).staleReviews).toEqual([]);
});
