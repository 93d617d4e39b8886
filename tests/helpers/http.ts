import { readStack } from "./stack.ts";

/** One raw request to the REST API. */
export interface RestRequest {
  readonly method?: string;
  /** Bearer token; without one the caller is a visitor. */
  readonly token?: string | undefined;
  readonly apikey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when text or bytes, as JSON otherwise. */
  readonly body?: unknown;
}

/** What the API answered. */
export interface RestAnswer {
  readonly status: number;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
  readonly range: string | null;
}

/**
 * Sends a request that supabase-js would not, or to a relation known only from the catalogue.
 *
 * @param path - below /rest/v1/, with its query
 * @param request - see RestRequest
 * @returns the answer
 */
export async function rest(path: string, request: RestRequest = {}): Promise<RestAnswer> {
  const { api_url, publishable_key } = readStack();
  const { body } = request;
  const response = await fetch(`${api_url}/rest/v1/${path}`, {
    method: request.method ?? "GET",
    headers: {
      apikey: request.apikey ?? publishable_key,
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: encode(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: parse(text), range: response.headers.get("content-range") };
}

function encode(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
