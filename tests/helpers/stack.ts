import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const shape = z.object({
  db_url: z.url(),
  admin_db_url: z.url(),
  api_url: z.url(),
  functions_url: z.url(),
  publishable_key: z.string().min(1),
  secret_key: z.string().min(1),
  jwt_secret: z.string().min(1),
  functions_secret: z.string().min(1),
});

/** Addresses and keys of the stack the tests run against. */
export type TestStack = z.infer<typeof shape>;

let known: TestStack | undefined;

/**
 * The running stack, from the file named by ROWHOUSE_STACK_FILE (default .rowhouse/stack.json).
 *
 * @returns its addresses and keys
 * @throws Error with what to do when no stack runs
 */
export function readStack(): TestStack {
  known ??= shape.parse(JSON.parse(readText(fileName())));
  return known;
}

function fileName(): string {
  const root = path.resolve(import.meta.dirname, "..", "..");
  return path.resolve(root, process.env.ROWHOUSE_STACK_FILE ?? path.join(".rowhouse", "stack.json"));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`There is no stack to test (${file}): run "npm start", or set ROWHOUSE_STACK_FILE.`, {
      cause: error,
    });
  }
}
