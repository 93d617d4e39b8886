import path from "node:path";
import { messageOf, StackError } from "../lib/stack-error.ts";
import { withMigrationLock } from "../migrate/lock.ts";
import { parseTarget } from "../migrate/target.ts";
import { startApi } from "./api/server.ts";
import { dataPaths, openPostgresLog, readSeeding, stopOrphans, writeSeeding } from "./data-folder.ts";
import { functionsEnvironment } from "./functions/environment.ts";
import { startFunctions } from "./functions/runner.ts";
import { takeLock } from "./lock.ts";
import { applyMigrations, hasSeeds, readPendingMigrations } from "./migrations.ts";
import { keepPostgres, type KeptPostgres } from "./postgres-keeper.ts";
import type { DefaultPrivileges } from "./postgres/cluster.ts";
import { requireFreePort } from "./ports.ts";
import { startScheduler } from "./scheduler/scheduler.ts";
import { loadSecrets } from "./secrets.ts";
import { removeStackFile, writeStackFile, type StackFile } from "./stack-file.ts";

/** Options of `startStack`. */
export interface StartStackOptions {
  /** Folder that holds supabase/, deno.json and node_modules. */
  readonly rootDir: string;
  /** Folder of everything the stack writes. */
  readonly dataDir: string;
  /** Ports on loopback; 0 takes any free one. */
  readonly ports: { readonly api: number; readonly db: number };
  /** Whether data survives a power cut. */
  readonly durable: boolean;
  /** Whether a new database gets the seeds. */
  readonly seed: boolean;
  /** Supabase's default privileges a new database gets. Default `revoked`. */
  readonly defaultPrivileges?: DefaultPrivileges;
  /** Called with a new database, prepared but still without migrations; nobody is connected to it. */
  readonly beforeMigrations?: (adminUrl: string) => Promise<void>;
  /** Receives one line a step, and later what went wrong. */
  readonly log: (line: string) => void;
  /** Aborting it before the stack is up stops the start. */
  readonly signal?: AbortSignal;
}

/** A running stack. */
export interface Stack {
  /** What stack.json says at this moment. */
  readonly info: () => StackFile;
  /** Names of the edge functions being served. */
  readonly functions: () => readonly string[];
  /** Stops everything in order; safe to call twice. */
  readonly stop: () => Promise<void>;
  /** Settles when a part is lost for good; the caller then stops the stack. */
  readonly lost: Promise<StackError>;
}

/**
 * Starts the whole local stack: database, pending migrations, seeds of a new database, API, edge
 * functions, scheduler. Used by `npm start` and, in process, by the test runner.
 *
 * @param options - see StartStackOptions
 * @returns the running stack
 * @throws StackError when something does not start; everything started before it is stopped
 */
