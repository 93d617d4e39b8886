import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { dataOf, succeeds } from "../helpers/answers.ts";
import { uuidsIn } from "../helpers/holdings.ts";
import { rest, type RestAnswer, type RestRequest } from "../helpers/http.ts";
import { attemptCalls, readSurface, type Target } from "../helpers/intrusion.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { beginConversation, foundTenant, invite, say } from "../helpers/teams.ts";

const sql = openSql();

interface Ids {
  readonly tenant: string;
  readonly branch: string;
  readonly project: string;
  readonly conversation: string;
  readonly message: string;
  readonly invitation: string;
  readonly user: string;
}

let asker: Person;
let own: string;
let ownMessage: string;
let real: Ids;
let madeUp: Ids;

beforeAll(async () => {
  const [one, stranger] = await Promise.all([signUp("asker"), signUp("stranger")]);
  asker = one;
  own = await foundTenant(asker);
  ownMessage = await say(asker, own, await beginConversation(asker, own));
  real = await holdingsOf(stranger);
  const id = (): string => randomUUID();
  madeUp = {
    tenant: id(),
    branch: id(),
    project: id(),
    conversation: id(),
    message: id(),
    invitation: id(),
    user: id(),
  };
});

describe("S4 another tenant's id answers like one that does not exist", () => {
  it("S4 S7 in every function, word for word", async () => {
    const surface = await readSurface(sql);
    const answers = async (ids: Ids): Promise<string[]> => {
      const calls = await attemptCalls(asker.token, surface, targetOf(ids));
      return calls.map(({ what, answer }) => `${what}: ${plain(answer)}`);
    };
    const elsewhere = await answers(real);
    expect(elsewhere).toEqual(await answers(madeUp));
    const naming = surface.functions.filter((fn) => fn.args.some((arg) => arg.name === "tenant_id"));
    for (const { name } of naming) {
      expect(elsewhere.find((line) => line.startsWith(`POST rpc/${name}:`))).toMatch(/: (404 .*PT404|403 .*42501)/);
    }
  });

  it("S4 S7 in functions called for one's own tenant with the ids of another", async () => {
    const surface = await readSurface(sql);
    // To close or leave one's own tenant is no question about another one.
    const functions = surface.functions.filter(({ name }) => !["set_tenant_status", "leave_tenant"].includes(name));
    const answers = async (ids: Ids): Promise<string[]> => {
      const calls = await attemptCalls(asker.token, { ...surface, functions }, { ...targetOf(ids), tenant: own });
      return calls.map(({ what, answer }) => `${what}: ${plain(answer)}`);
    };
    const first = await answers(real);
    expect(first).toEqual(await answers(madeUp));
    expect(first.find((line) => line.includes("rate_message"))).toMatch(/: 409 .*23503/);
    expect(first.find((line) => line.includes("remove_member"))).toMatch(/: 404 .*PT404/);
  });

  const asks: [string, (ids: Ids) => [string, RestRequest], RegExp][] = [
    ["reading by id", (ids) => [`messages?id=eq.${ids.message}`, {}], /^200 \[\]$/],
    ["changing by id", (ids) => [`messages?id=eq.${ids.message}`, patch({ content: "x" })], /^200 \[\]$/],
    ["deleting by id", (ids) => [`messages?id=eq.${ids.message}`, remove()], /^200 \[\]$/],
    ["a conversation in that tenant", (ids) => ["conversations", post({ tenant_id: ids.tenant })], /^403 .*42501/],
    [
      "a project in that tenant",
      (ids) => ["projects", post({ tenant_id: ids.tenant, name: "Secret" })],
      /^403 .*42501/,
    ],
    [
      "a message in that conversation, under one's own tenant",
      (ids) => ["messages", post({ tenant_id: own, conversation_id: ids.conversation, role: "user", content: "x" })],
      /^409 .*23503/,
    ],
    [
      "a conversation about that project",
      (ids) => ["conversations", post({ tenant_id: own, project_id: ids.project })],
      /^409 .*23503/,
    ],
    [
      "a project in that branch",
      (ids) => ["projects", post({ tenant_id: own, name: "P", branch_id: ids.branch })],
      /^409 .*23503/,
    ],
    [
      "a rating of that message",
      (ids) => ["feedback", post({ tenant_id: own, message_id: ids.message, rating: "up" })],
      /^409 .*23503/,
    ],
    [
      "a rating in the name of that user",
      (ids) => ["feedback", post({ tenant_id: own, message_id: ownMessage, user_id: ids.user, rating: "up" })],
      /^403 .*42501/,
    ],
    [
      "an upsert on that message's id",
      (
        ids,
      ) => [
        "messages?on_conflict=tenant_id,id",
        upsert("merge", { tenant_id: ids.tenant, id: ids.message, role: "user", content: "x" }),
      ],
      /^403 .*42501/,
    ],
    [
      "an upsert of a rating on that message",
      (
        ids,
      ) => [
        "feedback?on_conflict=tenant_id,message_id,user_id",
        upsert("merge", { tenant_id: ids.tenant, message_id: ids.message, rating: "up" }),
      ],
      /^403 .*42501/,
    ],
    [
      "an insert that ignores what is there",
      (
        ids,
      ) => [
        "feedback?on_conflict=tenant_id,message_id,user_id",
        upsert("ignore", { tenant_id: ids.tenant, message_id: ids.message, rating: "up" }),
      ],
      /^403 .*42501/,
    ],
    [
      "an insert of a branch's name that ignores what is there",
      (ids) => ["branches?on_conflict=tenant_id,name", upsert("ignore", { tenant_id: ids.tenant, name: "Secret" })],
      /^403 .*42501/,
    ],
  ];
  it.each(asks)("S4 %s", async (_, ask, expected) => {
    const answer = async (ids: Ids): Promise<string> =>
      plain(await rest(ask(ids)[0], { token: asker.token, ...ask(ids)[1] }));
    const elsewhere = await answer(real);
    expect(elsewhere).toBe(await answer(madeUp));
    expect(elsewhere).toMatch(expected);
  });

  it("S4 a name that another tenant uses is free, whatever is unique within a tenant", async () => {
    await succeeds(asker.client.from("branches").insert({ tenant_id: own, name: "Secret", code: "SECRET" }));
    await succeeds(asker.client.from("projects").insert({ tenant_id: own, name: "Secret" }));
    await dataOf(asker.client.rpc("invite_member", { tenant_id: own, email: "secret@example.test", role: "viewer" }));
  });
});

