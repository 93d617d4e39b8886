import type { MutationServer } from "../database.ts";
import { openSession, type Session } from "../suite/session.ts";

/** Sessions on clones of one template, for work done side by side. */
export interface Pool {
  readonly size: number;
  /** Does work on a session as soon as one is free. */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// What work leaves behind (dead rows of the catalogue) slows what follows: a clone is made anew after so many uses.
const USES_OF_A_CLONE = 100;

/**
 * Opens a pool. Its sessions are opened as they are needed.
 *
 * @param server - server with the template
 * @param cast - what every test file begins with
 * @param size - how many sessions
 * @param signal - stops the work: what has not begun fails
 * @returns the pool; the caller closes it
 */
export function openPool(server: MutationServer, cast: string, size: number, signal: AbortSignal): Pool {
  const waiting: (() => void)[] = [];
  const workers = Array.from({ length: size }, (_, place) => createWorker(server, cast, `mutation_${place + 1}`));
  const idle = [...workers];
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  // Work that is under way ends with an error then.
  signal.addEventListener("abort", () => void close(), { once: true });
  return {
    size,
    use: async (work) => {
      while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const worker = idle.pop();
      if (worker === undefined) throw new Error("No session is free.");
      try {
        signal.throwIfAborted();
        return await work(await worker.session());
      } finally {
        idle.push(worker);
        waiting.shift()?.();
      }
    },
    close,
  };
}

interface Worker {
  session(): Promise<Session>;
  close(): Promise<void>;
}

function createWorker(server: MutationServer, cast: string, name: string): Worker {
  let session: Session | undefined;
  let uses = 0;
  return {
    session: async () => {
      if (session === undefined || uses >= USES_OF_A_CLONE) {
        await session?.close();
        session = undefined;
        session = await openSession(await server.clone(name), cast);
        uses = 0;
      }
      uses += 1;
      return session;
    },
    close: async () => {
      await session?.close();
    },
  };
}
