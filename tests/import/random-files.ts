import type { Random } from "../helpers/random.ts";

const STATUSES = ["pending", "done", "in-progress", "review", "DONE", "someday", "blocked", null, 7] as const;
const PRIORITIES = ["high", "medium", "LOW", "urgent", null, "odd"] as const;
const TEXTS = ["", "Saw", "Grüße 😀", "a\u0000b", "\ud800", "x".repeat(700), "line\nline"] as const;

/**
 * A file as nobody would write it: odd in everything that a file can be odd in, and still one of tasks.
 *
 * @param random - where chance comes from
 * @returns the content of a tasks.json
 */
export function randomFile(random: Random): unknown {
  const list = (): unknown => tasks(random, 2 + random.below(25), 0);
  switch (random.below(5)) {
    case 0:
      return { tasks: list(), metadata: { projectName: random.pick(TEXTS) }, next: 3 };
    case 1:
      return { master: list() };
    case 2:
      return { tasks: list(), master: { tasks: list() }, other: { tasks: list(), metadata: null } };
    default:
      return {
        master: { tasks: list(), metadata: { description: random.pick(TEXTS) } },
        "a tag/~": { tasks: list() },
        empty: { tasks: [] },
      };
  }
}

function tasks(random: Random, count: number, level: number): readonly unknown[] {
  return Array.from({ length: count }, (_, index) => {
    // The first ones are plain, so that the file is seen for what it is.
    if (level > 0 && random.chance(5)) return random.pick(["Only text", 5, null, ["list"], ""]);
    const task: Record<string, unknown> = {
      title: random.chance(90) ? `Task ${index}` : random.pick(TEXTS),
      status: random.pick(STATUSES),
      dependencies: random.chance(80) ? dependencies(random, count) : random.pick([null, "1, 2", { a: 1 }, 3]),
    };
    if (level > 0 && random.chance(20)) delete task["status"];
    if (random.chance(92)) task["id"] = id(random, index);
    if (random.chance(70)) task["priority"] = random.pick(PRIORITIES);
    if (random.chance(40)) task["details"] = random.pick([...TEXTS, 5, ["a", "b"], { deep: [1] }]);
    if (random.chance(20)) task["acceptanceCriteria"] = random.pick(["One", ["One", "Two"], [1], null]);
    if (random.chance(20)) {
      task[random.pick(["note", "no\u0000te", "metadata", "effort", "tags"])] = random.pick([
        1.5,
        "x",
        { a: "\ud800" },
        null,
        ["t"],
      ]);
    }
    if (level < 4 && random.chance(level === 0 ? 40 : 20)) {
      task["subtasks"] = random.chance(95) ? tasks(random, random.below(6), level + 1) : { 1: "x" };
    }
    return task;
  });
}

function id(random: Random, index: number): unknown {
  if (random.chance(80)) return index + 1;
  return random.pick([
    String(index + 1),
    1,
    `${index}.${index + 1}`,
    index + 0.5,
    "slug",
    "a.b",
    " 2 ",
    null,
    -1,
    "x\u0000",
  ]);
}

function dependencies(random: Random, count: number): readonly unknown[] {
  return Array.from(
    { length: random.below(4) },
    () =>
      random.chance(75) ? 1 + random.below(count) : random.pick([
        `${1 + random.below(count)}.${1 + random.below(4)}`,
        String(random.below(count)),
        999,
        "slug",
        null,
        { id: 1 },
        1.5,
      ]),
  );
}
