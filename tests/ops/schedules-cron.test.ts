import { Cron } from "croner";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createDatabase } from "../helpers/database.ts";

const database = await createDatabase({ migrated: true });

const LOWEST = [0, 0, 1, 1, 0];
const HIGHEST = [59, 23, 31, 12, 7];
const EXPRESSIONS = 1_500;

const answerShape = z.array(z.object({ next: z.date().nullable(), previous: z.date().nullable(), valid: z.boolean() }));

/** Numbers that are the same in every run. */
function createRandom(seed: number): (lowest: number, highest: number) => number {
  let state = seed;
  return (lowest, highest) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return lowest + Math.floor((state / 2 ** 32) * (highest - lowest + 1));
  };
}

const random = createRandom(20_261_121);

function part(place: number): string {
  const [lowest = 0, highest = 0] = [LOWEST[place], HIGHEST[place]];
  const from = random(lowest, highest);
  const to = random(from, highest);
  const step = random(1, Math.max(1, Math.min(20, highest)));
  return [`${from}`, `${from}-${to}`, `${from}-${to}/${step}`][random(0, 2)] ?? "";
}

function field(place: number): string {
  const kind = random(0, 5);
  if (kind < 2) return "*";
  if (kind === 2) return `*/${random(1, Math.min(20, HIGHEST[place] ?? 1))}`;
  return Array.from({ length: random(1, 3) }, () => part(place)).join(",");
}

function expression(): string {
  return [0, 1, 2, 3, 4].map(field).join(" ");
}

/** croner by the rule of pg_cron: a day must match both fields when one of them begins with a star. */
function cronOf(text: string): Cron {
  const [, , days = "", , weekdays = ""] = text.split(" ");
  const needsBoth = days.startsWith("*") || weekdays.startsWith("*");
  return new Cron(text, { timezone: "UTC", mode: "5-part", domAndDow: needsBoth });
}

// Beyond the years in which croner and the functions look alike.
const soon = (date: Date | null, from: Date): Date | null =>
  date !== null && date.getTime() - from.getTime() < 35 * 366 * 86_400_000 ? date : null;

describe("ops.next_run_due and ops.previous_run_due", () => {
  it("P3 name the minutes that croner names, for random expressions", async () => {
    const cases = Array.from({ length: EXPRESSIONS }, () => ({
      cron: expression(),
      at: new Date(Date.UTC(random(2024, 2030), random(0, 11), random(1, 31), random(0, 23), random(0, 59), random(0, 59))),
    }));
    const answers = answerShape.parse([
      ...await database.sql`
        select ops.next_run_due(c.cron, c.at) as next, ops.is_cron(c.cron) as valid,
          ops.previous_run_due(c.cron, ops.next_run_due(c.cron, c.at)) as previous
        from unnest(${cases.map(({ cron }) => cron)}::text[], ${cases.map(({ at }) => at.toISOString())}::timestamptz[])
          with ordinality as c (cron, at, nth)
        order by c.nth
      `,
    ]);
    expect(answers).toHaveLength(EXPRESSIONS);
    const wrong = cases.flatMap(({ cron, at }, index) => {
      const { next = null, previous = null, valid = false } = answers[index] ?? {};
      const expected = soon(cronOf(cron).nextRun(at), at);
      const found = soon(next, at);
      const isSame = valid && found?.getTime() === expected?.getTime() && previous?.getTime() === next?.getTime();
      return isSame ? [] : [{ cron, at, expected, next, previous, valid }];
    });
    expect(wrong).toEqual([]);
    expect(answers.filter(({ next }) => next !== null).length).toBeGreaterThan(EXPRESSIONS * 0.9);
  });

  it("P3 agree with each other: nothing fires between a run and the one before it", async () => {
    const crons = Array.from({ length: 200 }, expression);
    const rows = await database.sql`
      select c.cron, b.before, a.at
      from unnest(${crons}::text[]) as c (cron)
      cross join lateral ops.next_run_due(c.cron, timestamptz '2027-03-14 01:59:30+00') as a (at)
      cross join lateral ops.previous_run_due(c.cron, a.at - interval '1 minute') as b (before)
      where ops.next_run_due(c.cron, b.before) <> a.at
    `;
    expect([...rows]).toEqual([]);
  });
});
