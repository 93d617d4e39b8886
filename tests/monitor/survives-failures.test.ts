import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDatabaseHealthMonitor } from "../../client/monitor/create-database-health-monitor.ts";
import type { HealthSource } from "../../client/monitor/health-source.ts";
import type { MonitorError } from "../../client/monitor/monitor-error.ts";
import { healthAnswer } from "./health-answers.ts";

const MINUTE = 60_000;
const never = new Promise<never>(() => undefined);

/** A source that answers so, one after the other; an Error is thrown. */
function sourceOf(...answers: unknown[]): HealthSource {
  const left = [...answers];
  return {
    check: async () => {
      const answer = left.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    maintain: () => Promise.reject(new Error("no room left")),
  };
}

describe("P5 whatever happens, the monitor goes on", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("calls a database that is away unknown, says why, and sees it come back", async () => {
    const changes: string[] = [];
    const errors: string[] = [];
    const source = sourceOf(healthAnswer("ok"), new Error("refused"), new Error("refused"), healthAnswer("critical"));
    const monitor = createDatabaseHealthMonitor({ source }, {
      onChange: (status, previous) => changes.push(`${previous?.status ?? "none"} > ${status.status} ${status.reason}`),
      onError: ({ code, message }) => errors.push(`${code}: ${message}`),
    });
    monitor.startMonitoring(1);
    await vi.advanceTimersByTimeAsync(3 * MINUTE);
    await monitor.stopMonitoring();
    expect(changes).toEqual(["none > ok null", "ok > unknown refused", "unknown > critical null"]);
    expect(errors).toEqual(["no_answer: refused", "no_answer: refused"]);
  });

  it("calls an answer of another shape unknown", async () => {
    const errors: MonitorError[] = [];
    const wrong = { ...healthAnswer("ok"), checks: [{ name: "connections" }] };
    const monitor = createDatabaseHealthMonitor({ source: sourceOf(wrong, "ok", healthAnswer("ok")) }, {
      onError: (error) => errors.push(error),
    });
    expect(await monitor.getHealthStatus()).toMatchObject({ status: "unknown", result: null });
    expect(await monitor.getHealthStatus()).toMatchObject({ status: "unknown", result: null });
    expect(errors.map(({ code }) => code)).toEqual(["bad_answer", "bad_answer"]);
    expect(await monitor.getHealthStatus()).toMatchObject({ status: "ok", reason: null, result: healthAnswer("ok") });
  });

  it("does not wait for ever for a database that is silent", async () => {
    const source: HealthSource = { check: () => never, maintain: () => never };
    const monitor = createDatabaseHealthMonitor({ source }, {}, { checkSeconds: 30 });
    const status = monitor.getHealthStatus();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await status).toMatchObject({ status: "unknown", reason: "No answer in 30 s." });
  });

  it("outlives its hooks, thrown or rejected, and tells onError", async () => {
    const errors: string[] = [];
    const monitor = createDatabaseHealthMonitor({ source: sourceOf(healthAnswer("ok"), healthAnswer("ok")) }, {
      onStatus: () => {
        throw new Error("first hook");
      },
      onChange: () => Promise.reject(new Error("second hook")),
      onError: ({ message }) => errors.push(message),
    });
    expect((await monitor.getHealthStatus()).status).toBe("ok");
    expect((await monitor.getHealthStatus()).status).toBe("ok");
    await vi.advanceTimersByTimeAsync(0);
    expect(errors).toEqual(["A hook failed: first hook", "A hook failed: second hook", "A hook failed: first hook"]);
  });

  it("rejects a maintenance that failed, and can be asked again", async () => {
    const monitor = createDatabaseHealthMonitor({ source: sourceOf() });
    const failure = { code: "maintenance_failed", message: "The maintenance failed: no room left" };
    await expect(monitor.performMaintenance()).rejects.toMatchObject(failure);
    await expect(monitor.performMaintenance()).rejects.toMatchObject(failure);
  });
});

it("P5 keeps no process alive", async () => {
  const entry = path.join(import.meta.dirname, "..", "..", "client", "monitor", "create-database-health-monitor.ts");
  const program = `
    const { createDatabaseHealthMonitor } = await import(${JSON.stringify(entry)});
    const source = { check: async () => { throw new Error("away"); }, maintain: async () => null };
    createDatabaseHealthMonitor({ source }, { onStatus: ({ status }) => console.log(status) }).startMonitoring(1);
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString("utf8")));
  const [code] = await once(child, "close");
  expect([code, out.trim()]).toEqual([0, "unknown"]);
});
