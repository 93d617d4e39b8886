import { afterAll, beforeAll, expect, it } from "vitest";
import { type Caller, openCaller, tenantOf } from "../helpers/caller.ts";
import { createDatabase, type TestDatabase } from "../helpers/database.ts";

let database: TestDatabase;
let admin: Caller;
let author: Caller;

beforeAll(async () => {
  database = await createDatabase({ migrated: true });
  admin = await openCaller(database, "admin");
  author = await openCaller(database, "author");
});
afterAll(async () => {
  await Promise.all([admin.close(), author.close()]);
});

it("A5 archive_old_conversations passes over a conversation that somebody writes in at this moment", async () => {
  const tenant = await tenantOf(database, [admin, "owner"], [author, "member"]);
  await database.sql`
    insert into public.conversations (tenant_id, user_id, title, created_at, updated_at)
    select ${tenant}, ${author.id}, t, now() - interval '1 year', now() - interval '1 year'
    from unnest(array['At rest', 'In use']) as t
  `;
  const written = await author.run("update public.conversations set metadata = '{}' where title = 'In use'");
  expect(written.count).toBe(1);
  await admin.run("set local lock_timeout = '1s'");
  expect(await admin.attempt("select public.archive_old_conversations()")).toBe("done");
  await Promise.all([admin.finish("commit"), author.finish("commit")]);
  const archived = await database.sql`select title from public.conversations where is_archived`;
  expect(archived.map(({ title }) => title as string)).toEqual(["At rest"]);
});
