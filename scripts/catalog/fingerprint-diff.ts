import type { Fingerprint } from "./fingerprint.ts";

/** What differs between two schemas. */
export interface FingerprintDifference {
  /** Only in the second. */
  readonly added: readonly string[];
  /** Only in the first. */
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

/**
 * Compares two schemas.
 *
 * @param before - the first
 * @param after - the second
 * @returns the entries that differ, sorted; three empty lists when the schemas are equal
 */
export function diffFingerprints(before: Fingerprint, after: Fingerprint): FingerprintDifference {
  const changed = Object.entries(before.entries).flatMap(([name, definition]) => {
    const other = after.entries[name];
    return other === undefined || other === definition ? [] : [{ name, before: definition, after: other }];
  });
  return {
    added: Object.keys(after.entries).filter((name) => before.entries[name] === undefined),
    removed: Object.keys(before.entries).filter((name) => after.entries[name] === undefined),
    changed,
  };
}

/**
 * Tells a difference for people: `+` added, `-` removed, `~` changed with the lines that changed.
 *
 * @param difference - as `diffFingerprints` returns it
 * @returns the text; empty when nothing differs
 */
export function describeDifference(difference: FingerprintDifference): string {
  const lines = [
    ...difference.added.map((name) => `+ ${name}`),
    ...difference.removed.map((name) => `- ${name}`),
    ...difference.changed.flatMap(({ name, before, after }) => [
      `~ ${name}`,
      ...linesNotIn(before, after).map((line) => `    - ${line}`),
      ...linesNotIn(after, before).map((line) => `    + ${line}`),
    ]),
  ];
  return lines.join("\n");
}

function linesNotIn(text: string, other: string): string[] {
  const others = new Set(other.split("\n"));
  const found = text.split("\n").filter((line) => !others.has(line));
  // Lines that only changed places.
  return found.length === 0 && text !== other && text.length >= other.length
    ? ["(the same lines in another order)"]
    : found;
}
