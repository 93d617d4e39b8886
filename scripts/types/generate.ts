import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectDir } from "../migrate/migration-files.ts";
import { generateTypes, readTypes, typesFile, withMigratedDatabase } from "./database-types.ts";
import { reportFailure } from "./report-failure.ts";

await reportFailure(async () => {
  const text = await withMigratedDatabase(generateTypes);
  const name = path.relative(projectDir, typesFile);
  if (text === readTypes()) {
    console.log(`${name} is up to date.`);
    return;
  }
  mkdirSync(path.dirname(typesFile), { recursive: true });
  writeFileSync(typesFile, text);
  console.log(`Wrote ${name}.`);
});
