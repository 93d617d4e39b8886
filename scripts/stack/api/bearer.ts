import { errors, jwtVerify } from "jose";
import { errorAnswer } from "./answers.ts";
import type { ApiKeys } from "./backend.ts";

/**
 * Refuses a bearer token that nobody signed. Lite would take a text that is no token at all for an
 * anonymous caller; PostgREST answers 401, and an app must not learn the milder behaviour here.
 *
 * Expired tokens and other doubts about a well signed one are left to lite, which answers them well.
 *
 * @param request - request to the REST API
 * @param keys - the API's keys; one of them as bearer is what supabase-js sends when nobody is signed in
 * @returns the refusal, or null when the request may go on
 */
export async function refuseUnsignedBearer(request: Request, keys: ApiKeys): Promise<Response | null> {
  const match = /^Bearer(?:\s+(.*))?$/i.exec(request.headers.get("authorization")?.trim() ?? "");
  if (match === null) return null;
  const token = match[1] ?? "";
  if (token === keys.publishable_key || token === keys.secret_key) return null;
  try {
    await jwtVerify(token, new TextEncoder().encode(keys.jwt_secret), { algorithms: ["HS256"] });
    return null;
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) return null;
    const message = complaintAbout(token);
    return errorAnswer(401, "PGRST301", message, {
      "www-authenticate": `Bearer error="invalid_token", error_description="${message}"`,
    });
  }
}

/** PostgREST's words for it. */
function complaintAbout(token: string): string {
  if (token === "") return "Empty JWT is sent in Authorization header";
  const parts = token.split(".").length;
  return parts === 3 ? "No suitable key or wrong key type" : `Expected 3 parts in JWT; got ${parts}`;
}
