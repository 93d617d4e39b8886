import { expect, it } from "vitest";
import { createDatabaseHealthMonitor } from "../../client/monitor/create-database-health-monitor.ts";
import { readStack } from "../helpers/stack.ts";

it("P5 with the secret key it tells the health over the API, with another key it does not", async () => {
  const { api_url: supabaseUrl, secret_key: secretKey, publishable_key } = readStack();
  const status = await createDatabaseHealthMonitor({ supabaseUrl, secretKey }).getHealthStatus();
  expect(status.reason).toBeNull();
  expect(status.result?.checks.length).toBeGreaterThan(0);
  const visitor = createDatabaseHealthMonitor({ supabaseUrl, secretKey: publishable_key });
  const refused = await visitor.getHealthStatus();
  expect(refused).toMatchObject({ status: "unknown", result: null });
  expect(refused.reason).toMatch(/\(42501\)\.$/);
});

it("P5 with the secret key it maintains over the API, with another key it does not", async () => {
  const { api_url: supabaseUrl, secret_key: secretKey, publishable_key } = readStack();
  const report = await createDatabaseHealthMonitor({ supabaseUrl, secretKey }).performMaintenance("quick");
  expect(report).toMatchObject({ mode: "quick", status: "succeeded" });
  const visitor = createDatabaseHealthMonitor({ supabaseUrl, secretKey: publishable_key });
  await expect(visitor.performMaintenance("quick")).rejects.toMatchObject({
    code: "maintenance_failed",
    message: expect.stringContaining("(42501)"),
  });
});

it("P5 an API that is away is unknown", async () => {
  const monitor = createDatabaseHealthMonitor({ supabaseUrl: "http://127.0.0.1:1", secretKey: "hush-hush" });
  const { status, reason } = await monitor.getHealthStatus();
  expect(status).toBe("unknown");
  expect(reason).toMatch(/fetch failed/);
  expect(reason).not.toMatch(/hush-hush/);
});
