import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { openSession, type Session } from "./sessions-actors.ts";

describe("two senders at once", () => {
  let database: TestDatabase;
  let other: postgres.Sql;

  beforeAll(async () => {
    database = await createDatabase({ migrated: true });
    other = postgres(database.url, { max: 1, onnotice: () => undefined });
    await database.sql`
      insert into ops.alerts (check_name, key, severity, message, state, first_seen_at, last_seen_at)
      select 'probe', key, 'warn', key, 'open', now(), now() from unnest('{a,b,c}'::text[]) as key
    `;
    await database.sql`
      insert into ops.alert_deliveries (alert_id, event, payload)
      select a.id, 'opened', jsonb_build_object('key', a.key) from ops.alerts as a
    `;
  });
  afterAll(() => other.end({ timeout: 5 }));

  function claim(sql: postgres.ISql, batch: number): Promise<string[]> {
    return sql<{ key: string }[]>`
      select c.payload ->> 'key' as key from ops.claim_alert_deliveries(${batch}) as c order by c.id
    `.then((rows) => rows.map(({ key }) => key));
  }

  it("P4: no delivery is claimed twice, and neither waits for the other", async () => {
    await database.sql.begin(async (first) => {
      expect(await claim(first, 2)).toEqual(["a", "b"]);
      await other`set lock_timeout = '1s'`;
      expect(await claim(other, 10)).toEqual(["c"]);
    });
    expect(await claim(other, 10)).toEqual([]);
  });

  it("P4: what is given up is given up once, and nobody waits for that", async () => {
    await database.sql`update ops.alert_deliveries set next_attempt_at = now(), created_at = now() - interval '2 days'`;
    await database.sql.begin(async (first) => {
      expect(await claim(first, 10)).toEqual([]);
      await other`set lock_timeout = '1s'`;
      expect(await claim(other, 10)).toEqual([]);
    });
    const states = await other`select state, count(*)::integer as count from ops.alert_deliveries group by state`;
    expect(states).toEqual([{ state: "expired", count: 3 }]);
    await other`update ops.alert_deliveries set state = 'pending', finished_at = null, created_at = now()`;
  });

  it("P4: what a sender that died had claimed is claimed again after the lease", async () => {
    await database.sql`update ops.alert_deliveries set next_attempt_at = now() - interval '1 second'`;
    expect(await claim(other, 10)).toEqual(["a", "b", "c"]);
    const [row] = await other`select min(d.attempts) as least, max(d.attempts) as most from ops.alert_deliveries as d`;
    expect(row).toEqual({ least: 2, most: 2 });
  });
});

describe("one alert, two at once", () => {
  let database: TestDatabase;
  let first: Session;
  let second: Session;

  beforeAll(async () => {
    database = await createDatabase({ migrated: true });
    first = await openSession(database.url, database.sql);
    second = await openSession(database.url, database.sql);
  });
  beforeEach(async () => {
    await database.sql`delete from ops.alerts`;
    await database.sql`
      insert into ops.alerts (check_name, key, severity, told_severity, message, state, first_seen_at, last_seen_at)
      values ('probe', 'a', 'warn', 'warn', 'a', 'open', now(), now())
    `;
  });
  afterAll(() => Promise.all([first.end(), second.end()]));

  const call = (name: string): string => `select ops.${name} from ops.alerts as a`;
  const FOUND = "select ops.note_finding('probe', ('a', 'critical', 'a', '{}', null)::ops.finding, now())";

  it.each([
    ["who acknowledges what another resolves is told so", call("acknowledge_alert(a.id)"), "PT409", "resolved"],
    ["what another resolves is found again: it opens again", FOUND, "done", "open"],
  ])("P4: %s", async (_, statement, answer, state) => {
    await first.run(`begin; ${call("resolve_alert(a.id)")}`);
    const { done } = await second.runUntilItWaits(statement);
    await first.run("commit");
    expect(await done).toBe(answer);
    expect(await database.sql`select state from ops.alerts`).toEqual([{ state }]);
  });

  it("P4: what another silences meanwhile stays silent, though it became worse", async () => {
    await first.run(`begin; ${call("silence_alert(a.id, now() + interval '1 hour')")}`);
    const { done } = await second.runUntilItWaits(FOUND);
    await first.run("commit");
    expect(await done).toBe("done");
    const rows = await database.sql`select a.state, a.severity, a.silenced_until > now() as is_silent from ops.alerts as a`;
    expect(rows).toEqual([{ state: "silenced", severity: "critical", is_silent: true }]);
  });
});

describe("two health runs at once", () => {
  it("P4: the second says so, and the samples and alerts of the first are whole", async () => {
    const database = await createDatabase({ migrated: true });
    const other = postgres(database.url, { max: 1, onnotice: () => undefined });
    try {
      const answers = await database.sql.begin(async (first) => {
        const [held] = await first`select ops.record_health_check() ->> 'recorded' as recorded`;
        const [refused] = await other`select ops.record_health_check() ->> 'recorded' as recorded`;
        // The check of the checking does not mistake a run in progress for none.
        const [watched] = await other`select ops.watch_health_runs() as watched`;
        return [held?.["recorded"], refused?.["recorded"], watched?.["watched"]];
      });
      expect(answers).toEqual(["true", "false", { events: [], resolved: 0 }]);
      const [next] = await other`select ops.record_health_check() ->> 'recorded' as recorded`;
      expect(next).toEqual({ recorded: "true" });
      expect(await other`select from ops.health_runs`).toHaveLength(2);
    } finally {
      await other.end({ timeout: 5 });
    }
  });
});
