import pg from "pg";

/** Effects of jobs, written as a careful handler would: once for a job, however often the job is done. */
export interface Effects {
  /** Resolves once the effect of a job is on disk. */
  readonly write: (jobId: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens the table of effects. What is to be written while a statement is on its way goes together with the next.
 *
 * @param databaseUrl - the database
 * @param name - who writes
 * @returns see Effects
 */
export function openEffects(databaseUrl: string, name: string): Effects {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, application_name: `effects of ${name}` });
  pool.on("error", () => undefined);
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  const flush = async (): Promise<void> => {
    await writing.catch(() => undefined);
    const jobIds = waiting;
    waiting = [];
    next = null;
    writing = pool.query({
      name: "write",
      text: `with tried as (insert into proof.attempts (job_id, worker) select id, $2 from unnest($1::uuid[]) as id)
        insert into proof.effects (job_id) select id from unnest($1::uuid[]) as id order by id
        on conflict (job_id) do nothing`,
      values: [jobIds, name],
    }).then(() => undefined);
    await writing;
  };

  return {
    write: (jobId) => {
      waiting.push(jobId);
      return next ??= flush();
    },
    close: () => pool.end(),
  };
}
