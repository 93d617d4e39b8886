import { describe, expect, it } from "vitest";
import { createRandom } from "../../../tests/helpers/random.ts";
import { planOf, type PlanView, task } from "./plan-of.ts";

const on = (...dependencies: readonly unknown[]): Record<string, unknown> => ({ dependencies });

describe("O9 where a dependency leads", () => {
  it("O9 numbers, texts, and subtasks of other tasks", () => {
    const plan = planOf({ tasks: [task(1), task(2, on(1, "3.1")), task(3, { subtasks: [task(1)], ...on("1") })] });
    expect(plan.edges).toEqual(["2 > 1", "2 > 3.1", "3 > 1"]);
  });

  it("O9 in a subtask an id is that of a sibling first, and then of a task", () => {
    const plan = planOf({
      tasks: [
        task(1),
        task(2),
        task(5, { subtasks: [task(1), task(3, on(1, 2, "4.1"))] }),
        task(4, { subtasks: [task(1)] }),
      ],
    });
    expect(plan.edges).toEqual(["5.3 > 5.1", "5.3 > 2", "5.3 > 4.1"]);
  });

  it("O9 ids that are written with their parent, and odd ones", () => {
    const plan = planOf({
      tasks: [
        task(32, { subtasks: [task("32.1"), task("33.7"), task(2, on("32.1", "33.7", "1"))] }),
        task(33, { subtasks: [task(7)] }),
      ],
    });
    expect(plan.edges).toEqual(["32.2 > 32.1", "32.2 > 32.33\\.7"]);
    expect(plan.codes).toContain("dependency_repeated");
  });

  it("O9 slugs, and ids with points of their own", () => {
    const plan = planOf({
      tasks: [task("v1.2", { subtasks: [task("a")] }), task("b", on("v1.2", "v1.2.a")), task("c", on(" b "))],
    });
    expect(plan.edges).toEqual(["b > v1\\.2", "b > v1\\.2.a", "c > b"]);
  });

  it("O9 in a subtask of a subtask: siblings, those of its parent, tasks", () => {
    const plan = planOf({
      tasks: [task(1, { subtasks: [task(1), task(2, { subtasks: [task(7), task(8, on(7, 1, 9, "2.7"))] })] }), task(9)],
    });
    expect(plan.edges).toEqual(["1.2.8 > 1.2.7", "1.2.8 > 1.1", "1.2.8 > 9"]);
    expect(plan.codes).toEqual(["dependency_repeated"]);
  });
});

describe("O9 dependencies that lead nowhere are refused and told", () => {
  it.each<[string, unknown]>([
    ["dependency_missing", { tasks: [task(1, on(99))] }],
    ["dependency_on_itself", { tasks: [task(1, on("1"))] }],
    ["dependency_on_parent", { tasks: [task(1, { subtasks: [task(2, on("1"))] })] }],
    ["dependency_on_subtask", { tasks: [task(1, { subtasks: [task(2)], ...on("1.2") })] }],
    ["dependency_not_an_id", { tasks: [task(1, on({ id: 2 })), task(2)] }],
    ["dependencies_not_a_list", { tasks: [task(1, { dependencies: { 2: true } }), task(2)] }],
  ])("%s", (code, content) => {
    const plan = planOf(content);
    expect(plan.codes).toContain(code);
    expect(plan.edges).toEqual([]);
    expect(plan.tags[0]).toMatchObject({ read: { dependencies: 1 }, refused: { dependencies: 1 } });
    expect(JSON.parse(plan.rows.get("1")?.metadata ?? "{}")).toEqual(
      code === "dependency_on_parent" ? {} : { fields: { dependencies: expect.anything() } },
    );
  });

  it("O9 a dependency that is said twice is merged, one on an id of several leads to the first", () => {
    const plan = planOf({ tasks: [task(1), task(1, { title: "Other" }), task(2, on(1, "1"))] });
    expect(plan.edges).toEqual(["2 > 1"]);
    expect(plan.codes).toEqual(["id_duplicate", "dependency_ambiguous", "dependency_repeated"]);
    expect(plan.tags[0]).toMatchObject({ read: { dependencies: 2 }, merged: { dependencies: 1 } });
  });

  it("O9 a text of several", () => {
    expect(planOf({ tasks: [task(1), task(2), task(3, { dependencies: "1, 2" })] }).edges).toEqual(["3 > 1", "3 > 2"]);
  });
});

describe("O9 of a circle as little as can be is left out", () => {
  const dropped = (plan: PlanView): readonly string[] =>
    plan.oddities.filter(({ code }) => code === "dependency_in_circle").map(({ pointer }) => pointer);

  it("O9 two tasks that wait for each other: the later one does not", () => {
    expect(planOf({ tasks: [task(1, on(2)), task(2, on(1))] }).edges).toEqual(["1 > 2"]);
  });

  it("O9 one dependency that two circles share, and not one of each", () => {
    const plan = planOf({ tasks: [task(1, on(2)), task(2, on(3, 4)), task(3, on(1)), task(4, on(1))] });
    expect(dropped(plan)).toEqual(["/tasks/0/dependencies/0"]);
  });

  it("O9 circles through parents, too: a task ends after its subtasks, and they begin after it may", () => {
    const through = planOf({ tasks: [task(1, { subtasks: [task(1, on(2))] }), task(2, on(1))] });
    expect(through.edges).toEqual(["1.1 > 2"]);
    const below = planOf({ tasks: [task(1, { subtasks: [task(1)], ...on(2) }), task(2, on("1.1"))] });
    expect(below.edges).toEqual(["1 > 2"]);
  });

  it("O9 each of many circles is broken, and nothing can be put back", () => {
    const random = createRandom(3);
    for (let turn = 0; turn < 60; turn += 1) {
      const size = 3 + random.below(12);
      const tasks = Array.from({ length: size }, (_, index) =>
        task(index + 1, {
          dependencies: Array.from({ length: random.below(4) }, () => 1 + random.below(size)),
          subtasks: random.chance(30) ? [task(1, on(String(1 + random.below(size))))] : [],
        }));
      const plan = planOf({ tasks });
      expect(
        isFree(
          [...plan.rows.values()].map(({ source_key, parent_key, depends_on }) => [source_key, parent_key, depends_on]),
        ),
      ).toBe(true);
    }
  });
});

/** A look for circles of its own: takes away what waits for nothing until nothing is left. */
function isFree(
  rows: readonly (readonly [key: string, parent: string | null, dependsOn: readonly string[]])[],
): boolean {
  const waits = new Map<string, Set<string>>();
  const wait = (from: string, to: string): void =>
    void (waits.get(from) ?? waits.set(from, new Set()).get(from))?.add(to);
  for (const [key, parent, dependsOn] of rows) {
    wait(`end ${key}`, `start ${key}`);
    if (!waits.has(`start ${key}`)) waits.set(`start ${key}`, new Set());
    for (const other of dependsOn) wait(`start ${key}`, `end ${other}`);
    if (parent === null) continue;
    wait(`start ${key}`, `start ${parent}`);
    wait(`end ${parent}`, `end ${key}`);
  }
  for (let before = -1; before !== waits.size;) {
    before = waits.size;
    for (const [node, others] of waits) if ([...others].every((other) => !waits.has(other))) waits.delete(node);
  }
  return waits.size === 0;
}
