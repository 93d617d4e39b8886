import path from "node:path";
import { projectDir } from "../migrate/migration-files.ts";
import { generateTypes, readTypes, typesFile, withMigratedDatabase } from "./database-types.ts";
import { reportFailure } from "./report-failure.ts";

await reportFailure(async () => {
  const wanted = await withMigratedDatabase(generateTypes);
  const found = readTypes();
  const name = path.relative(projectDir, typesFile);
  if (wanted === found) {
    console.log(`${name} is up to date.`);
    return;
  }
  const lines = found.split("\n");
  const first = wanted.split("\n").findIndex((line, index) => line !== lines[index]);
  console.error(
    `${name} does not fit the migrations (first difference in line ${first + 1}). Run: npm run types`,
  );
  process.exitCode = 1;
});
