import { createServer } from "node:net";
import { hasCode, StackError } from "../lib/stack-error.ts";

/** The ports of supabase/config.toml, which the Supabase CLI and its guides use too. */
export const DEFAULT_PORTS = { api: 54321, db: 54322 } as const;

const NAMES = { api: "API", db: "database" } as const;

/**
 * Checks before any work that a port can be had, so that a taken one is told at once.
 *
 * @param which - what the port is for
 * @param port - the port on loopback; 0 is always free
 * @throws StackError `port_taken` with what to do
 */
export async function requireFreePort(which: "api" | "db", port: number): Promise<void> {
  if (port === 0) return;
  const failure = await new Promise<Error | null>((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(null)));
  });
  if (failure === null) return;
  const reason = hasCode(failure, "EADDRINUSE")
    ? "is taken by another program"
    : `cannot be used (${failure.message})`;
  throw new StackError(
    "port_taken",
    `Port ${port} ${reason}: end it, or give the ${NAMES[which]} another port ` +
      `with --${which}-port N (or ROWHOUSE_${which.toUpperCase()}_PORT=N).`,
  );
}
