/** What browsers may read and send across origins, as Supabase's gateway allows it. */
const CORS_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
  "access-control-expose-headers": "Content-Range, Content-Location, Preference-Applied",
  "access-control-max-age": "86400",
};

/**
 * A json answer of the gateway itself, readable across origins.
 *
 * @param status - HTTP status
 * @param body - what to answer
 * @param headers - more headers
 * @returns the response
 */
export function jsonAnswer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...CORS_HEADERS, ...headers },
  });
}

/**
 * An error in PostgREST's shape.
 *
 * @param status - HTTP status
 * @param code - PostgREST code
 * @param message - one sentence
 * @param headers - more headers
 * @returns the response
 */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return jsonAnswer(status, { code, message, details: null, hint: null }, headers);
}

/**
 * The answer to a browser's preflight.
 *
 * @param request - an OPTIONS request
 * @returns 204 that allows what was asked for
 */
export function preflightAnswer(request: Request): Response {
  const asked = request.headers.get("access-control-request-headers");
  return new Response(null, {
    status: 204,
    headers: {
      ...CORS_HEADERS,
      "access-control-allow-headers": asked ?? "authorization, x-client-info, apikey, content-type",
    },
  });
}

/**
 * The same response, readable across origins when its maker did not say so itself.
 *
 * @param response - any response
 * @returns a copy with CORS headers
 */
export function withCors(response: Response): Response {
  if (response.headers.has("access-control-allow-origin")) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(CORS_HEADERS)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
