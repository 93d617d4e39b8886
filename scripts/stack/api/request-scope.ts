import { AsyncLocalStorage } from "node:async_hooks";

/** What the database is told about a request to the REST API. */
export interface RequestScope {
  readonly method: string;
  /** Without the prefix, as PostgREST sees it behind Supabase's gateway: /conversations, /rpc/create_tenant. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

const scopes = new AsyncLocalStorage<RequestScope>();

/**
 * Answers a request while its own words are at hand wherever the work for it goes on: requests share a pool, and
 * lite does not hand them down to where a transaction begins.
 *
 * @param request - request to the REST API, as it arrived
 * @param work - answers it
 * @returns the answer
 */
export function withRequestScope<T>(request: Request, work: () => Promise<T>): Promise<T> {
  const headers = Object.fromEntries(request.headers);
  // PostgREST keeps cookies apart.
  delete headers["cookie"];
  const path = new URL(request.url).pathname.replace(/^\/rest\/v1/, "") || "/";
  return scopes.run({ method: request.method, path, headers }, work);
}

/**
 * The request that is being answered.
 *
 * @returns its words; undefined outside of a request to the REST API
 */
export function currentRequestScope(): RequestScope | undefined {
  return scopes.getStore();
}
