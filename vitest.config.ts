import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Each worker asks one stack: more of them wait for it and not for each other.
    maxWorkers: 2,
    // There to end what hangs and never to judge speed: on a busy machine a file takes ten times its quiet time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    projects: [
      {
        extends: true,
        test: {
          name: "stack",
          include: ["tests/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["tests/functions/**"],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // Plants broken and slow views, which every refresh on the stack meets: nothing runs beside it.
          name: "functions",
          include: ["tests/functions/**/*.test.ts"],
          // One file after the other: they plant views, hold locks and stop schedules that the others use.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
