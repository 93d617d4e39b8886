import { randomBytes } from "node:crypto";
import path from "node:path";
import { z } from "zod";
import { readJson, writePrivateJson } from "../lib/private-file.ts";

const secretsShape = z.object({
  jwt_secret: z.string().min(32),
  publishable_key: z.string().startsWith("sb_publishable_"),
  secret_key: z.string().startsWith("sb_secret_"),
  functions_secret: z.string().min(32),
});

/** Keys and secrets of one stack; they outlive its data, so apps keep working after a reset. */
export type Secrets = z.infer<typeof secretsShape>;

/**
 * Reads the secrets of a stack, making them on first use.
 *
 * @param dataDir - the stack's data folder
 * @returns the secrets
 * @throws StackError `data_unreadable` when the file is damaged
 */
export function loadSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, "secrets.json");
  const existing = readJson(file, secretsShape);
  if (existing !== null) return existing;
  const random = (bytes: number): string => randomBytes(bytes).toString("base64url");
  const secrets = {
    jwt_secret: random(48),
    publishable_key: `sb_publishable_${random(24)}`,
    secret_key: `sb_secret_${random(24)}`,
    functions_secret: random(32),
  };
  writePrivateJson(file, secrets);
  return secrets;
}
