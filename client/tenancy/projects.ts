import { z } from "zod";
import { ask, askForRow } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import type { Row } from "../core/rowhouse-database.ts";
import { changeOf, id, jsonObject, words } from "../core/shapes.ts";

/** A project, which the products share. */
export type Project = Row<"projects">;

const optional = {
  branch_id: id.nullable().exactOptional(),
  description: z.string().max(10_000).nullable().exactOptional(),
  repository_url: z.string().max(2000).regex(/^(https?:\/\/|ssh:\/\/|git@)/).nullable().exactOptional(),
  // github_repo and linear_team are the two that can be looked up.
  external_ids: jsonObject.exactOptional(),
  settings: jsonObject.exactOptional(),
};
const creation = z.strictObject({ name: words(200), ...optional });
const update = changeOf({
  name: words(200).exactOptional(),
  is_archived: z.boolean().exactOptional(),
  ...optional,
});
const list = pageInput.extend({
  is_archived: z.boolean().default(false),
  github_repo: z.string().min(1).max(500).exactOptional(),
  linear_team: z.string().min(1).max(500).exactOptional(),
});
const one = z.strictObject({ id });

/**
 * Makes a project. For managers and above.
 *
 * @param tenant - where
 * @param input - its name, which the tenant has once, and what else is known
 * @returns the project; 23505 when the name is taken
 */
export function createProject(
  { client, tenantId }: TenantClient,
  input: z.input<typeof creation>,
): Promise<Result<Project>> {
  return withInput(creation, input, (values) =>
    ask(client.from("projects").insert({ tenant_id: tenantId, ...values }).select().single()));
}

/**
 * Changes a project; archives it with `is_archived`. For managers and above.
 *
 * @param tenant - where
 * @param input - its id, and what changes
 * @returns the project
 */
export function updateProject(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<Project>> {
  return withInput(update, input, ({ id: key, ...values }) =>
    askForRow(
      client.from("projects").update(values).eq("tenant_id", tenantId).eq("id", key).select().maybeSingle(),
      "project",
    ));
}

/**
 * A project. For viewers and above, as far as they reach its branch.
 *
 * @param tenant - where
 * @param input - which
 * @returns the project
 */
export function readProject({ client, tenantId }: TenantClient, input: z.input<typeof one>): Promise<Result<Project>> {
  return withInput(one, input, (asked) =>
    askForRow(client.from("projects").select().eq("tenant_id", tenantId).eq("id", asked.id).maybeSingle(), "project"));
}

/**
 * The tenant's projects, newest first, those in use or the archived ones. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, which, and the repository or team it belongs to elsewhere
 * @returns a page
 */
export function listProjects(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<Project>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("projects").select().eq("tenant_id", tenantId).eq("is_archived", page.is_archived);
    if (page.github_repo !== undefined) query = query.eq("github_repo", page.github_repo);
    if (page.linear_team !== undefined) query = query.eq("linear_team", page.linear_team);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}
