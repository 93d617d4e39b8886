/**
 * Makes PostgREST's default explicit: a write that asks for nothing back gets nothing back. Lite would return the rows,
 * which needs a right to read them and so fails where hosted succeeds.
 *
 * @param request - request to the REST API
 * @returns the request, with another `Prefer` where it applies
 */
export function withDefaultPrefer(request: Request): Request {
  const target = /^\/rest\/v1\/([^/]+)/.exec(new URL(request.url).pathname)?.[1];
  if (target === undefined || target === "rpc" || !/^(POST|PATCH|DELETE)$/.test(request.method)) return request;
  const given = request.headers.get("prefer") ?? "";
  if (/return=/.test(given)) return request;
  const headers = new Headers(request.headers);
  headers.set("prefer", given === "" ? "return=minimal" : `${given},return=minimal`);
  return new Request(request, { headers });
}
