const expected = new WeakSet<object>();

/**
 * Marks an error that lite answers to the client and also prints. A refused request is no event for
 * the stack's output; an error without a database code (a fault of lite's) is, and stays.
 *
 * @param error - the error lite is about to print
 */
export function expectInConsole(error: unknown): void {
  if (typeof error !== "object" || error === null) return;
  // Lite's own error for an unknown table has the relation's name instead of a code.
  if ("code" in error || "relation" in error) expected.add(error);
}

/**
 * Keeps marked errors off the console; lite prints every one and has no setting for it.
 *
 * @returns restores the console
 */
export function filterConsole(): () => void {
  const original = console.error;
  const filtered = (...args: unknown[]): void => {
    const [first] = args;
    if (args.length === 1 && typeof first === "object" && first !== null && expected.has(first)) return;
    original.apply(console, args);
  };
  console.error = filtered;
  return () => {
    if (console.error === filtered) console.error = original;
  };
}
