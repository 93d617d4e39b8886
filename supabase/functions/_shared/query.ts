/** Runs one statement; returns its rows, to be checked with zod. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;
