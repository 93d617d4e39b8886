import { beforeAll, describe, expect, it } from "vitest";
import { rest } from "../helpers/http.ts";
import { asService, type Person, signUp } from "../helpers/people.ts";
import { openSql } from "../helpers/sql.ts";
import { readStack } from "../helpers/stack.ts";
import { beginConversation, foundTenant } from "../helpers/teams.ts";

const sql = openSql();
let owner: Person;
let hidden: string[];

beforeAll(async () => {
  owner = await signUp("owner");
  await beginConversation(owner, await foundTenant(owner));
  // Partitions and materialized views hold rows of all tenants; the rest is mechanism.
  const rows = await sql<{ name: string }[]>`
    select c.relname as name from pg_class as c
    where c.relnamespace in ('private'::regnamespace, 'ops'::regnamespace) and c.relkind in ('r', 'p', 'm', 'v')
      and to_regclass(format('public.%I', c.relname)) is null
    order by c.relname
  `;
  hidden = rows.map(({ name }) => name);
});

describe("S4 a partition, a materialized view or a table of private or ops", () => {
  it("S4 is not found by its name, by a member or by the service role", async () => {
    expect(hidden.filter((name) => /^audit_log_\d{4}_\d\d$/.test(name)).length).toBeGreaterThan(12);
    const { secret_key } = readStack();
    for (const name of hidden) {
      const asked = [
        await rest(`${name}?select=*`, { token: owner.token }),
        await rest(`private.${name}?select=*`, { token: owner.token }),
        await rest(name, { token: owner.token, method: "DELETE" }),
        await rest(`${name}?select=*`, { apikey: secret_key, token: secret_key }),
      ];
      expect([name, ...asked.map(({ status }) => status)]).toEqual([name, 404, 404, 404, 404]);
    }
  });

  it("S4 is not embedded in a row that is seen", async () => {
    expect((await owner.client.from("conversations").select("id, users(id)")).data).toHaveLength(1);
    for (const name of hidden) {
      const answer = await rest(`conversations?select=id,${name}(*)`, { token: owner.token });
      expect([name, answer.status], answer.text).toEqual([name, 400]);
    }
  });

  it("S4 while what it is part of is there for those it is for", async () => {
    const { data } = await owner.client.from("audit_log").select("tenant_id");
    expect(data?.length).toBeGreaterThan(0);
    expect((await asService().from("audit_log").select("id").limit(1)).data).toHaveLength(1);
  });
});
