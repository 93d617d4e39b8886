import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createRowhouseClient, inTenant } from "../../client/core/create-rowhouse-client.ts";
import { orThrow } from "../../client/core/result.ts";
import { ANSWER_CODES, RowhouseError } from "../../client/core/rowhouse-error.ts";
import { createFlow, freezeFlow, listFlows, searchFlows, updateFlow } from "../../client/testing/flows.ts";
import { insertStep, moveStep } from "../../client/testing/steps.ts";
import { fails } from "../helpers/rowhouse-clients.ts";

const TENANT = "0193f5a0-0000-7000-8000-00000000000a";

/** A client whose API answers with this; keeps what was sent. */
function answering(answer: () => Response) {
  const requests: string[] = [];
  const bodies: unknown[] = [];
  const client = createRowhouseClient("http://localhost:1", "key", {
    fetch: (input, init) => {
      requests.push(String(input instanceof Request ? input.url : input));
      bodies.push(JSON.parse(String(init?.body ?? "null")));
      return Promise.resolve().then(answer);
    },
  });
  return { requests, bodies, tenant: inTenant(client, TENANT) };
}

it("X5 the client knows every code that the page of errors gives an HTTP status", () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/error-codes.md"), "utf8");
  const answered = [...page.matchAll(/^\| `(PT[0-9]{3}|PGRST[0-9]{3}|[0-9A-Z]{5})` \| (?!none)/gm)].map(([, code]) => code);
  expect([...ANSWER_CODES].sort()).toEqual([...new Set(answered)].sort());
});

it("X5 an error of the database keeps its code, message, details and hint", async () => {
  const body = { code: "PT409", message: "The flow is archived.", details: "flow_id 1", hint: "Open it first." };
  const { tenant } = answering(() => Response.json(body, { status: 409 }));
  const { error } = await freezeFlow(tenant, { flow_id: TENANT });
  expect(error).toBeInstanceOf(RowhouseError);
  expect(error).toMatchObject({ ...body, sqlState: "PT409", issues: [] });
});

it("X5 every other way to fail has a code, and no operation rejects", async () => {
  const outcomes: [() => Response, string, string | null][] = [
    [() => Response.json({ code: "XX000", message: "Out of order." }, { status: 500 }), "unexpected", "XX000"],
    [() => Response.json({ message: "Invalid API key" }, { status: 401 }), "unauthorized", null],
    [() => new Response("busy", { status: 502 }), "unexpected", null],
    [() => Response.json([{ id: 7 }]), "bad_answer", null],
  ];
  for (const [answer, code, sqlState] of outcomes) {
    const { error } = await searchFlows(answering(answer).tenant, { query: "login" });
    expect([error?.code, error?.sqlState]).toEqual([code, sqlState]);
  }
  const away = answering(() => {
    throw new TypeError("fetch failed");
  });
  await fails(createFlow(away.tenant, { name: "Login" }), "no_answer");
  const empty = answering(() => Response.json(null));
  await fails(freezeFlow(empty.tenant, { flow_id: TENANT }), "bad_answer");
  let isSignedIn = true;
  const leaving = createRowhouseClient("http://localhost:1", "key", {
    accessToken: () => (isSignedIn ? Promise.resolve("token") : Promise.reject(new Error("signed out"))),
  });
  isSignedIn = false;
  await fails(createFlow(inTenant(leaving, TENANT), { name: "Login" }), "no_answer");
});

it("X5 input that is wrong is not sent, and every issue says where", async () => {
  const { requests, tenant } = answering(() => Response.json({}));
  const { error } = await createFlow(tenant, { name: " ", tags: ["smoke", ""], base_url: "ftp://example.test" });
  expect(error?.code).toBe("invalid_input");
  expect(error?.message).toMatch(/^name: /);
  expect(error?.issues.map((issue) => issue.path)).toEqual([["name"], ["tags", 1], ["base_url"]]);
  // @ts-expect-error a column that nobody may write
  await fails(createFlow(tenant, { name: "Login", created_by: TENANT }), "invalid_input", /created_by/);
  await fails(updateFlow(tenant, { id: TENANT }), "invalid_input", /^input: names nothing to change/);
  await fails(listFlows(tenant, { page_size: 201 }), "invalid_input", /^page_size/);
  const after = { before: "yesterday", before_id: TENANT };
  await fails(listFlows(tenant, { after }), "invalid_input", /^after\.before: /);
  expect(requests).toEqual([]);
});

it("X5 only wrong configuration is thrown; orThrow throws the error of a result", async () => {
  for (const [url, key] of [["localhost", "key"], ["http://", "key"], ["http://localhost:1", ""]] as const) {
    expect(() => createRowhouseClient(url, key)).toThrow(expect.objectContaining({ code: "misconfigured" }));
  }
  const { tenant } = answering(() => Response.json(3));
  expect(() => inTenant(tenant.client, "acme")).toThrow(expect.objectContaining({ code: "misconfigured" }));
  expect(await orThrow(freezeFlow(tenant, { flow_id: TENANT }))).toBe(3);
  await expect(orThrow(freezeFlow(tenant, { flow_id: "7" }))).rejects.toMatchObject({ code: "invalid_input" });
});

it("T3 X5 the place of a step is sent to the functions that keep the order", async () => {
  const { requests, bodies, tenant } = answering(() => Response.json(TENANT));
  await orThrow(insertStep(tenant, { flow_id: TENANT, action: "press", value: "Enter", place: 2 }));
  await orThrow(moveStep(tenant, { step_id: TENANT, place: 3 }));
  await fails(moveStep(tenant, { step_id: TENANT, place: 0 }), "invalid_input", /^place/);
  expect(requests.map((url) => url.split("/").at(-1))).toEqual(["insert_visual_test_step", "move_visual_test_step"]);
  expect(bodies).toEqual([
    { tenant_id: TENANT, flow_id: TENANT, action: "press", value: "Enter", place: 2 },
    { tenant_id: TENANT, step_id: TENANT, place: 3 },
  ]);
});
