import { messageOf } from "../../lib/stack-error.ts";
import { errorAnswer, preflightAnswer, withCors } from "./answers.ts";

/** Headers of one hop, and those `fetch` sets itself or refuses. */
const NOT_FORWARDED = [
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * Hands a request to the edge functions' host and its answer back, both streamed.
 *
 * Preflights are answered here and an answer without CORS headers gets them, as Supabase's own
 * gateway does locally; on a hosted project the function itself must do both.
 *
 * @param request - request to /functions/v1/<name>
 * @param hostUrl - address of the functions' host, null while it is down
 * @returns the function's answer, or 503 json when the host does not answer
 */
export async function proxyFunction(request: Request, hostUrl: string | null): Promise<Response> {
  if (request.method === "OPTIONS" && request.headers.has("access-control-request-method")) {
    return preflightAnswer(request);
  }
  if (hostUrl === null) return unavailable("the edge functions are not running");
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const name of NOT_FORWARDED) headers.delete(name);
  // An answer compressed on the way would arrive unpacked under a header that says otherwise.
  headers.set("accept-encoding", "identity");
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", "http");
  try {
    const response = await fetch(`${hostUrl}${url.pathname.replace(/^\/functions\/v1/, "")}${url.search}`, {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
      signal: request.signal,
      ...(request.body === null ? {} : { duplex: "half" }),
    });
    return withCors(withoutHopHeaders(response));
  } catch (error) {
    return unavailable(messageOf(error));
  }
}

function withoutHopHeaders(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const name of ["connection", "keep-alive", "transfer-encoding"]) headers.delete(name);
  if (headers.has("content-encoding")) {
    // fetch has unpacked it.
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

function unavailable(reason: string): Response {
  return errorAnswer(503, "FUNCTIONS_UNAVAILABLE", `The edge functions do not answer: ${reason}.`);
}
