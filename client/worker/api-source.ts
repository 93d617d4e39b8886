import { createClient, type PostgrestError } from "@supabase/supabase-js";
import { z } from "zod";
import { readClaimedBatch } from "../../supabase/functions/_shared/jobs/job.ts";
import type { Database } from "../../types/database.ts";
import { completeSourceSettings, type JobSource, type SourceSettings } from "./job-source.ts";
import { answerError, type WorkerError } from "./worker-error.ts";

const ANSWER_TIMEOUT_MS = 30_000;

const rows = z.array(z.unknown());
const completion = z.tuple([z.object({ lost: z.array(z.string()) })]);
const heartbeat = z.tuple([z.object({ running: z.array(z.string()) })]);

/**
 * Gets jobs through the API, with the secret key. It cannot listen: the worker polls.
 *
 * @param supabaseUrl - such as `https://<ref>.supabase.co`
 * @param secretKey - the secret key; it opens everything, so never in a browser
 * @param settings - see SourceSettings
 * @returns the source
 * @throws WorkerError `misconfigured` for settings out of range
 */
export function createApiJobSource(supabaseUrl: string, secretKey: string, settings: SourceSettings = {}): JobSource {
  const { queue, worker, leaseSeconds } = completeSourceSettings(settings);
  const api = createClient<Database>(supabaseUrl, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }) },
  });
  const lease = `${leaseSeconds} seconds`;
  return {
    leaseSeconds,
    claim: async (batch) =>
      readClaimedBatch(rows.parse(answerOf(
        await api.rpc("claim_jobs", { queue, worker, batch, lease }),
      ))),
    complete: async (leaseId, jobIds, results) =>
      completion.parse(answerOf(
        await api.rpc("complete_jobs", {
          lease_id: leaseId,
          ...(jobIds === null ? {} : { job_ids: [...jobIds] }),
          ...(results === null ? {} : { results: jsonOf(results) }),
        }),
      ))[0].lost,
    fail: async (leaseId, { jobId, reason, retrySeconds, isPermanent }) => {
      const { error } = await api.rpc("fail_job", {
        lease_id: leaseId,
        job_id: jobId,
        error: reason,
        is_permanent: isPermanent,
        ...(retrySeconds === null ? {} : { retry_in: `${retrySeconds} seconds` }),
      });
      if (error !== null && error.code !== "PT409") throw failure(error);
      return error === null;
    },
    release: async (leaseId, jobIds) => {
      answerOf(await api.rpc("release_jobs", { lease_id: leaseId, job_ids: [...jobIds] }));
    },
    heartbeat: async (leaseId) => {
      const { data, error } = await api.rpc("heartbeat_job", { lease_id: leaseId, lease });
      if (error?.code === "PT409") return null;
      if (error !== null) throw failure(error);
      return heartbeat.parse(data)[0].running;
    },
    listen: () => Promise.resolve(() => Promise.resolve()),
    close: () => Promise.resolve(),
  };
}

// What JSON does to it is what the database would get: dates become text, functions go.
function jsonOf(results: Readonly<Record<string, unknown>>) {
  return z.json().parse(JSON.parse(JSON.stringify(results)));
}

function answerOf<T>({ data, error }: { readonly data: T; readonly error: PostgrestError | null }): T {
  if (error !== null) throw failure(error);
  return data;
}

function failure(error: PostgrestError): WorkerError {
  return answerError(error.code, error.message, error);
}
