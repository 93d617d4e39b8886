import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import { recordKnowledgeAccess, searchKnowledge } from "../../client/orchestration/knowledge-search.ts";
import { listArticles, readArticle, saveArticle, updateArticle } from "../../client/orchestration/knowledge.ts";
import { listLearning, recordLearning, updateLearning } from "../../client/orchestration/learning.ts";
import {
  listTemplates,
  readTemplate,
  recordTemplateUse,
  saveTemplate,
  updateTemplate,
} from "../../client/orchestration/templates.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails } from "../helpers/rowhouse-clients.ts";
import { openSql } from "../helpers/sql.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

const sql = openSql();
let team: Team;
// Somebody with a tenant of their own.
let other: { readonly owner: Person; readonly tenant: string };

beforeAll(async () => {
  team = await foundTeam();
  const owner = await signUp("stranger");
  other = { owner, tenant: await foundTenant(owner) };
});

it("O5 X5 a manager saves templates in versions; their use is counted, and what it taught recorded", async () => {
  const [manager, member, viewer] = [
    at(team.manager, team.tenant),
    at(team.member, team.tenant),
    at(team.viewer, team.tenant),
  ];
  const first = await orThrow(
    saveTemplate(manager, { name: "Release", type: "workflow", content: { phases: ["build"] } }),
  );
  const second = await orThrow(saveTemplate(manager, { name: "Release", version: 2, type: "workflow", tags: ["new"] }));
  await fails(saveTemplate(manager, { name: "Release", version: 2, type: "workflow" }), "23505");
  expect(await orThrow(updateTemplate(manager, { id: first.id, is_active: false }))).toMatchObject({
    version: 1,
    is_active: false,
  });
  expect(await orThrow(recordTemplateUse(member, { template_id: second.id, is_success: true }))).toBe(1);
  expect(await orThrow(recordTemplateUse(member, { template_id: second.id, is_success: false }))).toBe(0.5);
  expect(await orThrow(readTemplate(viewer, { id: first.id }))).toMatchObject({
    content: { phases: ["build"] },
    success_rate: null,
  });
  expect((await orThrow(listTemplates(viewer, { name: "Release", is_active: true }))).rows)
    .toMatchObject([{ id: second.id, usage_count: 2, success_rate: 0.5 }]);
  expect((await orThrow(listTemplates(viewer, { type: "prompt" }))).rows).toEqual([]);

  const learned = {
    type: "estimate",
    subject: "Releases take three days",
    template_id: second.id,
    confidence: 0.7,
  } as const;
  const learning = await orThrow(recordLearning(member, learned));
  expect(await orThrow(updateLearning(member, { id: learning.id, effectiveness: 1 }))).toMatchObject({
    ...learned,
    effectiveness: 1,
  });
  expect((await orThrow(listLearning(viewer, { type: "estimate", confidence: 0.7 }))).rows.map(({ id }) => id)).toEqual(
    [learning.id],
  );
  expect((await orThrow(listLearning(viewer, { template_id: second.id, confidence: 0.8 }))).rows).toEqual([]);

  await fails(saveTemplate(member, { name: "Mine", type: "prompt" }), "42501");
  await fails(recordTemplateUse(viewer, { template_id: second.id, is_success: true }), "42501");
  await fails(recordLearning(viewer, learned), "42501");
  for (const confidence of [1.1, -0.1, Number.NaN]) {
    await fails(recordLearning(member, { ...learned, confidence }), "invalid_input", /^confidence/);
  }
  // @ts-expect-error a type that there is not
  await fails(saveTemplate(manager, { name: "Mine", type: "mould" }), "invalid_input", /^type/);
  await fails(recordTemplateUse(at(other.owner, other.tenant), { template_id: second.id, is_success: true }), "PT404");
  await fails(recordLearning(at(other.owner, other.tenant), learned), "23503");
  await fails(readTemplate(at(other.owner, team.tenant), { id: first.id }), "PT404");
  expect((await orThrow(listLearning(at(other.owner, team.tenant)))).rows).toEqual([]);
});

it("O5 X5 articles are found by the words of their language, and their readings counted", async () => {
  const [member, viewer, stranger] = [
    at(team.member, team.tenant),
    at(team.viewer, team.tenant),
    at(other.owner, team.tenant),
  ];
  const howto = await orThrow(saveArticle(member, {
    title: "Welding robots",
    body: "Calibrating the welding robots takes an hour.",
    type: "howto",
    tags: ["robot"],
  }));
  const german = await orThrow(saveArticle(member, {
    title: "Roboter",
    body: "Das Kalibrieren des Roboters dauert eine Stunde.",
    language: "german",
  }));
  const found = async (input: Parameters<typeof searchKnowledge>[1]) =>
    (await orThrow(searchKnowledge(viewer, input))).map(({ id }) => id);
  expect(await found({ query: "calibrate robot" })).toEqual([howto.id]);
  expect(await found({ query: "Stunden", in_language: "german" })).toEqual([german.id]);
  expect(await found({ query: "robot or roboter", page_size: 1, skip: 2 })).toEqual([]);
  expect(await found({ query: "robot", of_type: "decision" })).toEqual([]);
  expect(await found({ query: "robot", tag: "robot" })).toEqual([howto.id]);
  expect((await orThrow(searchKnowledge(viewer, { query: "welding" })))[0]?.excerpt).toContain("⟦welding⟧");
  expect(await orThrow(updateArticle(member, { id: howto.id, tags: [] }))).toMatchObject({
    tags: [],
    body: howto.body,
  });
  expect((await orThrow(listArticles(viewer, { language: "german" }))).rows.map(({ id }) => id)).toEqual([german.id]);
  expect(await orThrow(recordKnowledgeAccess(viewer, { article_id: howto.id }))).toBeNull();
  await sql`select ops.count_knowledge_accesses()`;
  expect(await orThrow(readArticle(viewer, { id: howto.id }))).toMatchObject({ access_count: 1, type: "howto" });

  await fails(saveArticle(viewer, { title: "Mine", body: "Text." }), "42501");
  await fails(updateArticle(viewer, { id: howto.id, title: "Renamed" }), "PT404");
  await fails(saveArticle(member, { title: "Mine", body: "" }), "invalid_input", /^body/);
  await fails(saveArticle(member, { title: "Mine", body: "Text.", language: "klingon" }), "23514", /language_is_known/);
  await fails(searchKnowledge(viewer, { query: "the", in_language: "english" }), "22023", /a word that has to occur/);
  await fails(searchKnowledge(stranger, { query: "robot" }), "PT404");
  await fails(recordKnowledgeAccess(stranger, { article_id: howto.id }), "PT404");
  expect((await orThrow(listArticles(stranger))).rows).toEqual([]);
});
