import { createRequire } from "node:module";
import { z } from "zod";

const packageShape = z.object({ version: z.string() });
const require = createRequire(import.meta.url);

/** The versions of the other queues, as installed. */
export function peerVersions(): Readonly<Record<string, string>> {
  const versionOf = (name: string): string => packageShape.parse(require(`${name}/package.json`)).version;
  return { "graphile-worker": versionOf("graphile-worker"), "pg-boss": versionOf("pg-boss") };
}
