import { describe, expect, it } from "vitest";
import { planOf, task } from "./plan-of.ts";

function keysOf(content: unknown): readonly string[] {
  return [...planOf(content).rows.keys()];
}

describe("O9 ids", () => {
  it("O9 numbers and texts are the same ids", () => {
    expect(keysOf({ tasks: [task(1), task("2"), task(" 3 "), task("HAM-4"), task("set-up")] })).toEqual([
      "1",
      "2",
      "3",
      "HAM-4",
      "set-up",
    ]);
  });

  it("O9 digits are kept: 27.1 is not 27.10, and a long number is not rounded", () => {
    const text = `{"tasks": [{"id": 27, "title": "A", "status": "done", "subtasks": [
      {"id": 27.1, "title": "B"}, {"id": 27.10, "title": "C"}]},
      {"id": 90071992547409931234, "title": "D", "status": "done"}]}`;
    expect(keysOf(text)).toEqual(["27", "27.1", "27.10", "90071992547409931234"]);
  });

  it("O9 a subtask that names its parent, and one that names another task", () => {
    const plan = planOf({
      tasks: [task(3, { subtasks: [task("3.1"), task(3.2), task("4.7"), task("3.1.1"), task("x")] })],
    });
    expect([...plan.rows.keys()]).toEqual(["3", "3.1", "3.2", "3.4\\.7", "3.3\\.1\\.1", "3.x"]);
    expect(plan.oddities.map(({ code, pointer }) => [code, pointer])).toEqual([
      ["id_not_plain", "/tasks/0/subtasks/0"],
      ["id_not_plain", "/tasks/0/subtasks/1"],
    ]);
  });

  it("O9 a point in an id is no step down", () => {
    expect(keysOf({ tasks: [task("3.1"), task(3, { subtasks: [task(1)] })] })).toEqual(["3\\.1", "3", "3.1"]);
  });

  it("O9 the first of several with an id keeps it; one that is the same in everything is merged", () => {
    const plan = planOf({
      tasks: [task(1), task(1, { title: "Other" }), task("1~2"), task(1), task(1, { title: "Third" })],
    });
    expect([...plan.rows].map(([key, { title }]) => [key, title])).toEqual([
      ["1", "Task 1"],
      ["1~3", "Other"],
      ["1~2", "Task 1~2"],
      ["1~4", "Third"],
    ]);
    expect(plan.codes).toEqual(["id_duplicate", "task_repeated"]);
    expect(plan.tags[0]).toMatchObject({ read: { tasks: 5 }, merged: { tasks: 1 } });
  });

  it("O9 a task without an id gets the next free number", () => {
    const plan = planOf({
      tasks: [{ title: "A", status: "done" }, task(7), { id: null, title: "B", status: "done" }, task({ odd: 1 })],
    });
    expect([...plan.rows.keys()]).toEqual(["8", "7", "9", "10"]);
    expect(plan.oddities.filter(({ code }) => code === "id_missing")).toHaveLength(3);
  });

  it("O9 ids that are longer than a key are cut and stay apart", () => {
    const long = "x".repeat(600);
    const keys = keysOf({ tasks: [task(`${long}1`), task(`${long}2`)] });
    expect(keys.map((key) => key.length)).toEqual([500, 500]);
    expect(new Set(keys).size).toBe(2);
  });

  it("O9 ids that the database cannot tell apart are not made one", () => {
    expect(keysOf({ tasks: [task("a\u0000"), task("a\ud800")] })).toEqual(["a\ufffd", "a\ufffd~2"]);
  });
});

describe("O9 the tree", () => {
  it("O9 subtasks of subtasks, lists that are null or not there", () => {
    const plan = planOf({
      tasks: [task(1, { subtasks: [task(1, { subtasks: [task(1)] }), task(2, { subtasks: null })] }), {
        id: 2,
        title: "B",
        status: "done",
      }],
    });
    expect([...plan.rows.values()].map(({ source_key, parent_key, position }) => [source_key, parent_key, position]))
      .toEqual([
        ["1", null, 0],
        ["1.1", "1", 0],
        ["1.1.1", "1.1", 0],
        ["1.2", "1", 1],
        ["2", null, 1],
      ]);
    expect(plan.tags[0]?.read).toEqual({ tasks: 2, subtasks: 3, dependencies: 0 });
  });

  it("O9 what nests deeper than tasks do is put below level 15", () => {
    let nested: Record<string, unknown> = task(20);
    for (let level = 19; level >= 1; level -= 1) nested = task(level, { subtasks: [nested] });
    const rows = [...planOf({ tasks: [nested] }).rows.values()];
    expect(rows).toHaveLength(20);
    const level15 = rows[14]?.source_key;
    expect(rows.slice(15).map(({ parent_key }) => parent_key)).toEqual([level15, level15, level15, level15, level15]);
  });

  it("O9 a text becomes a task, anything else is refused", () => {
    const plan = planOf({ tasks: [task(1, { subtasks: ["Write it", 7, null, ["a"], "Try it"] })] });
    expect([...plan.rows].map(([key, { title }]) => [key, title])).toEqual([["1", "Task 1"], ["1.1", "Write it"], [
      "1.2",
      "Try it",
    ]]);
    expect(plan.tags[0]).toMatchObject({ read: { subtasks: 5 }, refused: { subtasks: 3 } });
  });

  it("O9 subtasks that are no list are kept with the task", () => {
    const plan = planOf({ tasks: [task(1, { subtasks: { 1: task(1) } })] });
    expect(plan.codes).toEqual(["subtasks_not_a_list"]);
    expect(JSON.parse(plan.rows.get("1")?.metadata ?? "")).toMatchObject({
      fields: { subtasks: { 1: { title: "Task 1" } } },
    });
  });

  it("O9 what stands in a list that is overwritten is refused, and accounted for", () => {
    const plan = planOf(`{"tasks": [{"id": 9, "title": "Lost", "dependencies": [1, 2], "subtasks": [{"id": 1}]}],
      "tasks": [{"id": 1, "title": "A", "title": "B", "status": "done", "priority": "low",
        "subtasks": [{"id": 1}, {"id": 2}], "subtasks": []}]}`);
    expect(plan.rows.get("1")?.title).toBe("B");
    expect(plan.lost).toEqual({ tasks: 1, subtasks: 1, dependencies: 2 });
    expect(plan.tags[0]).toMatchObject({ read: { tasks: 1, subtasks: 2 }, refused: { tasks: 0, subtasks: 2 } });
    expect(plan.oddities.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      "duplicate_key /tasks",
      "duplicate_key /tasks/0/title",
      "duplicate_key /tasks/0/subtasks",
    ]);
    expect(JSON.parse(plan.rows.get("1")?.metadata ?? "")).toMatchObject({
      overwritten: [{ name: "title", value: "A" }, { name: "subtasks" }],
    });
  });
});
