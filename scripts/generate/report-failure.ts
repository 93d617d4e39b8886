import { MigrateError } from "../migrate/migrate-error.ts";
import { messageOf, StackError } from "../lib/stack-error.ts";

/**
 * Runs a command's work; a failure is told without a stack trace and sets exit code 1.
 *
 * @param work - the command
 */
export async function reportFailure(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(messageOf(error));
    if ((error instanceof MigrateError || error instanceof StackError) && error.detail !== undefined) {
      console.error(error.detail);
    }
    process.exitCode = 1;
  }
}
