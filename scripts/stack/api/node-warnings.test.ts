import { once } from "node:events";
import { expect, it } from "vitest";
import "./backend.ts";
import { takeErrorsAsWarnings } from "./node-warnings.ts";

async function told(warning: string | Error): Promise<unknown> {
  const next = once(process, "warning");
  process.emitWarning(warning);
  const [event]: unknown[] = await next;
  return event;
}

it("a warning that is an error is told, too, and not thrown at whoever caused it", async () => {
  const warning = Object.assign(new Error("Of a test."), { name: "TestWarning" });
  expect(() => process.emitWarning(warning)).toThrow("includes is not a function");
  takeErrorsAsWarnings();
  expect(await told(warning)).toMatchObject({ name: "TestWarning", message: "Of a test." });
  expect(await told("Text of a test.")).toMatchObject({ message: "Text of a test." });
});
