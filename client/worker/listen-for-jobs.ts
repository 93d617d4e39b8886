import pg from "pg";

const RETRY_MS = 1_000;

/**
 * Listens for jobs over a connection of its own, and connects again when it is lost.
 *
 * @param config - the database
 * @param queue - the queue
 * @param wake - called when jobs may have come, after a lost connection too
 * @param onError - told when the connection is lost or cannot be made
 * @returns what ends it, once it listens or has failed for the first time
 */
export async function listenForJobs(
  config: pg.ClientConfig,
  queue: string,
  wake: () => void,
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  let client: pg.Client | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const again = (error: unknown): void => {
    if (isOver) return;
    client = null;
    onError(error);
    clearTimeout(timer);
    timer = setTimeout(() => void connect(), RETRY_MS);
  };
  const connect = async (): Promise<void> => {
    const mine = new pg.Client(config);
    client = mine;
    mine.on("notification", ({ payload }) => {
      if (payload === queue) wake();
    });
    mine.on("error", (error) => {
      if (client === mine) again(error);
    });
    try {
      await mine.connect();
      await mine.query("listen rowhouse_jobs");
      // What came while nobody listened.
      wake();
    } catch (error) {
      if (client === mine) again(error);
    }
  };

  await connect();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
