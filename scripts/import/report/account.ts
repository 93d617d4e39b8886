import type { Counts } from "../transform/counts.ts";

/** Where everything of one kind has gone. */
export interface Entry {
  /** What the file has, counted before anything is made of it. */
  readonly read: number;
  /** What the database has of it, counted there. */
  readonly loaded: number;
  /** What is the same as something that is loaded. */
  readonly merged: number;
  readonly refused: number;
}

/** Where everything of a file or a tag has gone. */
export interface Account {
  readonly tasks: Entry;
  readonly subtasks: Entry;
  /** removed_here: imported before, and deleted in the database since. */
  readonly dependencies: Entry & { readonly removed_here: number };
}

/** The kinds of rows. */
export const KINDS = ["tasks", "subtasks", "dependencies"] as const;

interface Planned {
  readonly read: Readonly<Counts>;
  readonly merged: Readonly<Counts>;
  readonly refused: Readonly<Counts>;
}

/**
 * Puts together what was planned with what the database counted.
 *
 * @param planned - what the file has, and what of it is not to be loaded
 * @param loaded - what is in the database
 * @returns the account
 */
export function accountOf(planned: Planned, loaded: Counts & { readonly removed_here: number }): Account {
  const entry = (kind: keyof Counts): Entry => ({
    read: planned.read[kind],
    loaded: loaded[kind],
    merged: planned.merged[kind],
    refused: planned.refused[kind],
  });
  return {
    tasks: entry("tasks"),
    subtasks: entry("subtasks"),
    dependencies: { ...entry("dependencies"), removed_here: loaded.removed_here },
  };
}

/**
 * The account of what is refused as a whole.
 *
 * @param read - what the file has
 * @returns an account of nothing but refusals
 */
export function refusedAccount(read: Readonly<Counts>): Account {
  const none = { tasks: 0, subtasks: 0, dependencies: 0 };
  return accountOf({ read, merged: none, refused: read }, { ...none, removed_here: 0 });
}

/**
 * Adds accounts up.
 *
 * @param accounts - any number of them
 * @returns their sum
 */
export function sumAccounts(accounts: readonly Account[]): Account {
  const sum = (kind: keyof Counts): Entry => ({
    read: total(accounts, (account) => account[kind].read),
    loaded: total(accounts, (account) => account[kind].loaded),
    merged: total(accounts, (account) => account[kind].merged),
    refused: total(accounts, (account) => account[kind].refused),
  });
  const removed = total(accounts, ({ dependencies }) => dependencies.removed_here);
  return {
    tasks: sum("tasks"),
    subtasks: sum("subtasks"),
    dependencies: { ...sum("dependencies"), removed_here: removed },
  };
}

/**
 * Looks for what an account does not account for.
 *
 * @param account - the account
 * @returns what is missing, in words; undefined when everything that was read has gone somewhere
 */
export function missingIn(account: Account): string | undefined {
  for (const kind of KINDS) {
    const { read, loaded, merged, refused } = account[kind];
    const gone = loaded + merged + refused + (kind === "dependencies" ? account.dependencies.removed_here : 0);
    if (read !== gone) return `${read} ${kind} were read, and ${gone} are accounted for`;
  }
  return undefined;
}

function total(accounts: readonly Account[], of: (account: Account) => number): number {
  return accounts.reduce((sum, account) => sum + of(account), 0);
}
