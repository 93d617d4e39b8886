import { describe, expect, it } from "vitest";
import { closingBracket, tokenize } from "./tokens.ts";

const texts = (sql: string): string[] => tokenize(sql).map(({ text }) => text);

describe("tokenize", () => {
  it("leaves comments out and keeps quotes whole", () => {
    expect(texts("a -- and b\n /* or /* c */ d */ 'x -- y' \"Z z\" $q$ ; $q$")).toEqual([
      "a",
      "'x -- y'",
      "\"Z z\"",
      "$q$ ; $q$",
    ]);
  });

  it("knows strings with escapes, doubled quotes and prefixes", () => {
    expect(texts(String.raw`E'a\'b' 'it''s' B'01' U&'d' e'\\'`)).toEqual([
      String.raw`E'a\'b'`,
      "'it''s'",
      "B'01'",
      "U&'d'",
      String.raw`e'\\'`,
    ]);
  });

  it("splits operators that stand together and keeps those that belong together", () => {
    expect(texts("a:=b::text=>c<>d 1..5 x->>'y'")).toEqual([
      "a", ":=", "b", "::", "text", "=>", "c", "<>", "d", "1", "..", "5", "x", "->>", "'y'",
    ]);
  });

  it("lowers words and only words", () => {
    expect(texts("SELECT \"Name\" FROM Table_1")).toEqual(["select", "\"Name\"", "from", "table_1"]);
  });

  it("says where each token stands", () => {
    const sql = "where  a = 'b'";
    for (const { text, start, end } of tokenize(sql)) expect(sql.slice(start, end)).toBe(text);
  });

  it("takes what is never closed to the end", () => {
    expect(texts("a $q$ b")).toEqual(["a", "$q$ b"]);
    expect(texts("a /* b")).toEqual(["a"]);
  });
});

describe("closingBracket", () => {
  it("finds the partner over brackets of both kinds", () => {
    const tokens = tokenize("f(a[1], (b)) + c");
    expect(tokens[closingBracket(tokens, 1)]?.start).toBe("f(a[1], (b)".length);
  });

  it("answers the number of tokens when there is none", () => {
    const tokens = tokenize("f(a");
    expect(closingBracket(tokens, 1)).toBe(tokens.length);
  });
});
