import { type JsonNode, jsonText, pointerTo } from "../json/json-node.ts";

/** A change that was made because PostgreSQL does not take a value as it is. */
export interface Unstorable {
  readonly kind: "text" | "number";
  /** From the value that was looked at. */
  readonly pointer: string;
  /** The value as JSON, escaped so that it can be kept as a text. */
  readonly escaped: string;
}

// NUL, which text and jsonb do not take, and halves of surrogate pairs, which are no UTF-8.
const UNSTORABLE = /\0|\p{Surrogate}/gu;

// jsonb takes numbers of 131,072 digits, and writes 1e300 out. A row is no place for either.
const MOST_DIGITS = 1000;
const LARGEST_EXPONENT = 308;

/**
 * Makes a text that PostgreSQL takes.
 *
 * @param text - any text
 * @returns the text with U+FFFD for what it does not take
 */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, "\ufffd");
}

/**
 * Makes a value that jsonb takes.
 *
 * @param node - any value
 * @param onChange - is told of each change
 * @param pointer - where the value is
 * @returns the same value where nothing had to change
 */
export function storableJson(node: JsonNode, onChange: (change: Unstorable) => void, pointer = ""): JsonNode {
  switch (node.kind) {
    case "string": {
      const text = storableText(node.value);
      if (text === node.value) return node;
      onChange({ kind: "text", pointer, escaped: escapeText(node.value) });
      return jsonText(text);
    }
    case "number":
      if (isStorable(node.text)) return node;
      onChange({ kind: "number", pointer, escaped: node.text });
      return jsonText(node.text);
    case "array":
      return {
        kind: "array",
        items: node.items.map((item, index) => storableJson(item, onChange, pointerTo(pointer, index))),
      };
    case "object": {
      const members = new Map<string, JsonNode>();
      for (const [name, value] of node.members) {
        let plain = storableText(name);
        if (plain !== name) onChange({ kind: "text", pointer: pointerTo(pointer, plain), escaped: escapeText(name) });
        while (plain !== name && (node.members.has(plain) || members.has(plain))) plain += "\ufffd";
        members.set(plain, storableJson(value, onChange, pointerTo(pointer, plain)));
      }
      return { kind: "object", members, overwritten: [] };
    }
    case "literal":
      return node;
  }
}

function isStorable(number: string): boolean {
  const [, exponent] = /e([+-]?\d+)$/i.exec(number) ?? [];
  return number.length <= MOST_DIGITS && (exponent === undefined || Math.abs(Number(exponent)) <= LARGEST_EXPONENT);
}

/** As JSON; JSON.stringify escapes halves of pairs and NUL itself. */
function escapeText(text: string): string {
  return JSON.stringify(text);
}
