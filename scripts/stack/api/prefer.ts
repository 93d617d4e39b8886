/**
 * Makes PostgREST's defaults explicit, and closes one of them.
 *
 * A write that asks for nothing back gets nothing back: lite would return the rows, which needs a right to read them and
 * so fails where hosted succeeds. A planned or estimated count becomes an exact one: the planner's guess counts the rows
 * of all tenants.
 *
 * @param request - request to the REST API
 * @returns the request, with another `Prefer` where it applies
 */
export function withDefaultPrefer(request: Request): Request {
  const target = /^\/rest\/v1\/([^/]+)/.exec(new URL(request.url).pathname)?.[1];
  if (target === undefined) return request;
  const given = request.headers.get("prefer") ?? "";
  let prefer = given.replace(/count=(planned|estimated)/g, "count=exact");
  const writes = target !== "rpc" && /^(POST|PATCH|DELETE)$/.test(request.method);
  if (writes && !/return=/.test(prefer)) prefer = prefer === "" ? "return=minimal" : `${prefer},return=minimal`;
  if (prefer === given) return request;
  const headers = new Headers(request.headers);
  headers.set("prefer", prefer);
  return new Request(request, { headers });
}
