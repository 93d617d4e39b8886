import type { z } from "zod";
import { FunctionError, type Issue } from "./function-error.ts";

/** The largest body in bytes; a schedule sends a few hundred. */
export const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads a json body and checks its shape. No body at all counts as `{}`.
 *
 * @param request - incoming request
 * @param schema - shape of the body
 * @returns the checked body
 * @throws FunctionError `body_too_large`, `unsupported_media_type` or `invalid_body`
 */
export async function readJsonBody<Body>(
  request: Request,
  schema: z.ZodType<Body>,
): Promise<Body> {
  const bytes = await readBytes(request);
  const value = bytes.byteLength === 0 ? {} : parseJson(bytes, request.headers.get("content-type"));
  const parsed = schema.safeParse(withoutRun(value));
  if (parsed.success) return parsed.data;
  throw invalidBody(parsed.error.issues.map(({ code, path, message }) => ({
    code,
    path: path.map((key) => (typeof key === "symbol" ? String(key) : key)),
    message,
  })));
}

/**
 * The error for a body that can be read and says something wrong.
 *
 * @param issues - what is wrong, at least one
 * @returns the error to throw
 */
export function invalidBody(issues: readonly Issue[]): FunctionError {
  return new FunctionError("invalid_body", "The body has not the right content.", { issues });
}

// A schedule adds which run it is. That is for the log of the caller; no function works by it.
function withoutRun(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "run"));
}

async function readBytes(request: Request): Promise<Uint8Array> {
  // The announced length saves reading; the count below does not trust it.
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) {
    await request.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function parseJson(bytes: Uint8Array, contentType: string | null): unknown {
  if (contentType?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    const message = "Send the body as content-type application/json.";
    throw new FunctionError("unsupported_media_type", message);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw invalidBody([{ code: "invalid_json", path: [], message: "The body is not JSON." }]);
  }
}

function tooLarge(): FunctionError {
  return new FunctionError("body_too_large", "The body is larger than 64 kB.");
}
