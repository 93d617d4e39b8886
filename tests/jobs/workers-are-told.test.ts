import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createQueue, type TestQueue } from "./queue.ts";
import { waitFor } from "../helpers/wait.ts";

describe("a worker that waits for jobs", () => {
  let queue: TestQueue;
  let heard: string[] = [];
  let stop: () => Promise<void>;

  beforeAll(async () => {
    queue = await createQueue(1);
    const [listener] = queue.connect(1);
    if (!listener) throw new Error("There is no connection.");
    const { unlisten } = await listener.listen("rowhouse_jobs", (name) => heard.push(name));
    stop = unlisten;
  });
  afterAll(() => stop());

  /** What the listener heard of some statements: a mark sent after them ends it. */
  async function hear(statements: string): Promise<string[]> {
    heard = [];
    await queue.sql.unsafe(statements).simple();
    await queue.sql`select pg_notify('rowhouse_jobs', 'mark')`;
    await waitFor("mark", () => Promise.resolve(heard.includes("mark") ? true : undefined));
    return heard.filter((name) => name !== "mark");
  }
  const enqueue = (more = ""): string => `select public.enqueue_job('${queue.tenants[0] ?? ""}', 'job'${more})`;
  const batch = (more: string): string =>
    `select public.enqueue_jobs('[{"tenant_id": "${queue.tenants[0] ?? ""}", "type": "job"${more}}]')`;
  /** The worker finds nothing, and listens. */
  async function listen(): Promise<void> {
    await queue.sql`delete from public.job_queue`;
    await queue.sql`delete from private.job_leases`;
    await queue.sql`select from public.claim_jobs('default', 'worker', is_listening => true)`;
  }
  /** Another worker gets all there is, so that this one listens. */
  async function giveOut(): Promise<void> {
    await queue.sql`select from public.claim_jobs('default', 'other', 100)`;
    await queue.sql`select from public.claim_jobs('default', 'worker', is_listening => true)`;
  }

  it("T6 is told of a job, of a batch, and of its own queue only", async () => {
    await listen();
    expect(await hear(enqueue())).toEqual(["default"]);
    expect(await hear(batch(""))).toEqual(["default"]);
    expect(await hear(enqueue(", queue => 'testing'"))).toEqual([]);
    expect(await hear(batch(', "queue": "testing"'))).toEqual([]);
  });

  it("T6 is not told of a job for later, or of one that is there already", async () => {
    await listen();
    expect(await hear(enqueue(", run_at => now() + interval '1 hour'"))).toEqual([]);
    expect(await hear(batch(', "run_at": "2100-01-01"'))).toEqual([]);
    expect(await hear(enqueue(", dedupe_key => 'key'"))).toEqual(["default"]);
    expect(await hear(enqueue(", dedupe_key => 'key'"))).toEqual([]);
  });

  it("T6 is told only while it listens, and was seen within a minute", async () => {
    await listen();
    expect(await hear(`select from public.claim_jobs('default', 'worker'); ${enqueue()}`)).toEqual([]);
    await queue.sql`select from public.claim_jobs('default', 'worker', is_listening => true)`;
    expect(await hear(enqueue())).toEqual([]);
    await listen();
    expect(await hear(`update private.job_workers set seen_at = now() - interval '59 seconds'; ${enqueue()}`)).toEqual(["default"]);
    expect(await hear(`update private.job_workers set seen_at = now() - interval '1 minute'; ${enqueue()}`)).toEqual([]);
  });

  it("T6 is told of jobs that were given back, taken back, tried anew, and of a queue that goes on", async () => {
    await listen();
    await queue.sql.unsafe(enqueue());
    await giveOut();
    expect(await hear("select public.release_jobs(lease_id) from private.job_leases")).toEqual(["default"]);
    await giveOut();
    await queue.sql`update private.job_leases set expires_at = now()`;
    expect(await hear("select public.requeue_expired_jobs()")).toEqual(["default"]);
    await giveOut();
    await queue.sql`select public.fail_job(lease_id, job_ids[1], 'No.', is_permanent => true) from private.job_leases`;
    expect(await hear("select public.retry_dead_jobs('default')")).toEqual(["default"]);
    await listen();
    expect(await hear("select public.release_jobs(gen_random_uuid()); select public.retry_dead_jobs('default')")).toEqual([]);
    expect(await hear("select public.pause_queue('default')")).toEqual([]);
    expect(await hear("select public.pause_queue('default', false)")).toEqual(["default"]);
  });
});
