import type { FunctionError } from "./function-error.ts";

/**
 * A json answer that no proxy keeps.
 *
 * @param status - HTTP status
 * @param body - what to answer
 * @param requestId - finds the request in the log
 * @param headers - more headers
 * @returns the response
 */
export function jsonResponse(
  status: number,
  body: Readonly<Record<string, unknown>>,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": requestId,
      ...headers,
    },
  });
}

/**
 * The answer to a request that failed: one shape for every function and every reason.
 *
 * @param error - why it failed
 * @param requestId - finds the request in the log
 * @returns the response
 */
export function errorResponse(error: FunctionError, requestId: string): Response {
  const { issues, headers, result } = error.details;
  const body = {
    error: {
      code: error.code,
      message: error.message,
      ...(issues === undefined ? {} : { issues }),
      request_id: requestId,
    },
    ...result,
  };
  return jsonResponse(error.status, body, requestId, headers);
}
