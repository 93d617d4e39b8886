import { createHash, timingSafeEqual } from "node:crypto";
import { FunctionError } from "./function-error.ts";

/** The variable that holds the secret the schedules send. */
export const SECRET_VARIABLE = "ROWHOUSE_FUNCTIONS_SECRET";

// A header arrives trimmed, so a secret with a line break at its end could never be matched.
const USABLE_SECRET = /^[\x21-\x7e]{32,}$/;

/**
 * Lets a request through only when it carries the secret as `Authorization: Bearer`. Without a
 * usable secret nobody gets through, rather than everybody.
 *
 * @param request - incoming request
 * @param secret - value of `ROWHOUSE_FUNCTIONS_SECRET`
 * @throws FunctionError `misconfigured` or `unauthorized`
 */
export function requireBearerSecret(request: Request, secret: string | undefined): void {
  if (secret === undefined || secret === "") {
    throw new FunctionError("misconfigured", `${SECRET_VARIABLE} is not set.`);
  }
  if (!USABLE_SECRET.test(secret)) {
    const rule = "needs at least 32 printable characters and no spaces";
    throw new FunctionError("misconfigured", `${SECRET_VARIABLE} ${rule}.`);
  }
  const given = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  // Digests have equal length, so that the time taken tells neither a prefix nor the length. No
  // bearer at all goes the same way and gets the same answer.
  if (!timingSafeEqual(digest(given), digest(secret))) {
    throw new FunctionError("unauthorized", "This needs the functions' secret as bearer.", {
      headers: { "www-authenticate": 'Bearer realm="functions"' },
    });
  }
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
