import { type JSONVisitor, printParseErrorCode, visit } from "jsonc-parser";
import type { JsonNode, JsonObject, OverwrittenMember, Place } from "./json-node.ts";

/** How deep JSON may be nested. Tasks that nest 16 levels need 35. */
export const DEEPEST_JSON = 200;

/** A text that is no JSON, or nested too deep. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly isTooDeep: boolean;
  readonly place: Place;

  constructor(message: string, place: Place, isTooDeep = false) {
    super(message);
    this.place = place;
    this.isTooDeep = isTooDeep;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  InvalidSymbol: "there is a word that JSON does not have",
  InvalidNumberFormat: "a number is not written as JSON has it",
  PropertyNameExpected: "the name of a member in quotation marks is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a closing brace } is missing",
  CloseBracketExpected: "a closing bracket ] is missing",
  EndOfFileExpected: "something follows behind the end of the JSON",
  InvalidCommentToken: "JSON has no comments",
  UnexpectedEndOfComment: "JSON has no comments",
  UnexpectedEndOfString: "a text has no closing quotation mark on its line",
  UnexpectedEndOfNumber: "a number breaks off",
  InvalidUnicode: "\\u is not followed by four hexadecimal digits",
  InvalidEscapeCharacter: "a backslash stands before a character that JSON does not escape",
  InvalidCharacter: "a text holds a control character that has to be escaped",
};

interface OpenObject {
  readonly members: Map<string, JsonNode>;
  readonly overwritten: OverwrittenMember[];
  readonly places: Map<string, Place>;
  name: string;
}

/**
 * Parses JSON without losing anything of it: digits, and members that are said twice.
 *
 * @param text - the JSON
 * @returns its value
 * @throws JsonError with the reason and the place
 */
export function parseJson(text: string): JsonNode {
  const open: (OpenObject | JsonNode[])[] = [];
  let root: JsonNode | undefined;
  const add = (node: JsonNode): void => {
    const around = open.at(-1);
    if (around === undefined) root = node;
    else if (Array.isArray(around)) around.push(node);
    else around.members.set(around.name, node);
  };
  const descend = (next: OpenObject | JsonNode[], line: number, column: number): void => {
    if (open.length === DEEPEST_JSON) {
      throw new JsonError(`it nests more than ${DEEPEST_JSON} levels deep`, placeAt(line, column), true);
    }
    open.push(next);
  };
  const visitor: JSONVisitor = {
    onObjectBegin: (_offset, _length, line, column) =>
      descend({ members: new Map(), overwritten: [], places: new Map(), name: "" }, line, column),
    onObjectProperty: (name, _offset, _length, line, column) => {
      const around = open.at(-1);
      if (around !== undefined && !Array.isArray(around)) nameNext(around, name, placeAt(line, column));
    },
    onObjectEnd: () => {
      const done = open.pop();
      if (done !== undefined && !Array.isArray(done)) add(objectOf(done));
    },
    onArrayBegin: (_offset, _length, line, column) => descend([], line, column),
    onArrayEnd: () => {
      const done = open.pop();
      if (Array.isArray(done)) add({ kind: "array", items: done });
    },
    onLiteralValue: (value: unknown, offset, length) => add(literal(value, text.slice(offset, offset + length))),
    onError: (code, _offset, _length, line, column) => {
      throw new JsonError(REASONS[printParseErrorCode(code)] ?? "it is not written as JSON is", placeAt(line, column));
    },
  };
  visit(text, visitor, { disallowComments: true, allowTrailingComma: false });
  if (root === undefined) throw new JsonError("a value is missing", { line: 1, column: 1 });
  return root;
}

function nameNext(around: OpenObject, name: string, place: Place): void {
  const earlier = around.members.get(name);
  const earlierPlace = around.places.get(name);
  if (earlier !== undefined && earlierPlace !== undefined) {
    around.overwritten.push({ name, value: earlier, place: earlierPlace });
    // The order of the members is that of those that count.
    around.members.delete(name);
  }
  around.places.set(name, place);
  around.name = name;
}

function objectOf({ members, overwritten }: OpenObject): JsonObject {
  return { kind: "object", members, overwritten };
}

function literal(value: unknown, text: string): JsonNode {
  if (typeof value === "string") return { kind: "string", value };
  if (typeof value === "number") return { kind: "number", text };
  return { kind: "literal", value: typeof value === "boolean" ? value : null };
}

function placeAt(line: number, column: number): Place {
  return { line: line + 1, column: column + 1 };
}
