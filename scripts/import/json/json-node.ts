/** A JSON object. A name that is said twice counts as JSON.parse has it: the last one does. */
export interface JsonObject {
  readonly kind: "object";
  readonly members: ReadonlyMap<string, JsonNode>;
  /** What a later member of the same name took the place of. */
  readonly overwritten: readonly OverwrittenMember[];
}

/** A member that a later one of the same name took the place of. */
export interface OverwrittenMember {
  readonly name: string;
  readonly value: JsonNode;
  readonly place: Place;
}

/** A place in a text, both counted from 1; the column in UTF-16 units, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A JSON array. */
export interface JsonArray {
  readonly kind: "array";
  readonly items: readonly JsonNode[];
}

/** A value of JSON. Numbers are the text they were written as: 27.1 and 27.10 stay apart, and no digit is lost. */
export type JsonNode =
  | JsonObject
  | JsonArray
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "literal"; readonly value: boolean | null };

/**
 * One step further in a JSON pointer (RFC 6901).
 *
 * @param pointer - where one is; empty for the whole document
 * @param step - name of a member, or index of an item
 * @returns the longer pointer
 */
export function pointerTo(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * A member of an object.
 *
 * @param node - the object
 * @param name - the member's name
 * @returns its value; undefined when it is not there or null
 */
export function memberOf(node: JsonObject, name: string): JsonNode | undefined {
  const value = node.members.get(name);
  return value?.kind === "literal" && value.value === null ? undefined : value;
}

/**
 * The text of a JSON text or number.
 *
 * @param node - any value
 * @returns the text without the space around it, or the number as it was written; undefined for anything else
 */
export function wordOf(node: JsonNode | undefined): string | undefined {
  if (node?.kind === "string") return node.value.trim();
  return node?.kind === "number" ? node.text : undefined;
}

/**
 * Writes a value as PostgreSQL writes jsonb, so that its length is the one that a check would see.
 *
 * @param node - the value; its texts have no lone surrogate
 * @returns JSON, numbers as they were written
 */
export function writeJson(node: JsonNode): string {
  switch (node.kind) {
    case "object":
      return `{${[...node.members].map(([name, value]) => `${JSON.stringify(name)}: ${writeJson(value)}`).join(", ")}}`;
    case "array":
      return `[${node.items.map(writeJson).join(", ")}]`;
    case "string":
      return JSON.stringify(node.value);
    case "number":
      return node.text;
    case "literal":
      return String(node.value);
  }
}

/** A text as a JSON value. */
export function jsonText(value: string): JsonNode {
  return { kind: "string", value };
}

/** Members as a JSON object; those that are undefined are left out. */
export function jsonObject(members: Readonly<Record<string, JsonNode | undefined>>): JsonObject {
  const present = Object.entries(members).flatMap((
    [name, value],
  ) => (value === undefined ? [] : [[name, value] as const]));
  return { kind: "object", members: new Map(present), overwritten: [] };
}

/** Values as a JSON array. */
export function jsonArray(items: readonly JsonNode[]): JsonArray {
  return { kind: "array", items };
}
