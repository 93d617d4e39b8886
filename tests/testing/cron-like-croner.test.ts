import { Cron } from "croner";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createDatabase } from "../helpers/database.ts";

const database = await createDatabase({ migrated: true });

/** Zones, and moments at which their clocks change. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  "Europe/Berlin": ["2026-03-29T01:00Z", "2026-10-25T01:00Z", "2027-03-28T01:00Z"],
  "America/New_York": ["2026-03-08T07:00Z", "2026-11-01T06:00Z"],
  "Australia/Lord_Howe": ["2026-04-04T15:00Z", "2026-10-03T15:30Z"],
  "America/Sao_Paulo": ["2018-02-18T02:00Z", "2018-11-04T03:00Z"],
  "Pacific/Apia": ["2011-12-30T10:00Z", "2012-03-31T14:00Z", "2012-09-29T14:00Z"],
  // These two never change; the ends of a year and of February instead.
  "Asia/Kolkata": ["2026-12-31T18:30Z", "2028-02-29T00:00Z"],
  UTC: ["2026-12-31T23:59Z", "2028-02-28T12:00Z"],
};
const CASES = 2_000;
const DAY = 86_400_000;

/** Numbers that are the same in every run. */
function createRandom(seed: number): (lowest: number, highest: number) => number {
  let state = seed;
  return (lowest, highest) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return lowest + Math.floor((state / 2 ** 32) * (highest - lowest + 1));
  };
}

const random = createRandom(20_261_121);
const pick = <T>(list: readonly T[]): T => {
  const picked = list[random(0, list.length - 1)];
  if (picked === undefined) throw new Error("Nothing to pick from.");
  return picked;
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

function list(lowest: number, highest: number): string {
  return Array.from({ length: random(1, 3) }, () => {
    const from = random(lowest, highest);
    const to = random(from, highest);
    return pick([`${from}`, `${from}`, `${from}-${to}`, `${from}-${to}/${random(1, Math.max(1, highest - 1))}`]);
  }).join(",");
}

/** Often at night, when clocks change. */
function expression(): string {
  const minute = pick([() => "*", () => `*/${random(2, 45)}`, () => `${random(0, 59)}`, () => list(0, 59)]);
  const hour = pick([() => "*", () => `*/${random(2, 12)}`, () => `${random(0, 4)}`, () => list(0, 4), () => list(0, 23)]);
  const star = () => "*";
  const day = pick([star, star, () => "L", () => `*/${random(2, 9)}`, () => list(1, 31), () => `${random(27, 31)}`]);
  const month = pick([star, star, star, () => list(1, 12), () => pick(MONTHS)]);
  const ordinal = () => `${random(0, 6)}${pick(["L", "#1", "#2", "#3", "#4", "#5"])}`;
  const weekday = pick([star, star, star, () => list(0, 7), () => pick(WEEKDAYS), () => "mon-fri", ordinal]);
  return [minute, hour, day, month, weekday].map((field) => field()).join(" ");
}

/** croner by our rule for days: both fields must match when one of them begins with a star. */
function cronOf(cron: string, timezone: string): Cron {
  const [, , days = "", , weekdays = ""] = cron.split(" ");
  const needsBoth = days.startsWith("*") || weekdays.startsWith("*");
  return new Cron(cron, { timezone, mode: "5-part", domAndDow: needsBoth });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show, as if that were UTC. */
function clock(zone: string, at: number): number {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23",
    year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  });
  formats.set(zone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

const ahead = (zone: string, at: number): number => clock(zone, at) - at;

/**
 * The rule for skipped local times: read by the offset before the change, so as long after midnight
 * as ever. Only for cases within two days of a change that skips.
 */
function nextByShift(cron: string, zone: string, at: number): number | undefined {
  const offsets = [...new Set([-2, -1, 0, 1, 2].map((days) => ahead(zone, at + days * DAY)))];
  const runs = cronOf(cron, "UTC").nextRuns(6_000, new Date(at + Math.min(...offsets)));
  const near = runs.map((run) => run.getTime()).filter((local) => local < at + Math.max(...offsets) + 2 * DAY);
  const moments = near.flatMap((local) => {
    const shown = offsets.map((offset) => local - offset).filter((moment) => clock(zone, moment) === local);
    return shown.length > 0 ? shown : [local - Math.min(...offsets)];
  });
  return moments.filter((moment) => moment > at).sort((a, b) => a - b)[0];
}

/** Whether a moment lies in what a change of clocks skipped: from the change on, as long as it skipped. */
function isAfterSkip(zone: string, at: number | null): boolean {
  if (at === null) return false;
  return (ZONES[zone] ?? []).some((change) => {
    const moment = Date.parse(change);
    const skipped = ahead(zone, moment) - ahead(zone, moment - 1_000);
    return at >= moment && at < moment + skipped;
  });
}

/** Whether a moment lies in the second pass of what a change of clocks repeats. */
function isSecondPass(zone: string, at: number | null): boolean {
  if (at === null) return false;
  return (ZONES[zone] ?? []).some((change) => {
    const moment = Date.parse(change);
    const repeated = ahead(zone, moment - 1_000) - ahead(zone, moment);
    return at >= moment && at < moment + repeated;
  });
}

const answers = z.array(z.object({ next: z.date().nullable() }));

describe("private.next_cron_time", () => {
  it("T4 names the moments that croner names, and shifts local times that are skipped", async () => {
    const cases = Array.from({ length: CASES }, () => {
      const zone = pick(Object.keys(ZONES));
      const minutes = pick([random(-30 * 60, 27 * 60), random(-90, 90)]);
      return { cron: expression(), zone, at: Date.parse(pick(ZONES[zone] ?? [])) + minutes * 60_000 };
    });
    const found = answers.parse([
      ...await database.sql`
        select private.next_cron_time(c.cron, c.zone, c.at) as next
        from unnest(
          ${cases.map(({ cron }) => cron)}::text[], ${cases.map(({ zone }) => zone)}::text[],
          ${cases.map(({ at }) => new Date(at).toISOString())}::timestamptz[]
        ) with ordinality as c (cron, zone, at, nth)
        order by c.nth
      `,
    ]);
    const counts = { same: 0, shifted: 0, repeated: 0 };
    const wrong = cases.flatMap(({ cron, zone, at }, index) => {
      const ours = found[index]?.next?.getTime() ?? null;
      const theirs = cronOf(cron, zone).nextRun(new Date(at))?.getTime() ?? null;
      // Neither of the two found anything before.
      const near = Math.max(at, Math.min(ours ?? Infinity, theirs ?? Infinity) - 1_000);
      if (ours === theirs) counts.same += 1;
      // croner runs a fixed time right after what was skipped, and leaves out one with a star.
      else if ((isAfterSkip(zone, ours) || isAfterSkip(zone, theirs)) && ours === nextByShift(cron, zone, near)) counts.shifted += 1;
      // Asked between the two passes, croner may name a fixed time again, and ours goes on with the one after it.
      else if (
        theirs !== null && isSecondPass(zone, theirs) && !/^\*|^\S+ \*/.test(cron)
        && ours === cronOf(cron, zone).nextRun(new Date(theirs))?.getTime()
      ) counts.repeated += 1;
      else return [{ cron, zone, at: new Date(at), ours: ours && new Date(ours), theirs: theirs && new Date(theirs) }];
      return [];
    });
    expect(wrong).toEqual([]);
    expect(counts.same).toBeGreaterThan(CASES * 0.9);
    expect(counts.shifted).toBeGreaterThan(5);
  });
});
