import postgres from "postgres";
import { messageOf } from "../../lib/stack-error.ts";

/** A running watch. */
export interface SchemaWatch {
  readonly stop: () => Promise<void>;
}

const GATHER_MS = 200;

/**
 * Calls back when the schema or PostgREST's settings changed: on `notify pgrst` with `reload schema` or nothing, which
 * the database's event triggers send, with `reload config`, and after the connection was lost, because something may have
 * been missed meanwhile. Changes within 200 ms are one; callbacks never overlap.
 *
 * @param dbUrl - the database to listen to
 * @param reload - what to do, told whether the connection was lost; its failure is logged and tried
 *   again after a second
 * @param log - receives failures
 * @returns the watch; the caller stops it
 */
export async function watchSchema(
  dbUrl: string,
  reload: (wasLost: boolean) => Promise<void>,
  log: (line: string) => void,
): Promise<SchemaWatch> {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let wasLost = false;

  const schedule = (delay: number): void => {
    if (stopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (running === undefined) running = run();
      else again = true;
    }, delay);
  };
  const run = async (): Promise<void> => {
    let delay = GATHER_MS;
    const isAfterLoss = wasLost;
    wasLost = false;
    try {
      await reload(isAfterLoss);
    } catch (error) {
      again = true;
      wasLost ||= isAfterLoss;
      delay = 1_000;
      if (!stopped) log(`API: the schema could not be read again: ${messageOf(error)}`);
    }
    running = undefined;
    if (again) {
      again = false;
      schedule(delay);
    }
  };

  const sql = postgres(dbUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "rowhouse-schema-watch" },
  });
  let isFirst = true;
  await sql.listen(
    "pgrst",
    (payload) => {
      if (payload === "" || payload === "reload schema" || payload === "reload config") schedule(GATHER_MS);
    },
    () => {
      // Also because connections that broke in the middle of a transaction stay broken.
      if (!isFirst) {
        wasLost = true;
        schedule(0);
      }
      isFirst = false;
    },
  );
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await sql.end({ timeout: 1 });
      await running;
    },
  };
}
