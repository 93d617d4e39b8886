import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import {
  createAiGeneration,
  listAiGenerations,
  searchAiGenerations,
  updateAiGeneration,
} from "../../client/testing/ai-generations.ts";
import {
  closeBrowserSession,
  listBrowserSessions,
  openBrowserSession,
  searchBrowserSessions,
  updateBrowserSession,
} from "../../client/testing/browser-sessions.ts";
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

it("T1 X5 a generation goes from queued to succeeded, by whoever asked for it", async () => {
  const [member, colleague, viewer] = [team.member, team.admin, team.viewer].map((person) => at(person, team.tenant));
  if (member === undefined || colleague === undefined || viewer === undefined) throw new Error("Three were asked for.");
  const prompt = "A test for the basket.";
  const made = await orThrow(createAiGeneration(member, { prompt, model: "small", kind: "test" }));
  expect(made).toMatchObject({ status: "queued", created_by: team.member.id, duration_ms: null });
  await fails(updateAiGeneration(colleague, { id: made.id, status: "running" }), "PT404");
  await fails(updateAiGeneration(member, { id: made.id, status: "succeeded", result: {} }), "PT409");
  await orThrow(updateAiGeneration(member, { id: made.id, status: "running" }));
  const done = await orThrow(updateAiGeneration(member, {
    id: made.id, status: "succeeded", result: { code: "await page.goto('/basket')" }, prompt_tokens: 12, cost: 0.0004,
  }));
  expect(done).toMatchObject({ status: "succeeded", prompt_tokens: 12 });
  await fails(createAiGeneration(viewer, { prompt, model: "small" }), "42501");
  await fails(createAiGeneration(member, { prompt: "", model: "small" }), "invalid_input", /^prompt/);
  // @ts-expect-error a status that there is not
  await fails(updateAiGeneration(member, { id: made.id, status: "done" }), "invalid_input", /^status/);

  expect((await orThrow(listAiGenerations(viewer, { status: "succeeded" }))).rows.map(({ id }) => id)).toEqual([made.id]);
  expect((await orThrow(listAiGenerations(viewer, { status: "failed" }))).rows).toEqual([]);
  expect((await orThrow(searchAiGenerations(viewer, { query: "basket" }))).rows).toMatchObject([{ prompt_start: prompt }]);
  await fails(searchAiGenerations(at(other.owner, team.tenant), { query: "basket" }), "PT404");
});

it("T2 X5 a session is opened, reported on and closed with what it left behind", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const opened = await orThrow(openBrowserSession(member, { browser: "firefox", name: "Nightly basket" }));
  const id = opened.id;
  expect(opened).toMatchObject({ status: "starting", viewport_width: 1280 });
  const video = { kind: "video", path: "runs/1.webm", seconds: 12 };
  expect(await orThrow(updateBrowserSession(member, { id, status: "running", artefacts: [video] })))
    .toMatchObject({ status: "running", has_video: true });
  const closed = await orThrow(closeBrowserSession(member, { id, status: "failed", error: "The button was gone." }));
  expect(closed).toMatchObject({ status: "failed", artefact_count: 1 });
  await fails(closeBrowserSession(member, { id, status: "completed" }), "PT409");
  await fails(openBrowserSession(viewer, { browser: "firefox" }), "42501");
  // @ts-expect-error a session that failed says why
  await fails(closeBrowserSession(member, { id, status: "failed" }), "invalid_input", /^error/);
  const both = [{ kind: "video", path: "a.webm", url: "https://example.test/a.webm" }];
  // @ts-expect-error an artefact has one of the two
  await fails(updateBrowserSession(member, { id, artefacts: both }), "invalid_input", /^artefacts\.0/);

  expect((await orThrow(listBrowserSessions(viewer, { browser: "firefox", status: "failed" }))).rows).toHaveLength(1);
  expect((await orThrow(listBrowserSessions(viewer, { browser: "webkit" }))).rows).toEqual([]);
  expect((await orThrow(searchBrowserSessions(viewer, { filter: { kind: "video" } }))).rows).toMatchObject([{ id }]);
  expect((await orThrow(listBrowserSessions(at(other.owner, team.tenant)))).rows).toEqual([]);
});
