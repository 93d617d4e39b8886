import path from "node:path";
import { parseArgs } from "node:util";
import { projectDir } from "../migrate/migration-files.ts";
import { accessPage } from "./access-page.ts";
import { typesFile } from "./database-types.ts";
import { type GeneratedFile, readGenerated, writeGenerated } from "./generated-file.ts";
import { withMigratedDatabase } from "./migrated-database.ts";
import { reportFailure } from "./report-failure.ts";
import { securityPage } from "./security-page.ts";
import { valueSetsFile } from "./value-sets.ts";

const files = new Map<string, GeneratedFile>([
  ["types", typesFile],
  ["values", valueSetsFile],
  ["access", accessPage],
  ["security", securityPage],
]);

const { values, positionals } = parseArgs({
  options: { check: { type: "boolean", default: false } },
  allowPositionals: true,
});
const file = files.get(positionals[0] ?? "");
if (file === undefined) {
  console.error(`Usage: run.ts <${[...files.keys()].join("|")}> [--check]`);
  process.exitCode = 2;
} else {
  await reportFailure(() => (values.check ? check(file) : write(file)));
}

async function write(generated: GeneratedFile): Promise<void> {
  const text = await withMigratedDatabase(generated.generate, generated.ownDatabase);
  const name = path.relative(projectDir, generated.path);
  const isCurrent = text === readGenerated(generated);
  if (!isCurrent) writeGenerated(generated, text);
  console.log(isCurrent ? `${name} is up to date.` : `Wrote ${name}.`);
}

async function check(generated: GeneratedFile): Promise<void> {
  const wanted = await withMigratedDatabase(generated.generate, generated.ownDatabase);
  const found = readGenerated(generated);
  const name = path.relative(projectDir, generated.path);
  if (wanted === found) {
    console.log(`${name} is up to date.`);
    return;
  }
  const lines = found.split("\n");
  const first = wanted.split("\n").findIndex((line, index) => line !== lines[index]);
  console.error(
    `${name} does not fit the migrations (first difference in line ${first + 1}). Run: ${generated.command}`,
  );
  process.exitCode = 1;
}
