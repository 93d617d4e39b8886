import { describe, expect, it } from "vitest";
import { isDue, nextRunAfter } from "./due.ts";

const at = (text: string): Date => new Date(text);

describe("nextRunAfter", () => {
  it("counts from the last run, in UTC", () => {
    expect(nextRunAfter("0 3 * * *", at("2026-11-21T03:00:00.4Z"))).toEqual({
      at: at("2026-11-22T03:00:00Z"),
    });
  });

  it("makes several missed runs due once", () => {
    const now = at("2026-11-21T10:07:30Z");
    const lastRun = at("2026-11-21T09:00:01Z");
    expect(isDue(nextRunAfter("*/5 * * * *", lastRun), now)).toBe(true);
    expect(isDue(nextRunAfter("*/5 * * * *", now), now)).toBe(false);
  });

  it("takes day of month and day of week as either, as cron does", () => {
    expect(nextRunAfter("0 0 1 * 1", at("2026-11-20T00:00:00Z"))).toEqual({ at: at("2026-11-23T00:00:00Z") });
  });

  it("says that a date never comes", () => {
    expect(nextRunAfter("0 0 30 2 *", at("2026-01-01T00:00:00Z"))).toEqual({ never: true });
  });

  it.each(["* * * * * *", "@daily", "61 * * * *", "nonsense", ""])("refuses %j with a reason", (cron) => {
    expect(nextRunAfter(cron, at("2026-01-01T00:00:00Z"))).toHaveProperty("invalid");
  });
});
