import { randomUUID } from "node:crypto";
import { freshSlug } from "../../helpers/teams.ts";
import { type Case, post, rpc } from "./case.ts";

/** Requests that are wrong before anything is looked at. */
export const requestCases: readonly Case[] = [
  {
    name: "X5 a malformed uuid as a filter",
    call: () => [`messages?id=eq.nonsense`, {}],
    status: 400,
    code: "22P02",
    message: /^invalid input syntax for type uuid: "nonsense"$/,
  },
  {
    name: "X5 a malformed uuid in a row",
    call: () => post("conversations", { tenant_id: "nonsense" }),
    status: 400,
    code: "22P02",
    message: /^invalid input syntax for type uuid: "nonsense"$/,
  },
  {
    name: "X5 an unknown column",
    call: ({ tenant }) => post("conversations", { tenant_id: tenant, titel: "Title" }),
    status: 400,
    code: "PGRST204",
    message: /^Could not find the 'titel' column of 'conversations' in the schema cache$/,
  },
  {
    name: "X5 an unknown column of the prototype",
    call: ({ tenant }) => post("conversations", `{"tenant_id": "${tenant}", "__proto__": {"title": "Title"}}`),
    status: 400,
    code: "PGRST204",
    message: /^Could not find the '__proto__' column/,
  },
  {
    name: "X5 an unknown column to filter by",
    call: () => [`messages?colour=eq.red`, {}],
    status: 400,
    code: "42703",
    message: /^column messages\.colour does not exist$/,
  },
  {
    name: "X5 an unknown operator",
    call: () => [`messages?id=resembles.x`, {}],
    status: 400,
    code: "PGRST100",
    message: /failed to parse filter/,
  },
  {
    name: "X5 a broken regular expression",
    call: () => [`messages?content=match.(`, {}],
    status: 400,
    code: "2201B",
    message: /^invalid regular expression/,
  },
  {
    name: "X5 an unknown table",
    call: () => [`secrets`, {}],
    status: 404,
    code: "PGRST205",
    message: /^Could not find the table 'public\.secrets' in the schema cache$/,
  },
  {
    name: "X5 an unknown function",
    call: () => rpc("drop_everything", {}),
    status: 404,
    code: "PGRST202",
    message: /^Could not find the function public\.drop_everything/,
  },
  {
    name: "X5 an unknown argument",
    call: () => rpc("create_tenant", { name: "Name", slug: freshSlug(), colour: "red" }),
    status: 404,
    code: "PGRST202",
    message: /^Could not find the function public\.create_tenant\(colour, name, slug\)/,
  },
  {
    name: "X5 a missing argument",
    call: () => rpc("create_tenant", { name: "Name" }),
    status: 404,
    code: "PGRST202",
    message: /^Could not find the function public\.create_tenant\(name\)/,
  },
  {
    name: "X5 a function that writes, called as if it read",
    call: () => [`rpc/create_tenant?name=Name&slug=${freshSlug()}`, {}],
    status: 405,
    code: "25006",
    message: /^cannot execute INSERT in a read-only transaction$/,
  },
  {
    name: "X5 one row asked for where there is none",
    call: () => [
      `messages?id=eq.${randomUUID()}`,
      { headers: { accept: "application/vnd.pgrst.object+json" } },
    ],
    status: 406,
    code: "PGRST116",
    message:
      /^(Cannot coerce the result to a single JSON object|JSON object requested, multiple \(or no\) rows returned)$/,
  },
  ...["", "{", "nonsense", '{"tenant_id":', "[}"].map(
    (body): Case => ({
      name: `X5 the body ${JSON.stringify(body)}`,
      call: () => post("conversations", body),
      status: 400,
      code: "PGRST102",
      message: /^Empty or invalid json$/,
    }),
  ),
  {
    name: "X5 a number as body",
    call: () => post("conversations", "5"),
    status: 400,
    // PostgREST says PGRST102, the local API lets the database find it.
    code: /^(PGRST102|42601)$/,
    message: /./,
  },
  {
    name: "X5 a body that is no UTF-8",
    call: ({ tenant }) => {
      const text = Buffer.from(JSON.stringify({ tenant_id: tenant, title: "Title" }));
      text[text.length - 4] = 0xff;
      return post("conversations", text);
    },
    status: 400,
    code: "PGRST102",
    message: /^Empty or invalid json$/,
  },
  {
    name: "X5 metadata nested deeper than the server follows",
    call: ({ tenant }) => {
      const nested = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
      return post("conversations", `{"tenant_id":"${tenant}","metadata":${nested}}`);
    },
    status: [400, 500],
    code: /^(PGRST102|54001|22P02|22030|23514)$/,
    message: /^(Empty or invalid json|stack depth limit exceeded|new row for relation .*)$/,
  },
  {
    name: "X5 another content type",
    call: () => [
      "conversations",
      { method: "POST", body: "title=Title", headers: { "content-type": "text/plain" } },
    ],
    // PostgREST says 415.
    status: [400, 415],
    code: "PGRST102",
    message: /^Content-Type not acceptable: text\/plain$/,
  },
];
