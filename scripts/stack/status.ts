import { createConnection } from "node:net";
import { readStackFile, type StackFile } from "./stack-file.ts";
import { stackPid } from "./lock.ts";

/** One part of the stack. */
export interface PartStatus {
  readonly name: "stack" | "database" | "api" | "functions";
  readonly isUp: boolean;
  readonly address: string;
}

/** What runs. */
export interface StackStatus {
  readonly isUp: boolean;
  readonly parts: readonly PartStatus[];
  readonly startedAt: string | null;
}

const TIMEOUT_MS = 3_000;

/**
 * Finds out what of a stack runs, by asking each part.
 *
 * @param dataDir - the stack's data folder
 * @returns the state; everything down when the stack does not run
 */
export async function readStatus(dataDir: string): Promise<StackStatus> {
  const pid = stackPid(dataDir);
  const info = readStackFile(dataDir);
  const isStackUp = pid !== null && info !== null;
  const [database, api, functions] =
    info === null
      ? [false, false, false]
      : await Promise.all([acceptsAt(info.ports.db), apiAnswers(info), functionsAnswer(info)]);
  const parts: PartStatus[] = [
    { name: "stack", isUp: isStackUp, address: pid === null ? "" : `pid ${pid}` },
    { name: "database", isUp: database && isStackUp, address: info?.db_url ?? "" },
    { name: "api", isUp: api && isStackUp, address: info?.api_url ?? "" },
    { name: "functions", isUp: functions && isStackUp, address: info?.functions_url ?? "" },
  ];
  return { isUp: parts.every((part) => part.isUp), parts, startedAt: isStackUp ? info.started_at : null };
}

function acceptsAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1", timeout: TIMEOUT_MS });
    const end = (result: boolean) => (): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

async function apiAnswers(info: StackFile): Promise<boolean> {
  const status = await statusOf(`${info.api_url}/rest/v1/`, { apikey: info.secret_key });
  return status !== null && status < 500;
}

async function functionsAnswer(info: StackFile): Promise<boolean> {
  // No function has an empty name: the host answers 404, the API in its place 503.
  return (await statusOf(`${info.functions_url}/`, {})) === 404;
}

async function statusOf(url: string, headers: Record<string, string>): Promise<number | null> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}
