import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { messageOf } from "../../lib/stack-error.ts";
import type { JsonNode } from "../json/json-node.ts";
import { JsonError, parseJson } from "../json/parse-json.ts";
import { Refusal } from "../report/refusal.ts";
import { type DecodedText, decodeText } from "./decode-text.ts";

/** How large a file may be, in bytes. */
export const LARGEST_FILE = 32 * 1024 * 1024;

/** A file that was read. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
  readonly encoding: DecodedText["encoding"];
  readonly root: JsonNode;
}

/**
 * Reads a JSON file. It is opened for reading only.
 *
 * @param path - the file
 * @returns what is in it
 * @throws Refusal `unreadable`, `too_large`, `empty`, `not_text`, `conflict_markers`, `not_json`, `too_deep`
 */
export function readSource(path: string): SourceFile {
  const bytes = readBytes(path);
  const { text, encoding } = decodeText(bytes);
  if (text.trim() === "") throw new Refusal("empty", "It is empty.");
  refuseConflict(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path, bytes: bytes.length, sha256, encoding, root: parse(text) };
}

function readBytes(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE) throw new Refusal("too_large", `It has ${size} bytes; the most is ${LARGEST_FILE}.`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("unreadable", `It cannot be read: ${messageOf(error)}.`);
  }
}

function refuseConflict(text: string): void {
  // No valid JSON has such a line: a line break inside a text is escaped.
  const marker = /^(<{7}|={7}|>{7})(?: .*)?\r?$/m.exec(text);
  if (marker === null) return;
  const line = text.slice(0, marker.index).split("\n").length;
  throw new Refusal("conflict_markers", `A merge conflict is not resolved: "${marker[1]}".`, { line, column: 1 });
}

function parse(text: string): JsonNode {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new Refusal(error.isTooDeep ? "too_deep" : "not_json", `It is no JSON: ${error.message}.`, error.place);
  }
}
