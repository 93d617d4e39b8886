import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../lib/stack-error.ts";
import { startPostgres, type StartedPostgres, type StartPostgresOptions } from "./postgres/server.ts";

/** A database server that is kept running. */
export interface KeptPostgres {
  readonly port: number;
  readonly url: string;
  readonly adminUrl: string;
  readonly isNew: boolean;
  /** Its process id at this moment; null while it is being started again. */
  readonly pid: () => number | null;
  readonly stop: () => Promise<void>;
}

const ATTEMPTS = 10;

/**
 * Starts the database server and starts it again, on the same port, when it ends by itself.
 *
 * @param options - as for `startPostgres`, with a log for people
 * @param log - receives what a person should know
 * @param onChange - called when the process id changed
 * @param onLost - called when it cannot be started again
 * @returns the kept server
 * @throws StackError as `startPostgres`
 */
export async function keepPostgres(
  options: StartPostgresOptions,
  log: (line: string) => void,
  onChange: () => void,
  onLost: (reason: string) => void,
): Promise<KeptPostgres> {
  let stopped = false;
  let restarting: Promise<void> | undefined;
  const first = await startPostgres(options);
  let current: StartedPostgres | null = first;

  const guard = (server: StartedPostgres): void => {
    void server.exited.then(() => {
      if (stopped || current !== server) return;
      current = null;
      onChange();
      log("PostgreSQL ended unexpectedly; starting it again.");
      restarting = restart();
    });
  };
  const restart = async (): Promise<void> => {
    for (let attempt = 1; !stopped; attempt += 1) {
      try {
        const server = await startPostgres({ ...options, port: first.port });
        current = server;
        guard(server);
        onChange();
        log("PostgreSQL runs again.");
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) {
          onLost(`PostgreSQL cannot be started again: ${messageOf(error)}`);
          return;
        }
        await sleep(Math.min(200 * 2 ** attempt, 3_000));
      }
    }
  };
  guard(first);
  return {
    port: first.port,
    url: first.url,
    adminUrl: first.adminUrl,
    isNew: first.isNew,
    pid: () => current?.pid ?? null,
    stop: async () => {
      stopped = true;
      await restarting;
      await current?.stop();
    },
  };
}
