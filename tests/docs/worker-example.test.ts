import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { completeSettings } from "../../client/worker/worker-settings.ts";
import { completeSourceSettings } from "../../client/worker/job-source.ts";
import { createDatabase } from "../helpers/database.ts";
import { waitFor } from "../helpers/wait.ts";
import { makeTenants } from "../worker/make-tenants.ts";

const root = path.resolve(import.meta.dirname, "..", "..");
const section = readFileSync(path.join(root, "client", "README.md"), "utf8").split("## Doing jobs\n")[1] ?? "";

it("T6 the example of client/README.md does a job and ends when it is told to", async () => {
  const { sql, url } = await createDatabase({ migrated: true });
  const [tenant = ""] = await makeTenants(sql, 1);
  await sql`select public.enqueue_job(tenant_id => ${tenant}, type => 'greet', payload => '{"name": "Ada"}')`;
  const example = /```ts\n(.*?)```/s.exec(section)?.[1] ?? "";
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", example], {
    cwd: root,
    env: { ...process.env, SUPABASE_DB_URL: url },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const closed = once(child, "close");
  const result = await waitFor("end of the job", async () => {
    const [row] = await sql`select result from public.finished_jobs`;
    return row?.["result"];
  });
  expect(result).toEqual({ greeting: "Hello Ada", attempt: 1 });
  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
});

it("T6 client/README.md tells the defaults of the worker", () => {
  const rows = section.matchAll(/^\| `(\w+)` \| (\w+|`\w+`) \|/gm);
  const told = Object.fromEntries([...rows].map(([, name = "", value = ""]) => [name, value.replaceAll("`", "")]));
  const { concurrency, pollSeconds, graceSeconds } = completeSettings({});
  const { queue, leaseSeconds } = completeSourceSettings({});
  expect(told).toMatchObject({
    queue,
    concurrency: String(concurrency),
    leaseSeconds: String(leaseSeconds),
    pollSeconds: String(pollSeconds),
    graceSeconds: String(graceSeconds),
  });
});
