import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createProgress } from "../../scripts/db/progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("P6 what is done in two seconds is done in silence", () => {
  const lines: string[] = [];
  const progress = createProgress((line) => lines.push(line));
  progress.step("One");
  vi.advanceTimersByTime(1_999);
  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([]);
});

it("P6 after two seconds it names the step under way and each that follows", () => {
  const lines: string[] = [];
  const progress = createProgress((line) => lines.push(line));
  progress.step("One");
  vi.advanceTimersByTime(1_000);
  progress.step("Two");
  vi.advanceTimersByTime(1_000);
  expect(lines).toEqual(["Two ..."]);
  progress.step("Three");
  expect(lines).toEqual(["Two ...", "Three ..."]);
  progress.end();
});
