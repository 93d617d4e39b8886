import { MigrateError } from "./migrate-error.ts";
import type { Target } from "./target.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Makes sure that a database which is not on this machine is really meant. A person types its name;
 * a script, which cannot, says `--yes`. Local databases pass.
 *
 * @param target - the database
 * @param action - what will happen, such as "Apply the pending migrations"
 * @param options - `yes` as given; the terminal
 * @throws MigrateError `not_confirmed`
 */
export async function confirmTarget(
  target: Target,
  action: string,
  options: { readonly yes: boolean; readonly terminal: Terminal },
): Promise<void> {
  if (target.isLocal) return;
  const name = `${target.host}/${target.database}`;
  if (!options.terminal.isInteractive) {
    if (options.yes) return;
    throw new MigrateError(
      "not_confirmed",
      `${target.label} is not on this machine: nothing was done. Add --yes if it is meant.`,
    );
  }
  options.terminal.tell(`${action} on ${target.label}, which is not on this machine.`);
  const answer = await options.terminal.ask(`Type ${name} to go on: `);
  if (answer.trim() !== name) {
    throw new MigrateError("not_confirmed", "That is not its name: nothing was done.");
  }
}

/**
 * Asks before a local database loses its rows.
 *
 * @param question - one sentence
 * @param options - `yes` answers it; the terminal
 * @throws MigrateError `not_confirmed`
 */
export async function confirmLoss(
  question: string,
  options: { readonly yes: boolean; readonly terminal: Terminal },
): Promise<void> {
  if (options.yes) return;
  if (!options.terminal.isInteractive) {
    throw new MigrateError(
      "not_confirmed",
      `${question} Nothing was done: add --yes to say so without a terminal.`,
    );
  }
  const answer = await options.terminal.ask(`${question} Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new MigrateError("not_confirmed", "Nothing was done.");
}