async function holdingsOf(person: Person): Promise<Ids> {
  const tenant = await foundTenant(person);
  const { client } = person;
  const named = { tenant_id: tenant, name: "Secret" };
  const branch = await dataOf(client.from("branches").insert({ ...named, code: "SECRET" }).select("id").single());
  const project = await dataOf(client.from("projects").insert(named).select("id").single());
  const conversation = await beginConversation(person, tenant);
  const message = await say(person, tenant, conversation);
  await dataOf(client.rpc("rate_message", { tenant_id: tenant, message_id: message, rating: "up" }));
  await invite(person, tenant, "secret@example.test", "viewer");
  const invitation = await dataOf(client.from("invitations").select("id").single());
  return {
    tenant,
    branch: branch.id,
    project: project.id,
    conversation,
    message,
    invitation: invitation.id,
    user: person.id,
  };
}

function targetOf(ids: Ids): Target {
  return {
    tenant: ids.tenant,
    secrets: new Set(),
    ids: { user_id: ids.user, message_id: ids.message, invitation_id: ids.invitation, branch_ids: [ids.branch] },
  };
}

/** Status and body without ids and times, which differ by themselves. */
function plain(answer: RestAnswer): string {
  let text = answer.text.replace(/\d{4}-\d\d-\d\d[T ][\d:.]+\+[\d:]+/g, "<time>");
  for (const id of uuidsIn(text)) text = text.replaceAll(id, "<id>");
  return `${answer.status} ${text}`;
}

const representation = { prefer: "return=representation" };

function post(body: unknown): RestRequest {
  return { method: "POST", body };
}

function patch(body: unknown): RestRequest {
  return { method: "PATCH", body, headers: representation };
}

function remove(): RestRequest {
  return { method: "DELETE", headers: representation };
}

function upsert(kind: "merge" | "ignore", body: unknown): RestRequest {
  return { method: "POST", body, headers: { prefer: `return=minimal,resolution=${kind}-duplicates` } };
}
