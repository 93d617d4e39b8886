import { describe, expect, it } from "vitest";
import { statusOf, toPostgrestError } from "./error-mapping.ts";
import { toIsoTimestamp, toJsonb } from "./wire-types.ts";

describe("toPostgrestError", () => {
  it.each([
    ["P0001", 400],
    ["23514", 400],
    ["28000", 403],
    ["40001", 500],
    ["57014", 500],
    ["57P01", 503],
    ["53300", 503],
  ])("answers %s with %i", (code, status) => {
    expect(statusOf(code)).toBe(status);
    const error = toPostgrestError(Object.assign(new Error("boom"), { code, detail: "d" }));
    expect(error).toMatchObject({ code: "PGRST", detail: JSON.stringify({ status, headers: {} }) });
    expect(error).toHaveProperty(
      "message",
      JSON.stringify({ code, message: "boom", details: "d", hint: null }),
    );
  });

  it.each(["PT409", "PGRST116", "42501", "22P02", "23505"])("leaves %s to lite", (code) => {
    const error = Object.assign(new Error("boom"), { code });
    expect(toPostgrestError(error)).toBe(error);
  });

  it("says 503 when the database cannot be reached", () => {
    const error = toPostgrestError(
      Object.assign(new Error("write CONNECTION_CLOSED"), { code: "CONNECTION_CLOSED" }),
    );
    expect(error).toMatchObject({ detail: JSON.stringify({ status: 503, headers: {} }) });
  });
});

it.each([
  ["2026-11-21 06:16:03+00", "2026-11-21T06:16:03+00:00"],
  ["2026-11-21 06:16:03.5+05:30", "2026-11-21T06:16:03.5+05:30"],
  ["2026-11-21 06:16:03", "2026-11-21T06:16:03"],
  ["infinity", "infinity"],
])("writes %s as %s", (text, iso) => {
  expect(toIsoTimestamp(text)).toBe(iso);
});

it("does not encode json twice", () => {
  expect(toJsonb('{"a":1}')).toBe('{"a":1}');
  expect(toJsonb("plain")).toBe('"plain"');
  expect(toJsonb({ a: 1 })).toBe('{"a":1}');
});
