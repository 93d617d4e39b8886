import type { z } from "zod";
import { requireBearerSecret } from "./bearer-secret.ts";
import { isTurnedAway } from "./database-error.ts";
import { FunctionError } from "./function-error.ts";
import { readJsonBody } from "./json-body.ts";
import { errorResponse, jsonResponse } from "./json-response.ts";

/** Writes one line to the log; never to the caller. */
export type Log = (code: string, reason: unknown) => void;

/** What a scheduled function is made of. */
export interface ScheduledFunction<Body> {
  readonly name: string;
  /** Value of `ROWHOUSE_FUNCTIONS_SECRET`. */
  readonly secret: string | undefined;
  readonly body: z.ZodType<Body>;
  /** Does the work; what it returns is the answer, what it throws the failure. */
  readonly run: (body: Body, log: Log) => Promise<Readonly<Record<string, unknown>>>;
  /** Takes the log lines; standard error when missing. */
  readonly writeLog?: (line: string) => void;
}

/**
 * Makes the handler of a function that only schedules call. A caller without the secret learns
 * nothing about the rest, so the secret is checked before method and body.
 *
 * @param options - see ScheduledFunction
 * @returns a handler that always answers json and never throws
 */
export function createScheduledHandler<Body>(
  options: ScheduledFunction<Body>,
): (request: Request) => Promise<Response> {
  const { name, secret, body, run, writeLog = (line) => console.error(line) } = options;
  return async (request) => {
    const requestId = crypto.randomUUID();
    const log: Log = (code, reason) => {
      writeLog(
        JSON.stringify({ function: name, request_id: requestId, code, reason: textOf(reason) }),
      );
    };
    try {
      requireBearerSecret(request, secret);
      requirePost(request);
      return jsonResponse(200, await run(await readJsonBody(request, body), log), requestId);
    } catch (error) {
      const failure = asFunctionError(error);
      if (failure.status >= 500) log(failure.code, error);
      return errorResponse(failure, requestId);
    }
  };
}

function requirePost(request: Request): void {
  if (request.method === "POST") return;
  throw new FunctionError("method_not_allowed", "Only POST is answered here.", {
    headers: { allow: "POST" },
  });
}

function asFunctionError(error: unknown): FunctionError {
  if (error instanceof FunctionError) return error;
  if (isTurnedAway(error)) {
    return new FunctionError("database_unavailable", "The database does not answer.");
  }
  const message = "Something unexpected happened; the function's log has it under the request id.";
  return new FunctionError("internal_error", message);
}

function textOf(reason: unknown): string {
  if (reason instanceof FunctionError) {
    return reason.cause === undefined
      ? reason.message
      : `${reason.message} ${textOf(reason.cause)}`;
  }
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}