export async function startStack(options: StartStackOptions): Promise<Stack> {
  const dataDir = path.resolve(options.dataDir);
  const { log } = options;
  const signal = options.signal ?? new AbortController().signal;
  // What to undo, in the order it was done; stopping goes backwards.
  const undo: (() => Promise<void> | void)[] = [];
  const stop = once(async () => {
    for (const step of undo.reverse()) {
      try {
        await step();
      } catch (error) {
        log(`While stopping: ${messageOf(error)}`);
      }
    }
  });
  const step = async <T>(work: () => Promise<T> | T): Promise<T> => {
    if (signal.aborted) throw new StackError("aborted", "Stopped while starting.");
    return await work();
  };
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<Stack> {
    undo.push(takeLock(dataDir));
    for (const line of await stopOrphans(dataDir)) log(`Recovering: ${line}.`);
    await requireFreePort("api", options.ports.api);
    await requireFreePort("db", options.ports.db);
    const secrets = loadSecrets(dataDir);

    let lose: (error: StackError) => void = () => undefined;
    const lost = new Promise<StackError>((resolve) => (lose = resolve));
    let publish = (): void => undefined;
    const changed = (): void => publish();

    const postgres = await step(() => startDatabase(changed, lose));
    if (postgres.isNew) await step(() => options.beforeMigrations?.(postgres.adminUrl));
    await step(() => migrate(postgres));
    log("Starting the API, the edge functions and the scheduler ...");
    let functionsUrl = (): string | null => null;
    const api = await step(() =>
      startApi({
        port: options.ports.api,
        dbUrl: postgres.url,
        keys: secrets,
        functionsHost: () => functionsUrl(),
        log,
      }),
    );
    undo.push(api.stop);
    const functionsDir = path.join(options.rootDir, "supabase", "functions");
    const project = {
      apiUrl: api.url,
      dbUrl: postgres.url,
      publishableKey: secrets.publishable_key,
      secretKey: secrets.secret_key,
      functionsSecret: secrets.functions_secret,
    };
    const functions = await step(() =>
      startFunctions(
        {
          rootDir: options.rootDir,
          functionsDir,
          dataDir,
          env: () => functionsEnvironment(project, functionsDir, dataPaths.denoCache(dataDir)),
          log: (line) => log(`functions: ${line}`),
        },
        changed,
      ),
    );
    undo.push(functions.stop);
    functionsUrl = functions.url;
    const scheduler = await step(() =>
      startScheduler({
        dbUrl: postgres.url,
        functionsUrl: `${api.url}/functions/v1`,
        functionsSecret: secrets.functions_secret,
        log,
      }),
    );
    undo.push(scheduler.stop);

    const startedAt = new Date().toISOString();
    const info = (): StackFile => ({
      db_url: postgres.url,
      admin_db_url: postgres.adminUrl,
      api_url: api.url,
      functions_url: `${api.url}/functions/v1`,
      ...secrets,
      ports: { api: api.port, db: postgres.port },
      pids: { stack: process.pid, postgres: postgres.pid(), functions: functions.pid() },
      started_at: startedAt,
    });
    let isUp = true;
    publish = () => {
      if (isUp) writeStackFile(dataDir, info());
    };
    publish();
    undo.push(() => {
      isUp = false;
      removeStackFile(dataDir);
    });
    return { info, functions: functions.names, stop, lost };
  }

  async function startDatabase(
    changed: () => void,
    lose: (error: StackError) => void,
  ): Promise<KeptPostgres> {
    const logFile = openPostgresLog(dataDir);
    undo.push(() => new Promise((resolve) => logFile.end(resolve)));
    log("Starting PostgreSQL ...");
    const postgres = await keepPostgres(
      {
        dataDir: dataPaths.database(dataDir),
        port: options.ports.db,
        durable: options.durable,
        defaultPrivileges: options.defaultPrivileges,
        log: (line) => void logFile.write(`${line}\n`),
        notice: (line) => log(`Recovering: ${line}.`),
      },
      log,
      changed,
      (reason) => lose(new StackError("postgres_failed", reason)),
    );
    undo.push(postgres.stop);
    if (postgres.isNew) writeSeeding(dataDir, options.seed ? "wanted" : "declined");
    return postgres;
  }

  async function migrate(postgres: KeptPostgres): Promise<void> {
    const withSeeds = readSeeding(dataDir) === "wanted" && hasSeeds(options.rootDir);
    const isBehind = async () => (await readPendingMigrations(options.rootDir, postgres.url)).length > 0;
    if (!withSeeds && !(await isBehind())) return;
    const onWait = (holder: string): void => log(`Waiting for ${holder} ...`);
    await withMigrationLock(parseTarget(postgres.url), { command: "start", wait: true, onWait }, async () => {
      // Read again: whoever held the lock may have applied them.
      const pending = await readPendingMigrations(options.rootDir, postgres.url);
      if (pending.length === 0 && !withSeeds) return;
      const migrations = `${pending.length} migration${pending.length === 1 ? "" : "s"}`;
      log(`Applying ${migrations}${withSeeds ? " and the seeds" : ""} ...`);
      await applyMigrations({ rootDir: options.rootDir, dataDir, dbPort: postgres.port, signal }, withSeeds);
      if (withSeeds) writeSeeding(dataDir, "done");
    });
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
