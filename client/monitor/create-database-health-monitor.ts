import { createApiSource } from "./api-source.ts";
import { createDatabaseSource } from "./database-source.ts";
import { type HealthResult, healthResultShape } from "./health-result.ts";
import type { HealthSource, MaintenanceMode } from "./health-source.ts";
import { messageOf, MonitorError } from "./monitor-error.ts";
import { withTimeLimit } from "./with-time-limit.ts";

/** Where the monitor finds the database. */
export type MonitorTarget =
  | { readonly databaseUrl: string }
  | { readonly supabaseUrl: string; readonly secretKey: string }
  | { readonly source: HealthSource };

/** How the database is. */
export interface HealthStatus {
  readonly status: "ok" | "warn" | "critical" | "unknown";
  /** When it was asked. */
  readonly checkedAt: Date;
  /** Why nothing is known; null when the database answered. */
  readonly reason: string | null;
  /** All checks and findings; null when the database did not answer. */
  readonly result: HealthResult | null;
}

/** Told what happens. What they throw or reject with goes to `onError`, never up. */
export interface MonitorHooks {
  /** After every check. */
  readonly onStatus?: (status: HealthStatus) => unknown;
  /** After a check whose status differs from the one before; `previous` is null at the first. */
  readonly onChange?: (status: HealthStatus, previous: HealthStatus | null) => unknown;
  /** A check that got no answer, or a hook that failed. */
  readonly onError?: (error: MonitorError) => unknown;
}

/** Limits of the monitor. */
export interface MonitorLimits {
  /** How long a check may take. Default 30 s. */
  readonly checkSeconds?: number;
}

/** Watches a database from a Node process. */
export interface DatabaseHealthMonitor {
  /** Checks at once and then so many minutes after each check has ended. Again: at the new pace. */
  readonly startMonitoring: (minutes?: number) => void;
  /** No check begins any more; resolves when the one under way has been given up. */
  readonly stopMonitoring: () => Promise<void>;
  /** Checks now, or joins the check under way. Never rejects: without an answer it is unknown. */
  readonly getHealthStatus: () => Promise<HealthStatus>;
  /** Maintains the database; rejects with MonitorError `busy` while an earlier call is at it. */
  readonly performMaintenance: (mode?: MaintenanceMode) => Promise<unknown>;
}

const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 24 * 60;

/**
 * Makes a monitor. Two checks never overlap, a database that is away is a status (`unknown`) and
 * not an end, and its timers keep no process alive.
 *
 * @param target - the database's address, or the project's address and its secret key
 * @param hooks - see MonitorHooks
 * @param limits - see MonitorLimits
 * @returns the monitor, not yet started
 * @throws MonitorError `misconfigured` for an address that is none
 */
export function createDatabaseHealthMonitor(
  target: MonitorTarget,
  hooks: MonitorHooks = {},
  limits: MonitorLimits = {},
): DatabaseHealthMonitor {
  const source = sourceOf(target);
  const checkMs = (limits.checkSeconds ?? 30) * 1000;
  let previous: HealthStatus | null = null;
  let current: { readonly promise: Promise<HealthStatus>; readonly stop: AbortController } | null = null;
  let isMaintaining = false;
  let round: { timer: ReturnType<typeof setTimeout> | undefined } | null = null;

  const report = (error: MonitorError): void => {
    tell(() => hooks.onError?.(error), (failure) => process.emitWarning(messageOf(failure)));
  };
  const inform = (hook: () => unknown): void => {
    tell(hook, (failure) => report(new MonitorError("hook_failed", `A hook failed: ${messageOf(failure)}`, failure)));
  };

  const check = async (stop: AbortController): Promise<HealthStatus> => {
    const checkedAt = new Date();
    let status: HealthStatus;
    try {
      const answer = await withTimeLimit(checkMs, stop.signal, (signal) => source.check(signal));
      const parsed = healthResultShape.safeParse(answer);
      if (!parsed.success) {
        throw new MonitorError(
          "bad_answer",
          "The database's answer is no health result: other migrations?",
          parsed.error,
        );
      }
      status = { status: parsed.data.status, checkedAt, reason: null, result: parsed.data };
    } catch (error) {
      const failure = error instanceof MonitorError ? error : new MonitorError("no_answer", messageOf(error), error);
      status = { status: "unknown", checkedAt, reason: failure.message, result: null };
      // Given up on purpose: nobody wants to be woken by their own stopping.
      if (failure.code === "stopped") return status;
      report(failure);
    }
    const before = previous;
    previous = status;
    inform(() => hooks.onStatus?.(status));
    if (before?.status !== status.status) inform(() => hooks.onChange?.(status, before));
    return status;
  };

  const getHealthStatus = (): Promise<HealthStatus> => {
    if (current !== null) return current.promise;
    const stop = new AbortController();
    const promise = check(stop).finally(() => current = null);
    current = { promise, stop };
    return promise;
  };

  const startMonitoring = (minutes = 15): void => {
    if (!(minutes > 0 && minutes <= LONGEST_MINUTES)) {
      throw new MonitorError("usage", `startMonitoring takes minutes above 0 and up to ${LONGEST_MINUTES}.`);
    }
    clearTimeout(round?.timer);
    const mine: NonNullable<typeof round> = { timer: undefined };
    round = mine;
    const next = async (): Promise<void> => {
      await getHealthStatus();
      // Stopped or started anew meanwhile.
      if (round !== mine) return;
      mine.timer = setTimeout(() => void next(), minutes * MINUTE_MS).unref();
    };
    void next();
  };

  const stopMonitoring = async (): Promise<void> => {
    clearTimeout(round?.timer);
    round = null;
    current?.stop.abort(new MonitorError("stopped", "The monitor was stopped."));
    await current?.promise;
  };

  const performMaintenance = async (mode: MaintenanceMode = "quick"): Promise<unknown> => {
    if (isMaintaining) throw new MonitorError("busy", "Maintenance is under way already.");
    isMaintaining = true;
    try {
      return await source.maintain(mode, new AbortController().signal);
    } catch (error) {
      throw new MonitorError("maintenance_failed", `The maintenance failed: ${messageOf(error)}`, error);
    } finally {
      isMaintaining = false;
    }
  };

  return { startMonitoring, stopMonitoring, getHealthStatus, performMaintenance };
}

function sourceOf(target: MonitorTarget): HealthSource {
  if ("source" in target) return target.source;
  if ("databaseUrl" in target) return createDatabaseSource(target.databaseUrl);
  if (!/^https?:\/\//.test(target.supabaseUrl) || !URL.canParse(target.supabaseUrl)) {
    throw new MonitorError("misconfigured", "The project's address is not https://<ref>.supabase.co.");
  }
  return createApiSource(target.supabaseUrl, target.secretKey);
}

/** Calls a hook so that neither its throwing nor its rejecting reaches the monitor. */
function tell(hook: () => unknown, onFailure: (failure: unknown) => void): void {
  void (async () => {
    await hook();
  })().catch(onFailure);
}
