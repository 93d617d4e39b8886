import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { projectDir } from "../../migrate/migration-files.ts";
import { findPostgres15, INSTALL_COMMAND } from "./programs.ts";

let bin: string;
const path0 = process.env["PATH"];

beforeEach(() => {
  bin = mkdtempSync(path.join(os.tmpdir(), "rowhouse-programs-"));
  process.env["PATH"] = `${bin}:/bin:/usr/bin`;
});
afterEach(() => {
  process.env["PATH"] = path0;
  rmSync(bin, { recursive: true, force: true });
});

function program(name: string, says = ""): void {
  writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${says}"\n`);
  chmodSync(path.join(bin, name), 0o755);
}

function install(version: string, extensions: readonly string[]): void {
  for (const name of ["initdb", "psql", "pg_prove"]) program(name);
  program("postgres", `postgres (PostgreSQL) ${version}`);
  program("pg_config", bin);
  mkdirSync(path.join(bin, "extension"));
  for (const name of extensions) writeFileSync(path.join(bin, "extension", `${name}.control`), "");
}

it("names the programs that are not there", () => {
  program("psql");
  expect(findPostgres15(bin)).toEqual(["initdb", "postgres", "pg_config"].map((name) => path.join(bin, name)));
});

it("names the extensions that are not there", () => {
  install("15.18 (Debian 15.18-0+deb12u1)", ["pgtap"]);
  expect(findPostgres15(bin)).toEqual(["pg_cron", "plpgsql_check"]);
});

it("takes no other version for 15", () => {
  install("16.10", ["pgtap", "pg_cron", "plpgsql_check"]);
  expect(findPostgres15(bin)).toEqual([`PostgreSQL 15 in ${bin}`]);
});

it("finds all of it", () => {
  install("15.18", ["pgtap", "pg_cron", "plpgsql_check"]);
  const at = (name: string): string => path.join(bin, name);
  expect(findPostgres15(bin)).toEqual({
    initdb: at("initdb"), postgres: at("postgres"), psql: at("psql"), pgProve: at("pg_prove"),
  });
});

it("is installed by the same packages wherever the way is told", () => {
  const packages = INSTALL_COMMAND.split(" ").slice(2);
  expect(packages).toHaveLength(6);
  for (const file of [".ci/run", ".github/workflows/test.yml", "tests/README.md"]) {
    const words = readFileSync(path.join(projectDir, file), "utf8").split(/[\s`]+/);
    expect(packages.filter((name) => !words.includes(name)), file).toEqual([]);
  }
});
