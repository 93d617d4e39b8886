import { beforeAll, expect, it } from "vitest";
import { orThrow } from "../../client/core/result.ts";
import { inTenant } from "../../client/core/create-rowhouse-client.ts";
import {
  finishCommunication,
  listCommunications,
  readCommunication,
  retryCommunication,
  startCommunication,
} from "../../client/orchestration/communications.ts";
import {
  listComponents,
  recordHeartbeat,
  registerComponent,
  setComponentCredentials,
  updateComponent,
} from "../../client/orchestration/components.ts";
import { listEvents, logEvent } from "../../client/orchestration/events.ts";
import { listSystemHealth } from "../../client/orchestration/system-health.ts";
import { type Person, signUp } from "../helpers/people.ts";
import { at, fails, serviceClient } from "../helpers/rowhouse-clients.ts";
import { openSql } from "../helpers/sql.ts";
import { foundTeam, foundTenant, type Team } from "../helpers/teams.ts";

const sql = openSql();
let team: Team;
// Somebody with a tenant of their own.
let other: { readonly owner: Person; readonly tenant: string };
let builder: string;
let deployer: string;

beforeAll(async () => {
  team = await foundTeam();
  const owner = await signUp("stranger");
  other = { owner, tenant: await foundTenant(owner) };
  const manager = at(team.manager, team.tenant);
  builder =
    (await orThrow(registerComponent(manager, { name: "Builder", type: "service", capabilities: ["build"] }))).id;
  deployer = (await orThrow(registerComponent(manager, { name: "Deployer", type: "agent" }))).id;
});

it("O4 X5 a manager registers components; they say how they are, and a viewer sees it", async () => {
  const [manager, member, viewer] = [
    at(team.manager, team.tenant),
    at(team.member, team.tenant),
    at(team.viewer, team.tenant),
  ];
  expect(
    await orThrow(
      updateComponent(manager, { id: builder, endpoint: "https://builder.example.test", heartbeat_seconds: 5 }),
    ),
  )
    .toMatchObject({ health_status: "unknown", heartbeat_seconds: 5 });
  await orThrow(
    recordHeartbeat(member, { component_id: builder, status: "degraded", details: { queue: 9 }, version: "2.1" }),
  );
  expect((await orThrow(listComponents(viewer, { health_status: "degraded" }))).rows)
    .toMatchObject([{ id: builder, version: "2.1", health_details: { queue: 9 } }]);
  expect((await orThrow(listComponents(viewer, { type: "agent" }))).rows.map(({ id }) => id)).toEqual([deployer]);
  expect((await orThrow(listSystemHealth(viewer, { component_id: builder }))).rows).toMatchObject([{
    status: "degraded",
  }]);
  expect((await orThrow(listSystemHealth(viewer))).rows).toEqual([]);

  await fails(registerComponent(member, { name: "Mine", type: "tool" }), "42501");
  await fails(updateComponent(member, { id: builder, is_enabled: false }), "PT404");
  await fails(recordHeartbeat(viewer, { component_id: builder }), "42501");
  // @ts-expect-error nobody says of themself that they are silent
  await fails(recordHeartbeat(member, { component_id: builder, status: "silent" }), "invalid_input", /^status/);
  const address = "https://ann:secret@builder.example.test";
  await fails(updateComponent(manager, { id: builder, endpoint: address }), "invalid_input", /holds a password/);
  await fails(recordHeartbeat(at(other.owner, other.tenant), { component_id: builder }), "PT404", /component/);
  expect((await orThrow(listComponents(at(other.owner, team.tenant)))).rows).toEqual([]);
});

it("S9 X5 an admin sets credentials, and nobody reads them again but the service role", async () => {
  const [admin, manager] = [at(team.admin, team.tenant), at(team.manager, team.tenant)];
  const credentials = { api_key: "a secret of the builder" };
  await fails(setComponentCredentials(manager, { component_id: builder, credentials }), "42501");
  await fails(setComponentCredentials(admin, { component_id: builder, credentials: {} }), "invalid_input", /is empty/);
  expect(await orThrow(setComponentCredentials(admin, { component_id: builder, credentials }))).toBeNull();
  const { rows } = await orThrow(listComponents(admin, { type: "service" }));
  expect(rows[0]?.credentials_set_at).not.toBeNull();
  expect(JSON.stringify(rows)).not.toContain("secret");
  const asked = { tenant_id: team.tenant, component_id: builder };
  expect((await admin.client.rpc("get_component_credentials", asked)).error?.code).toBe("42501");
  expect((await serviceClient().rpc("get_component_credentials", asked)).data).toEqual(credentials);
  await orThrow(setComponentCredentials(admin, { component_id: builder, credentials: null }));
  expect((await serviceClient().rpc("get_component_credentials", asked)).data).toBeNull();
});

