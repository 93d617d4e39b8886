/** A replacement in a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What a person calls it, without the place: `"v_rank < 5" -> true`. */
  readonly label: string;
}

const MAX_EXCERPT = 70;

/**
 * A text with one replacement made.
 *
 * @param text - the text
 * @param edit - what to replace
 * @returns the changed text
 */
export function applyEdit(text: string, edit: Edit): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

/**
 * Leaves out what is there twice, and numbers those that have the same label.
 *
 * @param edits - replacements in one text
 * @returns each replacement once, in the order of the text, under a label of its own
 */
export function distinctEdits(edits: readonly Edit[]): Edit[] {
  const byPlace = new Map(edits.map((edit) => [`${edit.start} ${edit.end} ${edit.text}`, edit]));
  const sorted = [...byPlace.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  const times = new Map<string, number>();
  return sorted.map((edit) => {
    const count = (times.get(edit.label) ?? 0) + 1;
    times.set(edit.label, count);
    return count === 1 ? edit : { ...edit, label: `${edit.label} (${count})` };
  });
}

/**
 * A piece of a text for a label: one line, not long.
 *
 * @param text - the piece
 * @returns the piece with simple spaces, cut in the middle when it is long
 */
export function excerpt(text: string): string {
  const line = text.replace(/--[^\n]*/g, " ").replace(/\s+/g, " ").trim();
  if (line.length <= MAX_EXCERPT) return line;
  const half = (MAX_EXCERPT - 5) / 2;
  return `${line.slice(0, Math.ceil(half))} ... ${line.slice(-Math.floor(half))}`;
}
