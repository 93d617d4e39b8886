import { type JsonNode, type JsonObject, memberOf } from "../json/json-node.ts";
import { storableText } from "./storable.ts";

/** What a value is in a column: there, and whether it is all that the file says. */
export interface ColumnValue<T> {
  readonly value: T;
  /** Why it is not: too long, of another type, or of one that the column does not take at all. */
  readonly loss?: "text_cut" | "value_converted" | "value_kept_apart";
}

/** The longest texts that columns of tasks take. */
export const MOST = {
  titleCharacters: 500,
  descriptionBytes: 1_048_576,
  detailsBytes: 4_194_304,
  testStrategyBytes: 1_048_576,
  listItems: 500,
  listBytes: 262_144,
  tags: 100,
  tagBytes: 10_240,
} as const;

/**
 * A member as text for a column.
 *
 * @param node - the object
 * @param name - the member
 * @param mostBytes - how many bytes the column takes
 * @returns the text; null when the member is not there, or has no text in it
 */
export function textOf(node: JsonObject, name: string, mostBytes: number): ColumnValue<string | null> {
  const member = memberOf(node, name);
  if (member === undefined) return { value: null };
  const text = asText(member);
  if (text === undefined) return { value: null, loss: "value_kept_apart" };
  const cut = cutBytes(storableText(text), mostBytes);
  if (cut.length < text.length) return { value: cut, loss: "text_cut" };
  return member.kind === "string" ? { value: cut } : { value: cut, loss: "value_converted" };
}

/**
 * A member as a list of texts for a column.
 *
 * @param node - the object
 * @param name - the member
 * @param mostItems - how many the column takes
 * @param mostBytes - how many bytes they may have together
 * @returns the list; a text alone is a list of one
 */
export function listOf(
  node: JsonObject,
  name: string,
  mostItems: number,
  mostBytes: number,
): ColumnValue<readonly string[]> {
  const member = memberOf(node, name);
  if (member === undefined) return { value: [] };
  const values = member.kind === "array" ? member.items : [member];
  const texts = values.map(asText);
  if (texts.some((text) => text === undefined)) return { value: [], loss: "value_kept_apart" };
  const whole = texts.flatMap((text) => (text === undefined ? [] : [storableText(text)]));
  const isPlain = member.kind === "array" && values.every(({ kind }) => kind === "string");
  const bytes = whole.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (whole.length > mostItems || bytes > mostBytes) return { value: [], loss: "value_kept_apart" };
  return isPlain ? { value: whole } : { value: whole, loss: "value_converted" };
}

/**
 * A member as a number for a column of hours.
 *
 * @param node - the object
 * @param name - the member
 * @returns a number between 0 and a million; null when there is none
 */
export function hoursOf(node: JsonObject, name: string): ColumnValue<number | null> {
  const member = memberOf(node, name);
  if (member === undefined) return { value: null };
  const isNumber = member.kind === "number" || (member.kind === "string" && /^\d+(\.\d+)?$/.test(member.value.trim()));
  const value = isNumber ? Number(member.kind === "number" ? member.text : member.value) : Number.NaN;
  if (!(value >= 0 && value <= 1_000_000)) return { value: null, loss: "value_kept_apart" };
  // A number of more digits than the column keeps.
  if (member.kind === "number" && String(value) === member.text) return { value };
  return { value, loss: "value_converted" };
}

/**
 * The beginning of a text.
 *
 * @param text - any text without halves of surrogate pairs
 * @param most - characters that it may have
 * @returns the text, or its beginning and an ellipsis
 */
export function cutCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

function cutBytes(text: string, most: number): string {
  if (text.length * 3 <= most) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  let end = most;
  // Not in the middle of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}

function asText(node: JsonNode): string | undefined {
  if (node.kind === "string") return node.value;
  if (node.kind === "number") return node.text;
  if (node.kind === "literal" && typeof node.value === "boolean") return String(node.value);
  if (node.kind !== "array") return undefined;
  const lines = node.items.map((item) => (item.kind === "array" ? undefined : asText(item)));
  return lines.every((line) => line !== undefined) ? lines.join("\n") : undefined;
}
