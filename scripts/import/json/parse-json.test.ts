import { describe, expect, it } from "vitest";
import { createRandom } from "../../../tests/helpers/random.ts";
import { type JsonNode, writeJson } from "./json-node.ts";
import { DEEPEST_JSON, JsonError, parseJson } from "./parse-json.ts";

function errorOf(text: string): JsonError {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  throw new Error("It was taken for JSON.");
}

describe("O9 JSON is read without losing anything of it", () => {
  it("O9 numbers stay the text that they are", () => {
    const text = "[27.1, 27.10, 12345678901234567890, 1e400, -0]";
    expect(writeJson(parseJson(text))).toBe(text);
  });

  it("O9 of a name that is said twice the last one counts, and the first one is told with its place", () => {
    const node = parseJson('{"a": 1,\n  "b": 2,\n  "a": 3}');
    expect(node).toMatchObject({
      kind: "object",
      overwritten: [{ name: "a", value: { text: "1" }, place: { line: 1, column: 2 } }],
    });
    expect(writeJson(node)).toBe('{"b": 2, "a": 3}');
  });

  it("O9 names that objects have already are names like any other", () => {
    const text = '{"__proto__": 1, "constructor": 2, "toString": 3}';
    expect(writeJson(parseJson(text))).toBe(text);
  });
});

describe("O9 what is no JSON is refused with the reason and the place", () => {
  it.each([
    ['{"a": 1\n "b": 2}', "a comma is missing", 2, 2],
    ['{"a": 1,\n}', "the name of a member in quotation marks is missing", 2, 1],
    ['{"a" 1}', "a colon is missing", 1, 6],
    ['["open', "a text has no closing quotation mark on its line", 1, 2],
    ["[1, 2", "a closing bracket ] is missing", 1, 6],
    ['{"a": 1', "a closing brace } is missing", 1, 8],
    ["[1] [2]", "something follows behind the end of the JSON", 1, 5],
    ["[1, // one\n 2]", "JSON has no comments", 1, 5],
    ["[NaN]", "there is a word that JSON does not have", 1, 2],
    ['["\\x"]', "a backslash stands before a character that JSON does not escape", 1, 2],
    ["", "a value is missing", 1, 1],
  ])("%j: %s, line %i, column %i", (text, reason, line, column) => {
    expect(errorOf(text)).toMatchObject({ message: reason, place: { line, column } });
  });

  it("O9 what nests too deep, however deep it is", () => {
    const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect(parseJson(nested(DEEPEST_JSON)).kind).toBe("array");
    expect(errorOf(nested(DEEPEST_JSON + 1))).toMatchObject({
      isTooDeep: true,
      place: { line: 1, column: DEEPEST_JSON + 1 },
    });
    expect(errorOf(nested(1_000_000)).isTooDeep).toBe(true);
  });
});

it("O9 what JSON.parse takes is taken, with the same meaning, and nothing else", () => {
  const random = createRandom(9);
  const seeds = [
    '{"a": [1, -2.5e3, "x\\n\\u00e9", true, null], "b": {"c": ""}}',
    '[{"id": 1, "t": "\\ud83d\\ude00"}, [], {}]',
  ];
  const alphabet = '{}[]",:0123456789.eE+-\\u tfn\n\r\t/* \u00a0\ufeff\u2028';
  let taken = 0;
  for (let turn = 0; turn < 3000; turn += 1) {
    let text = seeds[turn % seeds.length] ?? "";
    for (let edit = random.below(4); edit >= 0; edit -= 1) {
      const at = random.below(text.length + 1);
      text = text.slice(0, at) + (alphabet[random.below(alphabet.length)] ?? "") + text.slice(at + random.below(2));
    }
    const [theirs, ours] = [attempt(() => JSON.parse(text)), attempt(() => toValue(parseJson(text)))];
    expect({ text, value: ours }).toEqual({ text, value: theirs });
    if (theirs !== "no JSON") taken += 1;
  }
  expect(taken).toBeGreaterThan(200);
});

function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return "no JSON";
  }
}

function toValue(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries([...node.members].map(([name, value]) => [name, toValue(value)]));
    case "array":
      return node.items.map(toValue);
    case "number":
      return Number(node.text);
    default:
      return node.value;
  }
}
