import { describe, expect, it } from "vitest";
import { Refusal } from "../report/refusal.ts";
import { planOf, type PlanView, task } from "./plan-of.ts";
import type { TaskRow } from "./task-row.ts";

function rowOf(more: Readonly<Record<string, unknown>>): { row: TaskRow; metadata: unknown; plan: PlanView } {
  const plan = planOf({ tasks: [task(1, more)] });
  const row = plan.rows.get("1");
  if (row === undefined) throw new Error("There is no row.");
  return { row, metadata: JSON.parse(row.metadata), plan };
}

describe("O9 statuses", () => {
  it.each([
    ["pending", "pending"],
    ["done", "done"],
    ["in-progress", "in_progress"],
    ["review", "review"],
    ["blocked", "blocked"],
    ["deferred", "deferred"],
    ["cancelled", "cancelled"],
  ])("%s is one of Task Master's own: %s, and nothing is odd", (word, status) => {
    const { row, metadata, plan } = rowOf({ status: word });
    expect([row.status, metadata, plan.codes]).toEqual([status, {}, []]);
  });

  it.each([
    ["completed", "done"],
    ["Done", "done"],
    ["IN_PROGRESS", "in_progress"],
    [" in progress ", "in_progress"],
    ["todo", "pending"],
    ["not started", "pending"],
    ["finished", "done"],
    ["paused", "deferred"],
    ["On Hold", "deferred"],
    ["canceled", "cancelled"],
  ])("%j is %s here, and what it was is kept", (word, status) => {
    const { row, metadata, plan } = rowOf({ status: word });
    expect([row.status, metadata, plan.codes]).toEqual([status, { fields: { status: word } }, ["status_mapped"]]);
  });

  it.each([["someday"], [7], [["done"]]])("%j is not known: pending, and kept", (word) => {
    const { row, metadata, plan } = rowOf({ status: word });
    expect([row.status, metadata, plan.codes]).toEqual(["pending", { fields: { status: word } }, ["status_unknown"]]);
  });

  it("O9 absent: pending, or done below a task that is done", () => {
    const bare = (id: number): unknown => ({ id, title: "Bare" });
    const plan = planOf({
      tasks: [task(1, { status: "done", subtasks: [bare(1)] }), task(2, { subtasks: [bare(1)] }), {
        ...task(3),
        status: null,
      }],
    });
    expect([...plan.rows.values()].map(({ status }) => status)).toEqual([
      "done",
      "done",
      "pending",
      "pending",
      "pending",
    ]);
    expect(plan.oddities.filter(({ code }) => code === "status_absent")).toHaveLength(3);
  });
});

describe("O9 priorities", () => {
  it.each([
    ["high", "high", []],
    ["critical", "critical", []],
    ["HIGH", "high", ["priority_mapped"]],
    ["urgent", "critical", ["priority_mapped"]],
    ["whenever", "medium", ["priority_unknown"]],
    [null, "medium", ["priority_absent"]],
  ])("%j is %s", (word, priority, codes) => {
    const { row, plan } = rowOf({ priority: word });
    expect([row.priority, plan.codes]).toEqual([priority, codes]);
  });

  it("O9 a subtask without one has that of its parent", () => {
    const plan = planOf({
      tasks: [
        task(1, {
          priority: "low",
          subtasks: [{ id: 1, title: "A", status: "done", subtasks: [{ id: 1, title: "B", status: "done" }] }],
        }),
      ],
    });
    expect([...plan.rows.values()].map(({ priority }) => priority)).toEqual(["low", "low", "low"]);
    expect(plan.codes).toEqual([]);
  });
});

