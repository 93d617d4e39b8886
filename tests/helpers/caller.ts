import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { z } from "zod";
import type { TestDatabase } from "./database.ts";
import { waitFor } from "./wait.ts";

/** One person on a connection of their own, in a transaction that lasts as long as the test wants it to. */
export interface Caller {
  readonly id: string;
  readonly email: string;
  /** Runs a statement as this person; parameters are $1, $2, ... */
  readonly run: (statement: string, parameters?: readonly string[]) => Promise<postgres.RowList<postgres.Row[]>>;
  /** The same, in one word: "done", or the SQLSTATE it was refused with. Neither ends the transaction. */
  readonly attempt: (statement: string, parameters?: readonly string[]) => Promise<string>;
  /** Ends the transaction and begins another one. */
  readonly finish: (how: "commit" | "rollback") => Promise<void>;
  /** Waits until this connection is held up by the other one's lock. */
  readonly waitsFor: (other: Pick<Caller, "pid">) => Promise<void>;
  readonly pid: number;
  readonly close: () => Promise<void>;
}

const codeOf = z.object({ code: z.string() });
const pidRow = z.object({ pid: z.number() });

/**
 * Makes an account and opens a connection that acts as its user, as the API does for a request: role and claims are
 * set in the transaction.
 *
 * @param database - where
 * @param name - what the person is called; part of the address
 * @param person - a second connection of somebody who has an account already
 * @returns the caller, in a transaction
 */
export async function openCaller(
  database: TestDatabase,
  name: string,
  person?: Pick<Caller, "id" | "email">,
): Promise<Caller> {
  const { id, email } = person ?? (await makeAccount(database, name));
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const claims = JSON.stringify({ sub: id, role: "authenticated", email });
  const begin = async (): Promise<void> => {
    await sql.unsafe("begin");
    await sql`select set_config('request.jwt.claims', ${claims}, true), set_config('role', 'authenticated', true)`;
  };
  await begin();
  const [row] = await sql`select pg_backend_pid() as pid`;
  const { pid } = pidRow.parse(row);
  const run: Caller["run"] = (statement, parameters = []) => sql.unsafe(statement, [...parameters]);
  return {
    id,
    email,
    pid,
    run,
    attempt: async (statement, parameters) => {
      await sql.unsafe("savepoint attempt");
      try {
        await run(statement, parameters);
        return "done";
      } catch (error) {
        await sql.unsafe("rollback to attempt");
        return codeOf.parse(error).code;
      }
    },
    finish: async (how) => {
      await sql.unsafe(how);
      await begin();
    },
    waitsFor: async (other) => {
      await waitFor(`lock that ${name} waits for`, async () => {
        const rows = await database.sql`select where ${other.pid} = any (pg_blocking_pids(${pid}))`;
        return rows.length === 1 ? true : undefined;
      });
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

async function makeAccount(database: TestDatabase, name: string): Promise<Pick<Caller, "id" | "email">> {
  const id = randomUUID();
  const email = `${name}-${id}@example.test`;
  await database.sql`
    insert into auth.users (id, aud, role, email, email_confirmed_at, created_at, updated_at)
    values (${id}, 'authenticated', 'authenticated', ${email}, now(), now(), now())
  `;
  return { id, email };
}

/**
 * Makes a tenant of people, whatever their roles, in a transaction of its own.
 *
 * @param database - where
 * @param members - who, and as what; an active tenant needs an owner
 * @returns the id of the tenant
 */
export async function tenantOf(
  database: TestDatabase,
  ...members: readonly (readonly [person: Pick<Caller, "id">, role: string])[]
): Promise<string> {
  const [row] = await database.sql`
    with made as (
      insert into public.tenants (name, slug) values ('Tenant', 'tenant-' || replace(gen_random_uuid()::text, '-', ''))
      returning id
    ), members as (
      insert into public.memberships (tenant_id, user_id, role)
      select made.id, m.id, m.role
      from made, unnest(${members.map(([{ id }]) => id)}::uuid[], ${members.map(([, role]) => role)}::text[]) as m (id, role)
    )
    select id from made
  `;
  return z.object({ id: z.string() }).parse(row).id;
}
