import { errorAnswer } from "./answers.ts";

/** Deeper than any client nests, and less than lite's recursion bears. */
const MAX_DEPTH = 1_000;

/**
 * Refuses a json body that lite would take and PostgREST would not: bytes that are no UTF-8 (lite stores replacement
 * characters) and nesting without end (lite overflows its stack and says so).
 *
 * @param request - request to the REST API
 * @returns the request to go on with, or the answer 400
 */
export async function refuseBrokenJson(request: Request): Promise<Request | Response> {
  const type = request.headers.get("content-type") ?? "application/json";
  if (request.body === null || !/json/i.test(type)) return request;
  const bytes = await request.arrayBuffer();
  try {
    if (depthOf(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) > MAX_DEPTH) return invalid();
  } catch {
    return invalid();
  }
  return new Request(request.url, { method: request.method, headers: request.headers, body: bytes, signal: request.signal });
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let place = 0; place < text.length; place += 1) {
    const sign = text[place];
    if (inString && sign === "\\") place += 1;
    else if (sign === '"') inString = !inString;
    else if (inString) continue;
    else if (sign === "{" || sign === "[") deepest = Math.max(deepest, (depth += 1));
    else if (sign === "}" || sign === "]") depth -= 1;
  }
  return deepest;
}

function invalid(): Response {
  return errorAnswer(400, "PGRST102", "Empty or invalid json");
}
