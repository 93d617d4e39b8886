import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";

/** What edge functions learn about their project. */
export interface FunctionsProject {
  readonly apiUrl: string;
  readonly dbUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** What callers of the scheduled functions must send as bearer. */
  readonly functionsSecret: string;
}

/**
 * The environment of the edge functions: what Supabase sets on a hosted project, the project's own
 * secret, and `supabase/functions/.env` as the Supabase CLI reads it. The user's own environment
 * stays out, because a function would not have it on hosted either.
 *
 * @param project - addresses and keys
 * @param functionsDir - folder of the functions
 * @param cacheDir - where Deno keeps compiled files
 * @returns variables for the process
 */
export function functionsEnvironment(
  project: FunctionsProject,
  functionsDir: string,
  cacheDir: string,
): NodeJS.ProcessEnv {
  const file = path.join(functionsDir, ".env");
  const own = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
  // The CLI ignores them too: names beginning with SUPABASE_ are reserved.
  const allowed = Object.entries(own).filter(([name]) => !name.startsWith("SUPABASE_"));
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TZ: "UTC",
    NO_COLOR: "1",
    DENO_DIR: cacheDir,
    DENO_NO_UPDATE_CHECK: "1",
    ROWHOUSE_FUNCTIONS_SECRET: project.functionsSecret,
    ...Object.fromEntries(allowed),
    SUPABASE_URL: project.apiUrl,
    SUPABASE_DB_URL: project.dbUrl,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: project.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: project.secretKey }),
    // The names before the new key kinds; libraries still read them.
    SUPABASE_ANON_KEY: project.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: project.secretKey,
    // User tokens are signed with a shared secret here, so there is no public key to publish.
    SUPABASE_JWKS: JSON.stringify({ keys: [] }),
  };
}
