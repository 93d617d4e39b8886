import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { birthOf, commandLineOf, namesFolder, runsFor, stopProcess } from "./processes.ts";

describe("namesFolder", () => {
  it.each([[["postgres", "-D", "/data/x"]], [["deno", "--dir=/data/x"]], [["deno", "/data/x/host.ts"]]])(
    "recognises %j",
    (commandLine) => {
      expect(namesFolder(commandLine, "/data/x")).toBe(true);
    },
  );

  it.each([
    [["postgres", "-D", "/data/x-old"]],
    [["postgres", "-D", "/home/data/x"]],
    [["postgres"]],
    [null],
  ])("does not take %j for it", (commandLine) => {
    expect(namesFolder(commandLine, "/data/x")).toBe(false);
  });
});

it("knows a running process, and a stopped one as gone", async () => {
  const child = spawn("sleep", ["30.125"]);
  const pid = child.pid ?? 0;
  expect(birthOf(pid)).not.toBeNull();
  expect(runsFor(pid, "30.125")).toBe(true);
  expect(await stopProcess(pid, [["SIGTERM", 2_000]])).toBe(true);
  expect(commandLineOf(pid)).toBeNull();
  expect(birthOf(pid)).toBeNull();
});
