/**
 * Makes PostgREST's default explicit: a write that asks for nothing back gets nothing back. Lite
 * would return the rows, which needs a right to read them and so fails where hosted succeeds.
 *
 * @param request - request to the REST API
 * @returns the request, with `Prefer: return=minimal` where it applies
 */
export function withDefaultPrefer(request: Request): Request {
  const target = /^\/rest\/v1\/([^/]+)/.exec(new URL(request.url).pathname)?.[1];
  const prefer = request.headers.get("prefer") ?? "";
  if (target === undefined || target === "rpc") return request;
  if (!/^(POST|PATCH|DELETE)$/.test(request.method) || /return=/.test(prefer)) return request;
  const headers = new Headers(request.headers);
  headers.set("prefer", prefer === "" ? "return=minimal" : `${prefer},return=minimal`);
  return new Request(request, { headers });
}
