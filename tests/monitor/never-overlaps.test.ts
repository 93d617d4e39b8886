import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDatabaseHealthMonitor, type HealthStatus } from "../../client/monitor/create-database-health-monitor.ts";
import type { HealthSource } from "../../client/monitor/health-source.ts";
import { MonitorError } from "../../client/monitor/monitor-error.ts";
import { healthAnswer } from "./health-answers.ts";

const MINUTE = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A source whose answers the test gives. */
function slowSource() {
  const waiting: { answer: (value: unknown) => void; signal: AbortSignal }[] = [];
  const source: HealthSource = {
    check: (signal) => new Promise((answer) => void waiting.push({ answer, signal })),
    maintain: () => Promise.resolve({}),
  };
  return { source, waiting };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

it("P5 a check that takes longer than the pace is not joined by a second one", async () => {
  const { source, waiting } = slowSource();
  const monitor = createDatabaseHealthMonitor({ source }, {}, { checkSeconds: 600 });
  monitor.startMonitoring(1);
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(waiting).toHaveLength(1);
  waiting[0]?.answer(healthAnswer("ok"));
  await vi.advanceTimersByTimeAsync(MINUTE - 1);
  expect(waiting).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(waiting).toHaveLength(2);
  waiting[1]?.answer(healthAnswer("ok"));
  await monitor.stopMonitoring();
});

it("P5 whoever asks during a check gets the answer of that check", async () => {
  const { source, waiting } = slowSource();
  const monitor = createDatabaseHealthMonitor({ source });
  const both = Promise.all([monitor.getHealthStatus(), monitor.getHealthStatus()]);
  expect(waiting).toHaveLength(1);
  waiting[0]?.answer(healthAnswer("warn"));
  const [first, second] = await both;
  expect(first.status).toBe("warn");
  expect(second).toBe(first);
});

it("P5 started twice, it goes on at the new pace alone", async () => {
  const { source, waiting } = slowSource();
  const monitor = createDatabaseHealthMonitor({ source });
  monitor.startMonitoring(1);
  waiting[0]?.answer(healthAnswer("ok"));
  await settle();
  monitor.startMonitoring(10);
  waiting[1]?.answer(healthAnswer("ok"));
  await vi.advanceTimersByTimeAsync(9 * MINUTE);
  expect(waiting).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(waiting).toHaveLength(3);
  await monitor.stopMonitoring();
});

it("P5 stopped, it gives the check under way up, tells nobody of it and begins none", async () => {
  const { source, waiting } = slowSource();
  const told: HealthStatus[] = [];
  const errors: MonitorError[] = [];
  const monitor = createDatabaseHealthMonitor({ source }, {
    onStatus: (status) => told.push(status),
    onError: (error) => errors.push(error),
  });
  monitor.startMonitoring(1);
  expect(waiting[0]?.signal.aborted).toBe(false);
  await monitor.stopMonitoring();
  expect(waiting[0]?.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(waiting).toHaveLength(1);
  expect(told).toEqual([]);
  expect(errors).toEqual([]);
});

it("P5 a second maintenance is refused while the first is at it, and may follow it", async () => {
  const ends: (() => void)[] = [];
  const source: HealthSource = {
    check: () => Promise.resolve(healthAnswer("ok")),
    maintain: (mode) => new Promise((resolve) => void ends.push(() => resolve(mode))),
  };
  const monitor = createDatabaseHealthMonitor({ source });
  const first = monitor.performMaintenance("full");
  await expect(monitor.performMaintenance()).rejects.toMatchObject({ code: "busy" });
  ends[0]?.();
  expect(await first).toBe("full");
  const next = monitor.performMaintenance();
  ends[1]?.();
  expect(await next).toBe("quick");
});

it.each([0, -1, Number.NaN, 1441, Infinity])("P5 a pace of %s minutes is refused", (minutes) => {
  const monitor = createDatabaseHealthMonitor({ source: slowSource().source });
  expect(() => monitor.startMonitoring(minutes)).toThrow(
    new MonitorError(
      "usage",
      "startMonitoring takes minutes above 0 and up to 1440.",
    ),
  );
});
