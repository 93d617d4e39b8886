import { describe, expect, it } from "vitest";
import { Refusal } from "../report/refusal.ts";
import { planOf, task } from "./plan-of.ts";

describe("O9 every layout of tasks.json", () => {
  it("O9 tasks at the root are the tag master; what stands beside them is kept", () => {
    const plan = planOf({ tasks: [task(1)], metadata: { projectName: "Shop" }, next_id: 2 });
    expect(plan).toMatchObject({
      variant: "root",
      tags: [{ tag: "master", workflow: { name: "Shop", source_key: "shop#master" } }],
    });
    expect(JSON.parse(plan.tags[0]?.workflow.metadata ?? "")).toMatchObject({ file: { next_id: 2 } });
    expect(plan.codes).toEqual([]);
  });

  it("O9 tags, whatever they are called, each become a workflow", () => {
    const plan = planOf({
      release: { tasks: [task(1)], metadata: { description: "The release" } },
      meta: { tasks: [] },
    });
    expect(plan).toMatchObject({
      variant: "tagged",
      tags: [{ tag: "release", workflow: { name: "shop: release", description: "The release" } }, {
        tag: "meta",
        rows: [],
      }],
    });
  });

  it("O9 a tag that is an array", () => {
    const plan = planOf({ master: [task(1), task(2)] });
    expect(plan).toMatchObject({ variant: "bare arrays", codes: ["bare_array"], tags: [{ read: { tasks: 2 } }] });
  });

  it("O9 tasks at the root and in tags: both, under names of their own", () => {
    const plan = planOf({ tasks: [task(1)], master: { tasks: [task(1)] }, later: { tasks: [] } });
    expect(plan).toMatchObject({
      variant: "hybrid",
      codes: ["hybrid"],
      tags: [{ tag: "(root)" }, { tag: "master" }, { tag: "later" }],
    });
    expect(planOf({ tasks: [task(1)], later: { tasks: [task(2)] } }).tags.map(({ tag }) => tag)).toEqual([
      "master",
      "later",
    ]);
  });

  it("O9 beside tags, what is none is kept and told", () => {
    const plan = planOf({ master: { tasks: [task(1)] }, version: 3, build: { tasks: ["lint"] } });
    expect(plan.codes).toEqual(["unknown_root_member", "not_a_tag"]);
    expect(JSON.parse(plan.tags[0]?.workflow.metadata ?? "")).toMatchObject({
      file: { version: 3, build: { tasks: ["lint"] } },
    });
  });

  it("O9 an empty list is a project without tasks", () => {
    expect(planOf({ tasks: [], metadata: {} }).tags).toMatchObject([{ read: { tasks: 0 } }]);
  });
});

describe("O9 files of other programs are refused, with what they are", () => {
  it.each<[string, unknown, string]>([
    ["a bare array", [task(1)], "but an array"],
    ["a value", 7, "but a single value"],
    ["tasks by their ids", { tasks: { 1: task(1) } }, 'but an object whose "tasks" is an object'],
    ["objects by their ids", { a1: { title: "A", status: "open" } }, 'but an object with "a1", in none of which'],
    ["no members", {}, "but an object without members"],
    [
      "tasks of an editor",
      { version: "2.0.0", tasks: [{ label: "build", command: "make" }] },
      "0 of 1 entries have a title",
    ],
    [
      "titles that are ticked off",
      { tasks: [{ id: 1, title: "Buy", completed: true }] },
      "0 of 1 entries have a title",
    ],
    ["less than half", { tasks: [task(1), { name: "a" }, { name: "b" }] }, "1 of 3 entries have a title"],
  ])("%s", (_case, content, message) => {
    expect(() => planOf(content)).toThrow(Refusal);
    expect(() => planOf(content)).toThrow(message);
  });

  it("O9 half of them are enough", () => {
    expect(planOf({ tasks: [task(1), { title: "Bare" }] }).rows.size).toBe(2);
  });
});
