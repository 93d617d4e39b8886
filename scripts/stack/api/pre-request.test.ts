import { SignJWT } from "jose";
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../../../tests/helpers/database.ts";
import { waitFor } from "../../../tests/helpers/wait.ts";
import { type RunningApi, startApi } from "./server.ts";

const KEYS = { publishable_key: "sb_publishable_t", secret_key: "sb_secret_t", jwt_secret: "a secret of 32 characters or more" };
const USER = randomUUID();

/** Tells whoever asks what it found, and stops the request. */
const SCHEMA = `
  create schema hidden;
  grant usage on schema hidden to authenticated;
  create function hidden.report() returns void language plpgsql as $$
  begin
    raise exception using errcode = 'PT418', message = concat_ws(' ',
      current_user, auth.uid(), current_setting('request.method'), current_setting('request.path'),
      current_setting('request.headers')::json ->> 'x-probe', current_setting('statement_timeout'));
  end
  $$;
  create table public.things (id integer primary key);
  grant all on public.things to authenticated;
  create function public.echo() returns integer language sql stable return 1;`;

let admin: postgres.Sql;
let setting: string;
let api: RunningApi;
let token: string;

beforeAll(async () => {
  const database = await createDatabase();
  await database.sql.unsafe(SCHEMA);
  admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
  setting = `alter role authenticator in database "${database.name}"`;
  await admin.unsafe(`${setting} set pgrst.db_pre_request = 'hidden.report'`);
  token = await new SignJWT({ sub: USER, role: "authenticated", aud: "authenticated" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(KEYS.jwt_secret));
  api = await startApi({ port: 0, dbUrl: database.url, keys: KEYS, functionsHost: () => null, log: () => undefined });
});
afterAll(async () => {
  await api.stop();
  await admin.end({ timeout: 5 });
});

function ask(method: string, path: string, probe = "", body?: object): Promise<Response> {
  return fetch(`${api.url}/rest/v1/${path}`, {
    method,
    headers: {
      apikey: KEYS.publishable_key,
      authorization: `Bearer ${token}`,
      "x-probe": probe,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe("the function named by pgrst.db_pre_request", () => {
  it.each([
    ["GET", "things", undefined],
    ["GET", "things?id=eq.1&select=id", undefined],
    ["POST", "things", { id: 1 }],
    ["PATCH", "things?id=eq.1", { id: 2 }],
    ["DELETE", "things?id=eq.1", undefined],
    ["POST", "rpc/echo", {}],
    ["GET", "rpc/echo", undefined],
  ])("is called before %s %s, as its role and with its words", async (method, path, body) => {
    const response = await ask(method, path, "here", body);
    expect(response.status).toBe(418);
    const message = `authenticated ${USER} ${method} /${path.split("?")[0]} here 8s`;
    expect(await response.json()).toMatchObject({ code: "PT418", message });
  });

  it("gives a HEAD request its status too", async () => {
    expect((await ask("HEAD", "things")).status).toBe(418);
  });

  it("finds the words of its own request while many are answered on one pool", async () => {
    const probes = Array.from({ length: 40 }, (_, index) => `probe${index}`);
    const answers = await Promise.all(probes.map(async (probe) => (await ask("GET", "things", probe)).text()));
    expect(answers.map((text) => /probe\d+/.exec(text)?.[0])).toEqual(probes);
  });

  it("is no longer called once the setting is gone and the API was told to read it again", async () => {
    await admin.unsafe(`${setting} reset pgrst.db_pre_request; notify pgrst, 'reload config'`).simple();
    const rows = await waitFor("answer without the function", async () => {
      const response = await ask("GET", "things");
      return response.status === 418 ? undefined : await response.json();
    });
    expect(rows).toEqual([]);
  });
});
