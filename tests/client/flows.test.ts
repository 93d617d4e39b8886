import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import { createFlow, freezeFlow, listFlows, searchFlows, updateFlow } from "../../client/testing/flows.ts";
import {
  insertStep,
  listSteps,
  moveStep,
  removeStep,
  replaceSteps,
  searchSteps,
  updateStep,
} from "../../client/testing/steps.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails } from "../helpers/rowhouse-clients.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

let team: Team;
// Somebody with a tenant of their own.
let other: { readonly owner: Person; readonly tenant: string };

beforeAll(async () => {
  team = await foundTeam();
  const owner = await signUp("stranger");
  other = { owner, tenant: await foundTenant(owner) };
});

it("T3 X5 a member makes a flow, orders its steps, and freezes it; a viewer reads it only", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const flow = await orThrow(createFlow(member, { name: "Login", tags: ["smoke"], settings: { locale: "en" } }));
  const flow_id = flow.id;
  const open = await orThrow(insertStep(member, { flow_id, action: "navigate", value: "/login" }));
  const press = await orThrow(insertStep(member, { flow_id, action: "click", target: "#go" }));
  const type = await orThrow(insertStep(member, { flow_id, action: "fill", target: "#name", value: "x" }));
  expect((await orThrow(listSteps(viewer, { flow_id }))).map(({ id }) => id)).toEqual([open, press, type]);
  expect(await orThrow(freezeFlow(member, { flow_id }))).toBe(1);
  expect(await orThrow(updateStep(member, { id: type, value: "miles" }))).toMatchObject({ position: 3, value: "miles" });
  expect(await orThrow(freezeFlow(member, { flow_id }))).toBe(2);
  await orThrow(moveStep(member, { step_id: open, place: 3 }));
  expect((await orThrow(listSteps(viewer, { flow_id }))).map(({ id }) => id)).toEqual([press, type, open]);
  await orThrow(removeStep(member, { step_id: open }));
  const first = await orThrow(insertStep(member, { flow_id, action: "navigate", value: "/login", place: 1 }));
  expect((await orThrow(listSteps(viewer, { flow_id }))).map(({ id }) => id)).toEqual([first, press, type]);
  await orThrow(removeStep(member, { step_id: first }));
  expect((await orThrow(listSteps(viewer, { flow_id }))).map(({ id, position }) => [id, position]))
    .toEqual([[press, 1], [type, 2]]);
  const steps = [{ action: "navigate", value: "/" }, { action: "assert_visible", target: "main" }] as const;
  expect(await orThrow(replaceSteps(member, { flow_id, steps: [...steps] }))).toBe(2);

  await fails(createFlow(viewer, { name: "Not mine" }), "42501");
  await fails(insertStep(viewer, { flow_id, action: "press", value: "Enter" }), "42501");
  await fails(freezeFlow(viewer, { flow_id }), "42501");
  await fails(updateFlow(viewer, { id: flow_id, name: "Renamed" }), "PT404");
  expect(await orThrow(updateFlow(member, { id: flow_id, is_archived: true }))).toMatchObject({ is_archived: true });
  await fails(insertStep(member, { flow_id, action: "press", value: "Enter" }), "PT409", /archived/);
});

it("S4 X5 another tenant's flow answers like one that is not there", async () => {
  const flow = await orThrow(createFlow(at(team.member, team.tenant), { name: "Ours" }));
  const intruder = at(other.owner, team.tenant);
  const stranger = at(other.owner, other.tenant);
  const press = { flow_id: flow.id, action: "press", value: "Enter" } as const;
  await fails(insertStep(intruder, press), "PT404");
  await fails(insertStep(stranger, press), "PT404");
  await fails(updateFlow(intruder, { id: flow.id, name: "Theirs" }), "PT404");
  await fails(updateFlow(stranger, { id: flow.id, name: "Theirs" }), "PT404");
  expect(await orThrow(listFlows(intruder))).toEqual({ rows: [], next: null });
  await fails(searchFlows(intruder, { query: "ours" }), "PT404");
  await fails(createFlow(intruder, { name: "Planted" }), "42501");
});

it("T9 X5 pages and searches go on where the page before ended, and miss nothing", async () => {
  const member = at(team.member, team.tenant);
  const names = ["one", "two", "three", "four", "five"].map((number) => `Checkout ${number}`);
  for (const name of names) await orThrow(createFlow(member, { name, tags: ["paged"] }));
  const expected = [...names].reverse();
  const listed: string[] = [];
  let after = null;
  do {
    const page: Awaited<ReturnType<typeof listFlows>> = await listFlows(member, { page_size: 2, after });
    listed.push(...(page.data?.rows ?? []).map(({ name }) => name));
    after = page.data?.next ?? null;
  } while (after !== null);
  expect(listed.filter((name) => names.includes(name))).toEqual(expected);
  expect(new Set(listed).size).toBe(listed.length);

  const first = await orThrow(searchFlows(member, { query: "checkout", tagged: ["paged"], page_size: 3 }));
  const second = await orThrow(searchFlows(member, { query: "checkout", page_size: 3, after: first.next }));
  expect([...first.rows, ...second.rows].map(({ name }) => name)).toEqual(expected);
  expect(second.next).toBeNull();
  const tagged = await orThrow(searchFlows(member, { tagged: ["paged"] }));
  expect(tagged.rows.map(({ rank }) => rank)).toEqual([null, null, null, null, null]);
  await fails(searchFlows(member, {}), "22023", /nothing to search/);
});

it("T9 X5 steps are found by their words and by what is expected", async () => {
  const member = at(team.member, team.tenant);
  const flow = await orThrow(createFlow(member, { name: "Search of steps" }));
  const shot = { action: "compare_screenshot", description: "The basket", expectation: { max_difference: 0.01 } } as const;
  await orThrow(replaceSteps(member, { flow_id: flow.id, steps: [shot, { action: "press", value: "Escape" }] }));
  const [byWord] = (await orThrow(searchSteps(member, { query: "basket" }))).rows;
  const [byFilter] = (await orThrow(searchSteps(member, { filter: { max_difference: 0.01 } }))).rows;
  expect([byWord?.action, byFilter?.id]).toEqual(["compare_screenshot", byWord?.id]);
  await fails(
    replaceSteps(member, { flow_id: flow.id, steps: [shot, { action: "click" }] }),
    "23514",
    /target_is_there_for_an_action_on_an_element/,
  );
});
