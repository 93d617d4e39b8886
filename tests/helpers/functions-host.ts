import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { functionsEnvironment } from "../../scripts/stack/functions/environment.ts";
import { launchHost } from "../../scripts/stack/functions/host-process.ts";

/** The edge functions, served for a test file. */
export interface FunctionsHost {
  /**
   * Calls a function as a schedule does.
   *
   * @param name - the function
   * @param secret - another secret than the right one
   * @returns its status and json
   */
  readonly call: (name: string, secret?: string) => Promise<{ status: number; json: unknown }>;
}

const projectDir = path.resolve(import.meta.dirname, "..", "..");
const SECRET = "a-secret-of-more-than-thirty-two-characters";

/**
 * Serves the edge functions on a database of a test, with variables of its own. Stopped after the
 * test file.
 *
 * @param dbUrl - the database as `postgres`
 * @param variables - more variables of their environment
 * @returns the running functions
 */
export async function serveFunctions(dbUrl: string, variables: NodeJS.ProcessEnv = {}): Promise<FunctionsHost> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "rowhouse-functions-"));
  const functionsDir = path.join(projectDir, "supabase", "functions");
  const project = {
    apiUrl: "http://127.0.0.1:9",
    dbUrl,
    publishableKey: "sb_publishable_test",
    secretKey: "sb_secret_test",
    functionsSecret: SECRET,
  };
  const host = await launchHost({
    rootDir: projectDir,
    functionsDir,
    dataDir,
    // Whoever runs the tests may have variables of their own in a file.
    env: () => ({
      ...functionsEnvironment(project, functionsDir, path.join(dataDir, "deno")),
      ALERT_WEBHOOK_URL: "",
      ROWHOUSE_FUNCTIONS_SECRET: SECRET,
      ...variables,
    }),
    log: () => undefined,
  });
  afterAll(async () => {
    await host.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    call: async (name, secret = SECRET) => {
      const response = await fetch(`${host.url}/${name}`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}` },
      });
      const json: unknown = await response.json();
      return { status: response.status, json };
    },
  };
}