describe("O9 nothing that a task says is lost", () => {
  it("O9 fields without a column, and the user's own metadata apart", () => {
    const { row, metadata } = rowOf({
      complexity: "very-complex",
      relevantFiles: [{ path: "a.ts", action: "create" }],
      estimatedHours: 3,
      metadata: { sprint: 4 },
      details: null,
      testStrategy: "Try it",
      effort: 2.5,
      tags: ["ui"],
      acceptanceCriteria: ["It works"],
    });
    expect(metadata).toEqual({
      fields: { complexity: "very-complex", relevantFiles: [{ path: "a.ts", action: "create" }], estimatedHours: 3 },
      user: { sprint: 4 },
    });
    expect(row).toMatchObject({
      details: null,
      test_strategy: "Try it",
      effort_estimate: 2.5,
      tags: ["ui"],
      acceptance_criteria: ["It works"],
    });
  });

  it("O9 numbers keep their digits; those beyond the database become texts", () => {
    const { row, plan } = (() => {
      const made = planOf(
        `{"tasks": [{"id": 1, "title": "A", "status": "done", "priority": "low",
          "size": 12345678901234567890.10, "far": 1e999}]}`,
      );
      return { row: made.rows.get("1"), plan: made };
    })();
    expect(row?.metadata).toBe(
      '{"fields": {"size": 12345678901234567890.10, "far": "1e999"}, "escaped": {"/far": "1e999"}}',
    );
    expect(plan.oddity("number_as_text")).toMatchObject({ pointer: "/tasks/0/far" });
  });

  it("O9 values of another type", () => {
    const { row, metadata, plan } = rowOf({
      description: 12,
      details: ["a", "b"],
      testStrategy: { how: "by hand" },
      acceptanceCriteria: "One",
      effort: "3",
    });
    expect(row).toMatchObject({
      description: "12",
      details: "a\nb",
      test_strategy: null,
      acceptance_criteria: ["One"],
      effort_estimate: 3,
    });
    expect(metadata).toEqual({
      fields: {
        description: 12,
        details: ["a", "b"],
        testStrategy: { how: "by hand" },
        acceptanceCriteria: "One",
        effort: "3",
      },
    });
    expect(plan.codes).toEqual(["value_converted", "value_kept_apart"]);
  });

  it("O9 a title that is too long, and a text of 2 MB: the beginning in the column, all of it in metadata", () => {
    const title = "\u{1f600}".repeat(501);
    const { row, metadata } = rowOf({ title, description: "é".repeat(1_000_000) });
    expect([...row.title]).toHaveLength(500);
    expect(row.title.endsWith("…")).toBe(true);
    expect(Buffer.byteLength(row.description ?? "")).toBe(1_048_576);
    expect(metadata).toEqual({ fields: { title, description: "é".repeat(1_000_000) } });
  });

  it("O9 a task that no row takes is a reason to refuse the file", () => {
    expect(() => rowOf({ notes: "x".repeat(4_194_304) })).toThrow(Refusal);
    expect(() => rowOf({ notes: "x".repeat(4_194_304) })).toThrow("What no column takes of the task /tasks/0 has");
  });

  it("O9 NUL and half characters, in values and in names", () => {
    const { row, metadata, plan } = rowOf({ title: "A\u0000B", "no\u0000te": { deep: ["\ud83d"] } });
    expect(row.title).toBe("A\ufffdB");
    expect(metadata).toEqual({
      fields: { "no\ufffdte": { deep: ["\ufffd"] } },
      escaped: { "/title": '"A\\u0000B"', "/no\ufffdte": '"no\\u0000te"', "/no\ufffdte/deep/0": '"\\ud83d"' },
    });
    expect(plan.oddities.map(({ pointer }) => pointer).sort()).toEqual([
      "/tasks/0/no\ufffdte",
      "/tasks/0/no\ufffdte/deep/0",
      "/tasks/0/title",
    ]);
  });

  it.each([
    [{ title: "  ", description: "\nFirst line\nSecond" }, "First line", { fields: { title: "  " } }],
    [{ title: null, description: null }, "Task 1", {}],
    [{ title: 42 }, "42", { fields: { title: 42 } }],
  ])("O9 a title is found for %j", (more, title, kept) => {
    const plan = planOf({ tasks: [task(1, more), task(2)] });
    expect(plan.rows.get("1")?.title).toBe(title);
    expect(JSON.parse(plan.rows.get("1")?.metadata ?? "")).toEqual(kept);
  });
});

it("O9 the hash changes with whatever changes, and with nothing else", () => {
  const hash = (more: Readonly<Record<string, unknown>>): string | undefined =>
    planOf({ tasks: [task(1, more), task(2)] }).rows.get("1")?.source_hash;
  const same = hash({});
  expect(hash({})).toBe(same);
  for (
    const more of [{ title: "x" }, { details: "x" }, { status: "done" }, { note: 1 }, { dependencies: [2] }, {
      tags: ["x"],
    }]
  ) {
    expect(hash(more)).not.toBe(same);
  }
});
