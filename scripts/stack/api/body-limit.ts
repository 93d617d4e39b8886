import { errorAnswer } from "./answers.ts";

/** The largest request body in bytes. Hosted gateways have a limit too; files belong in storage. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** Up to this size a too large body is read and dropped: a client that writes on sees no answer. */
const MAX_DISCARDED_BYTES = 10 * MAX_BODY_BYTES;

/**
 * Keeps a request's body within the limit. A body of announced length passes or fails by that; one
 * sent in chunks is read first, because only then its length is known.
 *
 * @param request - incoming request
 * @returns the request to go on with, or the answer 413
 */
export async function limitBody(request: Request): Promise<Request | Response> {
  const length = Number(request.headers.get("content-length") ?? "NaN");
  if (length <= MAX_BODY_BYTES || request.body === null) return request;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // A body that says to be larger than anything discarded is not read at all.
  if (!(length > MAX_DISCARDED_BYTES)) {
    for await (const chunk of request.body) {
      bytes += chunk.byteLength;
      if (bytes > MAX_DISCARDED_BYTES) break;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    }
  }
  if (length > MAX_BODY_BYTES || bytes > MAX_BODY_BYTES) {
    // What is still unread makes the connection unfit for another request.
    return errorAnswer(413, "413", "The request body is larger than 20 MB.", { connection: "close" });
  }
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: Buffer.concat(chunks),
    signal: request.signal,
  });
}
