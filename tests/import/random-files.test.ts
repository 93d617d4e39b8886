import { beforeAll, describe, expect, it } from "vitest";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";
import { createRandom } from "../helpers/random.ts";
import { everything } from "./project.ts";
import { randomFile } from "./random-files.ts";
import { importTasks, makeFolder, makeTenant, type Report, verifyTasks, writeInto } from "./workspace.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
});

function unaccounted({ tasks, subtasks, dependencies }: Report["account"]): readonly number[] {
  return [tasks, subtasks, { ...dependencies, merged: dependencies.merged + dependencies.removed_here }]
    .map(({ read, loaded, merged, refused }) => read - loaded - merged - refused);
}

describe("O9 F4 whatever is in a file", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "O9 everything is accounted for, a second run changes nothing, and verify agrees: seed %i",
    async (seed) => {
      const random = createRandom(seed);
      const tenant = `random-${seed}`;
      await makeTenant(database, tenant);
      const folder = makeFolder({ "tasks.json": randomFile(random) });
      const args = [folder, "--tenant", tenant];
      for (let version = 0; version < 3; version += 1) {
        if (version > 0) writeInto(folder, "tasks.json", randomFile(random));
        const first = await importTasks(database, [...args, "--force"]);
        expect(first).toMatchObject({ code: 0, loaded: 1 });
        expect(unaccounted(first.account)).toEqual([0, 0, 0]);
        expect(first.account.tasks.refused).toBe(0);
        const before = await everything(database);
        expect(await importTasks(database, args)).toMatchObject({ code: 0, unchanged: 1, account: first.account });
        expect(await everything(database)).toEqual(before);
        expect(await verifyTasks(database, args)).toMatchObject({ code: 0, same: true });
      }
    },
  );

  it("O9 of many circles few dependencies are left out", async () => {
    await makeTenant(database, "circles");
    const random = createRandom(5);
    // Forty tasks in a line, and back from three of them: three circles at most.
    const tasks = Array.from({ length: 40 }, (_, index) => ({
      id: index + 1,
      title: `Task ${index}`,
      status: "pending",
      dependencies: index === 0 ? [1 + random.below(39) + 1, 20, 30] : [index],
    }));
    const folder = makeFolder({ "tasks.json": { tasks } });
    const report = await importTasks(database, [folder, "--tenant", "circles"]);
    expect(report.account.dependencies).toMatchObject({ read: 42, loaded: 41, refused: 1 });
  });
});
