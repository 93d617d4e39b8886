import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

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

  it("P4: what a sender that died had claimed is claimed again after the lease", async () => {
    await database.sql`update ops.alert_deliveries set next_attempt_at = now() - interval '1 second'`;
    expect(await claim(other, 10)).toEqual(["a", "b", "c"]);
    const [row] = await other`select min(d.attempts) as least, max(d.attempts) as most from ops.alert_deliveries as d`;
    expect(row).toEqual({ least: 2, most: 2 });
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
