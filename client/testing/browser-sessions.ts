import { z } from "zod";
import { ask, askForRow, askShaped } from "../core/answer.ts";
import { withInput } from "../core/check-input.ts";
import type { TenantClient } from "../core/create-rowhouse-client.ts";
import { type Page, pageInput, pageOf, toPage } from "../core/page.ts";
import type { Result } from "../core/result.ts";
import { type Row, valuesOf } from "../core/rowhouse-database.ts";
import { rank, searchArguments, searchInput } from "../core/search.ts";
import { changeOf, id, time } from "../core/shapes.ts";

/** A session, without the words that searches use. */
export type BrowserSession = Omit<Row<"browser_sessions">, "tsv">;

const COLUMNS = `
  tenant_id, id, created_by, project_id, name, browser, browser_version, viewport_width, viewport_height, device_scale,
  status, started_at, ended_at, duration_ms, artefacts, artefact_count, has_screenshot, has_trace, has_video, error,
  created_at, updated_at
`;

const browser = z.enum(valuesOf("browser_sessions", "browser"));
const status = z.enum(valuesOf("browser_sessions", "status"));
const pixels = z.int().min(50).max(16_384);
const artefactKind = z.string().regex(/^[a-z][a-z0-9_]{0,49}$/);
const artefact = z.union([
  z.object({ kind: artefactKind, path: z.string().regex(/^[^/]/), url: z.never().exactOptional() }).catchall(z.json()),
  z.object({ kind: artefactKind, url: z.url({ protocol: /^https?$/ }), path: z.never().exactOptional() })
    .catchall(z.json()),
]);
const changing = {
  project_id: id.nullable().exactOptional(),
  name: z.string().max(500).exactOptional(),
  browser_version: z.string().max(220).exactOptional(),
  started_at: time.exactOptional(),
  artefacts: z.array(artefact).max(200).exactOptional(),
};
const opening = z.strictObject({
  ...changing,
  browser,
  viewport_width: pixels.exactOptional(),
  viewport_height: pixels.exactOptional(),
  device_scale: z.number().min(0.25).max(10).exactOptional(),
  status: status.extract(["starting", "running"]).exactOptional(),
});
const update = changeOf({ ...changing, status: status.extract(["running"]).exactOptional() });
const ended = { id, artefacts: changing.artefacts, ended_at: time.exactOptional() };
const closing = z.discriminatedUnion("status", [
  z.strictObject({ ...ended, status: status.extract(["completed", "cancelled"]) }),
  z.strictObject({ ...ended, status: z.literal("failed"), error: z.string().min(1).max(10_000) }),
]);
const list = pageInput.extend({ status: status.exactOptional(), browser: browser.exactOptional() });
const found = z.object({
  id,
  created_at: z.string(),
  created_by: id.nullable(),
  project_id: id.nullable(),
  name: z.string(),
  browser,
  browser_version: z.string().nullable(),
  status,
  artefact_count: z.int(),
  error: z.string().nullable(),
  rank,
});

/** A session as a search finds it. */
export type FoundBrowserSession = z.output<typeof found>;

/**
 * Records that a browser is being started, or runs. For members.
 *
 * @param tenant - where
 * @param input - the browser, and whatever is known
 * @returns the session
 */
export function openBrowserSession(
  { client, tenantId }: TenantClient,
  input: z.input<typeof opening>,
): Promise<Result<BrowserSession>> {
  return withInput(opening, input, (values) =>
    ask(client.from("browser_sessions").insert({ tenant_id: tenantId, ...values }).select(COLUMNS).single()));
}

/**
 * Reports on a session that goes on: that it runs, what it has left behind so far. For whoever opened it.
 *
 * @param tenant - where
 * @param input - its id, and what has changed; artefacts replace those before
 * @returns the session
 */
export function updateBrowserSession(
  { client, tenantId }: TenantClient,
  input: z.input<typeof update>,
): Promise<Result<BrowserSession>> {
  return withInput(update, input, ({ id: key, ...values }) => change({ client, tenantId }, key, values));
}

/**
 * Ends a session as completed, cancelled, or failed with an error. For whoever opened it.
 *
 * @param tenant - where
 * @param input - its id, how it ended, and its artefacts, which replace those before
 * @returns the session; PT409 when it is over already
 */
export function closeBrowserSession(
  { client, tenantId }: TenantClient,
  input: z.input<typeof closing>,
): Promise<Result<BrowserSession>> {
  return withInput(closing, input, ({ id: key, ...values }) => change({ client, tenantId }, key, values));
}

/**
 * The tenant's sessions, newest first. For viewers and above.
 *
 * @param tenant - where
 * @param input - page, status, browser
 * @returns a page
 */
export function listBrowserSessions(
  { client, tenantId }: TenantClient,
  input: z.input<typeof list> = {},
): Promise<Result<Page<BrowserSession>>> {
  return withInput(list, input, async (page) => {
    let query = client.from("browser_sessions").select(COLUMNS).eq("tenant_id", tenantId);
    if (page.status !== undefined) query = query.eq("status", page.status);
    if (page.browser !== undefined) query = query.eq("browser", page.browser);
    return toPage(await ask(pageOf(query, page)), page.page_size);
  });
}

/**
 * The tenant's sessions whose name, error or artefacts hold the words. The filter is one artefact, such as
 * `{"kind": "video"}`.
 *
 * @param tenant - where
 * @param input - what to look for
 * @returns a page, newest first
 */
export function searchBrowserSessions(
  { client, tenantId }: TenantClient,
  input: z.input<typeof searchInput>,
): Promise<Result<Page<FoundBrowserSession>>> {
  return withInput(searchInput, input, async (search) =>
    toPage(
      await askShaped(
        client.rpc("search_browser_sessions", { tenant_id: tenantId, ...searchArguments(search) }),
        z.array(found),
      ),
      search.page_size,
    ));
}

function change(
  { client, tenantId }: TenantClient,
  key: string,
  values: Omit<z.output<typeof update>, "id" | "status"> | Omit<z.output<typeof closing>, "id">,
): Promise<Result<BrowserSession>> {
  return askForRow(
    client.from("browser_sessions").update(values).eq("tenant_id", tenantId).eq("id", key).select(COLUMNS).maybeSingle(),
    "session",
  );
}
