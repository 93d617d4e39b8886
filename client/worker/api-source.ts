import { createClient, type PostgrestError } from "@supabase/supabase-js";
import { z } from "zod";
import { readClaimedBatch } from "../../supabase/functions/_shared/jobs/job.ts";
import type { Database } from "../../types/database.ts";
import type { JobSource, SourceSettings } from "./job-source.ts";
import { WorkerError } from "./worker-error.ts";

const rows = z.array(z.unknown());
const completion = z.tuple([z.object({ lost: z.array(z.string()) })]);
const heartbeat = z.tuple([z.object({ running: z.array(z.string()) })]);

/**
 * Gets jobs through the API, with the secret key. It cannot listen: the worker polls.
 *
 * @param supabaseUrl - such as `https://<ref>.supabase.co`
 * @param secretKey - the secret key; it opens everything, so never in a browser
 * @param settings - queue, name of the worker, length of its leases
 * @returns the source
 */
export function createApiJobSource(supabaseUrl: string, secretKey: string, settings: SourceSettings): JobSource {
  const api = createClient<Database>(supabaseUrl, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  const lease = `${settings.leaseSeconds} seconds`;
  return {
    claim: async (batch) =>
      readClaimedBatch(rows.parse(answerOf(
        await api.rpc("claim_jobs", { queue: settings.queue, worker: settings.worker, batch, lease }),
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
  return new WorkerError("no_answer", `The API answered: ${error.message}${error.code === "" ? "" : ` (${error.code})`}.`);
}
