import type pg from "pg";

/** What a transaction has used so far, and what it uses from one look to the next. */
export interface Usage {
  /** Qualified names of the functions called and the tables read or written before. */
  readonly before: readonly string[];
  /** The same since the last look. */
  next(): Promise<readonly string[]>;
}

// A partition counts for its table too.
const QUERY = `
  with used as (
    select relid, format('%I.%I', schemaname, relname) as name,
      seq_scan + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del as times
    from pg_stat_xact_user_tables
    where schemaname in ('public', 'private', 'ops')
  )
  select format('%I.%I', schemaname, funcname) as name, calls as times
  from pg_stat_xact_user_functions
  where schemaname in ('public', 'private', 'ops')
  union all
  select name, times from used
  union all
  select format('%I.%I', c.relnamespace::regnamespace, c.relname), u.times
  from used as u
  join pg_inherits as i on i.inhrelid = u.relid
  join pg_class as c on c.oid = i.inhparent`;

/**
 * Begins to watch what the open transaction uses, by the server's own counters.
 *
 * @param client - connection with `track_functions` on and an open transaction
 * @returns what was used before, and a way to ask for more
 */
export async function observeUsage(client: pg.Client): Promise<Usage> {
  let counts = await readCounts(client);
  return {
    before: [...counts.keys()],
    next: async () => {
      const before = counts;
      counts = await readCounts(client);
      return [...counts].filter(([name, times]) => times > (before.get(name) ?? 0)).map(([name]) => name);
    },
  };
}

async function readCounts(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<[string, string]>({ text: QUERY, rowMode: "array" });
  const counts = new Map<string, number>();
  for (const [name, times] of rows) {
    const number = Number(times);
    if (number > 0) counts.set(name, (counts.get(name) ?? 0) + number);
  }
  return counts;
}
