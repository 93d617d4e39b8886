import { createAdaptorServer } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import { hasCode, messageOf, StackError } from "../../lib/stack-error.ts";
import { errorAnswer } from "./answers.ts";
import { filterConsole } from "./console-filter.ts";
import { createBackend, type ApiKeys } from "./backend.ts";
import { refuseUnsignedBearer } from "./bearer.ts";
import { limitBody } from "./body-limit.ts";
import { proxyFunction } from "./functions-proxy.ts";
import { refuseBrokenJson } from "./json-body.ts";
import { takeErrorsAsWarnings } from "./node-warnings.ts";
import { withDefaultPrefer } from "./prefer.ts";
import { withRequestScope } from "./request-scope.ts";
import { watchSchema } from "./schema-watch.ts";

/** Options of `startApi`. */
export interface StartApiOptions {
  /** Port on loopback; 0 takes any free one. */
  readonly port: number;
  /** The database as `postgres`. */
  readonly dbUrl: string;
  readonly keys: ApiKeys;
  /** Where the edge functions' host listens at this moment, null while it is down. */
  readonly functionsHost: () => string | null;
  readonly log: (line: string) => void;
}

/** A running API. */
export interface RunningApi {
  readonly port: number;
  readonly url: string;
  /** Rebuilds REST and Auth over the present schema, without a moment of refusal. */
  readonly reload: () => Promise<void>;
  /** Lets running requests finish (5 s), then closes everything. */
  readonly stop: () => Promise<void>;
}

const DRAIN_MS = 5_000;
/** How long requests on lost connections may still take to fail by themselves. */
const LOST_MS = 500;

/**
 * Serves REST, Auth and edge functions on one loopback port, as a Supabase project does, and
 * follows the schema: a `notify pgrst, 'reload schema'` (or `'reload config'`) rebuilds it without closing the port.
 *
 * @param options - see StartApiOptions
 * @returns the running API
 * @throws StackError `port_taken` or `api_failed`
 */
export async function startApi(options: StartApiOptions): Promise<RunningApi> {
  const { dbUrl, keys, log } = options;
  let backend = await createBackend(dbUrl, keys);
  takeErrorsAsWarnings();
  const unfilter = filterConsole();

  const answer = async (request: Request, peerAddress: string | null): Promise<Response> => {
    const limited = await limitBody(request);
    if (limited instanceof Response) return limited;
    const { pathname } = new URL(limited.url);
    if (pathname.startsWith("/functions/v1/")) return proxyFunction(limited, options.functionsHost());
    if (pathname.startsWith("/rest/v1") && limited.method !== "OPTIONS") {
      const refusal = await refuseUnsignedBearer(limited, keys);
      if (refusal !== null) return refusal;
    }
    if (!pathname.startsWith("/rest/v1")) return backend.fetch(limited, peerAddress);
    const sound = await refuseBrokenJson(limited);
    if (sound instanceof Response) return sound;
    return withRequestScope(sound, () => backend.fetch(withDefaultPrefer(sound), peerAddress));
  };

  const server = createAdaptorServer({
    hostname: "127.0.0.1",
    fetch: async (request, bindings) => {
      try {
        return await answer(request, bindings.incoming.socket.remoteAddress ?? null);
      } catch (error) {
        log(`API: ${request.method} ${new URL(request.url).pathname}: ${messageOf(error)}`);
        return errorAnswer(500, "XX000", "The local API failed; its log says why.");
      }
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", (error: Error) => reject(listenError(error, options.port)));
    server.listen(options.port, "127.0.0.1", () => resolve(portOf(server.address())));
  }).catch(async (error: unknown) => {
    unfilter();
    await backend.retire();
    throw error;
  });

  const reload = async (wasLost = false): Promise<void> => {
    const old = backend;
    backend = await createBackend(dbUrl, keys);
    void old.retire(wasLost ? LOST_MS : undefined).catch((error: unknown) => log(`API: ${messageOf(error)}`));
  };
  const watch = await watchSchema(dbUrl, reload, log);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    reload,
    stop: async () => {
      await watch.stop();
      await closeServer(server);
      await backend.retire();
      unfilter();
    },
  };
}

async function closeServer(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  const force = setTimeout(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
  }, DRAIN_MS);
  await closed;
  clearTimeout(force);
}

function listenError(error: Error, port: number): StackError {
  return hasCode(error, "EADDRINUSE")
    ? new StackError(
        "port_taken",
        `Port ${port} is taken by another program; choose another one for the API.`,
      )
    : new StackError("api_failed", `The API cannot listen on port ${port}: ${error.message}.`);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string")
    throw new StackError("api_failed", "The API has no port.");
  return address.port;
}