it("O4 X5 a call fails, is tried again and succeeds; an old attempt ends nothing", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const call = { from_component_id: builder, to_component_id: deployer, operation: "deploy" };
  const id = await orThrow(startCommunication(member, { ...call, request: { build: 7 }, correlation_id: "build 7" }));
  const one = { communication_id: id };
  expect(await orThrow(finishCommunication(member, { ...one, attempt: 1, error: "503" }))).toBe("waiting");
  await fails(retryCommunication(member, one), "PT409", /no attempt now/);
  await sql`update public.component_communications set retry_at = now() where id = ${id}`;
  expect(await orThrow(retryCommunication(member, one))).toBe(2);
  await fails(finishCommunication(member, { ...one, attempt: 1, response: {} }), "PT409");
  expect(await orThrow(finishCommunication(member, { ...one, attempt: 2, response: ["done"] }))).toBe("succeeded");
  expect(await orThrow(readCommunication(viewer, { id }))).toMatchObject({
    request: { build: 7 },
    response: ["done"],
    attempt: 2,
  });
  expect((await orThrow(listCommunications(viewer, { correlation_id: "build 7" }))).rows.map((row) => row.id)).toEqual([
    id,
  ]);
  expect((await orThrow(listCommunications(viewer, { to_component_id: builder }))).rows).toEqual([]);

  await fails(startCommunication(viewer, call), "42501");
  await fails(startCommunication(member, { ...call, timeout_ms: 0 }), "invalid_input", /^timeout_ms/);
  await fails(finishCommunication(member, { ...one, attempt: 2, response: 1, error: "x" }), "invalid_input", /^error/);
  await fails(retryCommunication(at(other.owner, other.tenant), one), "PT404");
  expect((await orThrow(listCommunications(at(other.owner, team.tenant)))).rows).toEqual([]);
});

it("O4 X5 events are logged by members and found by what they belong to", async () => {
  const [member, viewer] = [at(team.member, team.tenant), at(team.viewer, team.tenant)];
  const first = await orThrow(logEvent(member, { type: "build.started", correlation_id: "build 8", trace_id: "t1" }));
  const failure = { type: "build.failed", severity: "error", message: "No steel.", payload: { step: 3 } } as const;
  const second = await orThrow(logEvent(member, { ...failure, correlation_id: "build 8", component_id: builder }));
  const third = await orThrow(logEvent(member, { type: "build.started", correlation_id: "build 9" }));
  const found = async (input: Parameters<typeof listEvents>[1]) =>
    (await orThrow(listEvents(viewer, input))).rows.map(({ id }) => id);
  expect(await found({ correlation_id: "build 8" })).toEqual([second, first]);
  expect(await found({ trace_id: "t1" })).toEqual([first]);
  expect(await found({ severities: ["error", "critical"] })).toEqual([second]);
  expect(await found({ component_id: builder, type: "build.failed" })).toEqual([second]);
  const page = await orThrow(listEvents(viewer, { page_size: 2 }));
  expect([...page.rows.map(({ id }) => id), ...await found({ page_size: 2, after: page.next })]).toEqual([
    third,
    second,
    first,
  ]);
  expect(await found({ since: "2099-01-01T00:00:00Z" })).toEqual([]);

  await fails(logEvent(viewer, { type: "build.started" }), "42501");
  await fails(
    logEvent(member, { type: "build.started", created_at: new Date().toISOString() }),
    "42501",
    /happens now/,
  );
  const earlier = new Date(Date.now() - 3_600_000).toISOString();
  await orThrow(logEvent(inTenant(serviceClient(), team.tenant), { type: "build.started", created_at: earlier }));
  // @ts-expect-error a severity that there is not
  await fails(logEvent(member, { type: "build.failed", severity: "fatal" }), "invalid_input", /^severity/);
  await fails(logEvent(member, { ...failure, payload: { share: Number.NaN } }), "invalid_input", /^payload/);
  await fails(logEvent(member, { ...failure, payload: { log: "x".repeat(262_144) } }), "22023", /256 KB/);
  await fails(logEvent(at(other.owner, team.tenant), { type: "build.started" }), "PT404");
  expect((await orThrow(listEvents(at(other.owner, team.tenant)))).rows).toEqual([]);
});
