import type { BenchData } from "./data.ts";

/** One hot query: the statement, the bars of F1 and what it is called. */
export interface Operation {
  readonly name: string;
  /** Highest ratio allowed in the API's request shape (REQUIREMENTS F1). */
  readonly bar: number;
  /** The statement as the API would send it, with the tenant filter written by hand on both sides. */
  readonly request: string;
  readonly parameters: (index: number) => readonly string[];
  /** The same work inside a PL/pgSQL loop, for the time on the server alone. */
  readonly inLoop: string;
}

/**
 * The hot queries of the assistant tables.
 *
 * @param data - the ids to ask for
 * @returns point read, page of 50, count, insert and update by id
 */
export function assistantOperations(data: BenchData): readonly Operation[] {
  const one = (index: number) => data.messageIds[index % data.messageIds.length] ?? "";
  const tenant = `'${data.tenantId}'::uuid`;
  const anyOfThem = `v_ids[1 + i % ${data.messageIds.length}]`;
  const page = `select id, conversation_id, role, content, created_at from public.messages
    where tenant_id = $1::uuid order by created_at desc, id desc limit 50`;
  return [
    {
      name: "point read",
      bar: 1.1,
      request: asJson("select * from public.messages where tenant_id = $1::uuid and id = $2::uuid"),
      parameters: (index) => [data.tenantId, one(index)],
      inLoop: `perform * from public.messages where tenant_id = ${tenant} and id = ${anyOfThem};`,
    },
    {
      name: "page of 50",
      bar: 1.05,
      request: asJson(page),
      parameters: () => [data.tenantId],
      inLoop: `perform * from (${page.replace("$1::uuid", tenant)}) as p;`,
    },
    {
      name: "count",
      bar: 1.05,
      request: asJson("select count(*) from public.messages where tenant_id = $1::uuid"),
      parameters: () => [data.tenantId],
      inLoop: `perform count(*) from public.messages where tenant_id = ${tenant};`,
    },
    {
      name: "insert",
      bar: 1.1,
      request: `insert into public.messages (tenant_id, conversation_id, author_id, role, content)
        values ($1::uuid, $2::uuid, $3::uuid, 'user', 'A sentence of a common length.')`,
      parameters: () => [data.tenantId, data.conversationId, data.userId],
      inLoop: `insert into public.messages (tenant_id, conversation_id, author_id, role, content)
        values (${tenant}, '${data.conversationId}', '${data.userId}', 'user', 'A sentence.');`,
    },
    {
      name: "update by id",
      bar: 1.15,
      request: `update public.messages set content = 'Changed.' where tenant_id = $1::uuid and id = $2::uuid`,
      parameters: (index) => [data.tenantId, one(index)],
      inLoop: `update public.messages set content = 'Changed.' where tenant_id = ${tenant} and id = ${anyOfThem};`,
    },
  ];
}

// PostgREST and its kin answer a read as one JSON document made by the server.
function asJson(query: string): string {
  return `with source as (${query}) select coalesce(json_agg(source), '[]') as body from source`;
}
