import { expect, it } from "vitest";
import { applyEdit } from "./edits.ts";
import { lowerRoles } from "./roles.ts";
import { tokenize } from "./tokens.ts";

function lowered(text: string): string[] {
  const source = { text, tokens: tokenize(text) };
  return lowerRoles(source, (at) => source.tokens[at - 1]?.text === "(").map((edit) => applyEdit(text, edit));
}

it("asks the role below, and the lowest, of a reach", () => {
  expect(lowered("select r.admin from private.my_reach r")).toEqual([
    "select r.manager from private.my_reach r",
    "select r.customer from private.my_reach r",
  ]);
  expect(lowered("select x.viewer from private.reach as x")).toEqual(["select x.customer from private.reach as x"]);
});

it("lets whoever reads stand in for whoever reaches all branches", () => {
  expect(lowered("select r.unconfined from private.my_reach r")).toEqual(["select r.viewer from private.my_reach r"]);
});

it("leaves the lowest role and columns of other tables alone", () => {
  expect(lowered("select r.customer, r.branches from private.my_reach r")).toEqual([]);
  expect(lowered("select t.owner from public.things t")).toEqual([]);
});

it("lowers a literal where a role is asked for", () => {
  expect(lowered("f('owner') || 'owner'")).toEqual(["f('admin') || 'owner'", "f('customer') || 'owner'"]);
});
