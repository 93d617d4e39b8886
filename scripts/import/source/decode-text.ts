import { isUtf8 } from "node:buffer";
import type { Place } from "../json/json-node.ts";
import { Refusal } from "../report/refusal.ts";

/** A text, and how it was written in bytes. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: "utf-8" | "utf-8 with BOM" | "utf-16le" | "utf-16be";
}

/**
 * Makes text of a file's bytes: UTF-8, with or without byte order mark, or UTF-16 with one.
 *
 * @param bytes - the file
 * @returns the text without byte order mark
 * @throws Refusal `not_text`, with the place in UTF-8
 */
export function decodeText(bytes: Buffer): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: decodeUtf16(bytes, "utf-16le"), encoding: "utf-16le" };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: decodeUtf16(bytes, "utf-16be"), encoding: "utf-16be" };
  if (bytes.subarray(0, 4).includes(0)) {
    throw new Refusal("not_text", "There is a zero byte at its start: UTF-16 needs a byte order mark.");
  }
  if (!isUtf8(bytes)) {
    const place = firstBroken(bytes);
    throw new Refusal("not_text", "It holds bytes that are no UTF-8. Save it as UTF-8.", place);
  }
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return hasMark
    ? { text: bytes.toString("utf8", 3), encoding: "utf-8 with BOM" }
    : { text: bytes.toString("utf8"), encoding: "utf-8" };
}

function decodeUtf16(bytes: Buffer, encoding: "utf-16le" | "utf-16be"): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal("not_text", `It begins as ${encoding.toUpperCase()} and goes on with bytes that are none.`);
  }
}

/** Where the first byte is that no UTF-8 has there. A line break is the same byte in whatever surrounds it. */
function firstBroken(bytes: Buffer): Place {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const content = bytes.subarray(start, end === -1 ? bytes.length : end);
    if (!isUtf8(content)) {
      let good = 0;
      // The longest beginning of the line that is text, a character that is cut off left aside.
      for (let length = 1; length <= content.length; length += 1) {
        if (isUtf8(content.subarray(0, length))) good = length;
      }
      return { line, column: content.toString("utf8", 0, good).length + 1 };
    }
    if (end === -1) return { line, column: content.length + 1 };
    start = end + 1;
    line += 1;
  }
}
