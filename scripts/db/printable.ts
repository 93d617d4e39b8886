// Control characters (an escape sequence could move the cursor or rewrite a line) and the marks
// that turn the direction of text. Tab and line break are for the caller to decide.
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Makes text from a database harmless to a terminal or a page: what would not be seen is written out.
 *
 * @param text - any text, such as a query somebody sent
 * @returns the text with unprintable characters as `\u001b`
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Text on one line.
 *
 * @param text - any text
 * @returns printable text without line breaks
 */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, " ").trim());
}
