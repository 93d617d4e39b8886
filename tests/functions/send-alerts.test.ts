import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { type FunctionsHost, serveFunctions } from "../helpers/functions-host.ts";
import { startWebhook, type TestWebhook } from "../helpers/webhook.ts";

/** A database that is nearly full, and on which only this and the checking itself are checked. */
async function createFullDatabase(): Promise<TestDatabase> {
  const database = await createDatabase({ migrated: true });
  const { sql } = database;
  await sql`update ops.health_checks set is_enabled = name in ('table_growth', 'health_runs_are_recent')`;
  await sql`update ops.metrics set is_enabled = false`;
  await sql`
    insert into ops.metric_samples (metric, sampled_at, value)
    select 'database_bytes', now() - make_interval(hours => h), 7.9e9 - 1e7 * h from generate_series(0, 100) as h
  `;
  return database;
}

describe("send-alerts", () => {
  let database: TestDatabase;
  let webhook: TestWebhook;
  let functions: FunctionsHost;

  beforeAll(async () => {
    webhook = await startWebhook();
    database = await createFullDatabase();
    functions = await serveFunctions(database.url, { ALERT_WEBHOOK_URL: webhook.url });
  });

  /** As if the delay until the next attempt were over. */
  async function passDelay(): Promise<void> {
    await database.sql`update ops.alert_deliveries set next_attempt_at = now() where finished_at is null`;
  }

  it("P4: found, told once at the third attempt, acknowledged, resolved by itself and told", async () => {
    const { sql } = database;
    const finding = `[critical] table_growth: The database has 7534 MB and reaches 7629 MB in 0.4 days`;

    const found = await functions.call("health-check");
    expect(found).toMatchObject({ status: 200, json: { status: "critical", alerts: { opened: 1 } } });
    const again = await functions.call("health-check");
    expect(again).toMatchObject({ status: 200, json: { status: "critical", alerts: { opened: 0 } } });

    webhook.answers.push(500, 500);
    for (const attempt of [1, 2]) {
      expect(await functions.call("send-alerts"), `attempt ${attempt}`).toMatchObject({
        status: 502,
        json: { error: { code: "alerts_not_sent", message: "The webhook answered 500." }, failed: 1, waiting: 1 },
      });
      // Not yet due, it is not tried.
      expect(await functions.call("send-alerts")).toMatchObject({ status: 200, json: { sent: 0, waiting: 1 } });
      await passDelay();
    }
    expect(await functions.call("send-alerts")).toMatchObject({ status: 200, json: { sent: 1, waiting: 0 } });
    await passDelay();
    expect(await functions.call("send-alerts")).toMatchObject({ status: 200, json: { sent: 0, waiting: 0 } });
    expect(webhook.texts).toHaveLength(3);
    for (const text of webhook.texts) expect(text).toContain(`New: ${finding}`);
    expect(await sql`select d.event, d.state, d.attempts, d.response_status from ops.alert_deliveries as d`).toEqual([
      { event: "opened", state: "sent", attempts: 3, response_status: 200 },
    ]);

    const [alert] = await sql<{ id: string; finding_count: number }[]>`select a.id, a.finding_count from ops.get_alerts() as a`;
    expect(alert?.finding_count).toBe(2);
    await sql`select ops.acknowledge_alert(${alert?.id ?? ""}, 'a larger disk is ordered')`;
    await functions.call("send-alerts");
    expect(webhook.texts[3]).toContain(`Acknowledged by postgres (a larger disk is ordered): ${finding}`);

    await sql`update ops.metric_samples set value = value / 10 where metric = 'database_bytes'`;
    expect(await functions.call("health-check")).toMatchObject({ json: { status: "ok", alerts: { resolved: 0 } } });
    expect(await functions.call("health-check")).toMatchObject({ json: { status: "ok", alerts: { resolved: 1 } } });
    await functions.call("send-alerts");
    expect(webhook.texts[4]).toContain(`Resolved: ${finding}`);
    expect(webhook.texts).toHaveLength(5);
    expect(await sql`select a.state, a.resolved_by from ops.alerts as a`).toEqual([{ state: "resolved", resolved_by: null }]);
  });

  it("P4: tells that the checking stopped, once, and that it goes on", async () => {
    const { sql } = database;
    const before = webhook.texts.length;
    await sql`update ops.health_runs set started_at = started_at - interval '1 day'`;
    await sql`alter table ops.schedules disable trigger _200_touch`;
    await sql`update ops.schedules set updated_at = now() - interval '2 days' where name = 'health-check'`;
    for (const sent of [1, 0]) expect(await functions.call("send-alerts")).toMatchObject({ status: 200, json: { sent } });
    expect(webhook.texts[before]).toMatch(/^New: \[critical\] health_runs_are_recent: The checking stopped: no health run since /);
    await functions.call("health-check");
    for (const sent of [1, 0]) expect(await functions.call("send-alerts")).toMatchObject({ status: 200, json: { sent } });
    expect(webhook.texts.slice(before + 1)).toEqual([expect.stringMatching(/^Resolved: .*The checking stopped/)]);
  });
});

describe("send-alerts without a webhook", () => {
  it("P4: says so, and what is to be told waits untouched", async () => {
    const database = await createFullDatabase();
    const functions = await serveFunctions(database.url);
    await functions.call("health-check");
    const message = "ALERT_WEBHOOK_URL is not set: nothing is sent.";
    for (const _ of [1, 2]) {
      expect(await functions.call("send-alerts")).toEqual({
        status: 200,
        json: { sent: 0, failed: 0, dead: 0, waiting: 1, message },
      });
    }
    expect(await database.sql`select d.state, d.attempts from ops.alert_deliveries as d`).toEqual([
      { state: "pending", attempts: 0 },
    ]);
    expect(await functions.call("send-alerts", "another-secret-of-thirty-two-characters")).toMatchObject({ status: 401 });
  });
});
