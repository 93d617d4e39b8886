import { createHash } from "node:crypto";
import { type JsonNode, type JsonObject, jsonObject, memberOf, writeJson } from "../json/json-node.ts";
import { Refusal } from "../report/refusal.ts";
import { cutCharacters } from "./column-text.ts";
import { storableJson, storableText } from "./storable.ts";
import type { TagList } from "./tag-lists.ts";
import { shorten } from "./task-ids.ts";

/** A row of public.workflows, but for what the database knows. */
export interface WorkflowRow {
  readonly source_key: string;
  readonly name: string;
  readonly description: string | null;
  /** What it begins as. An import never changes it. */
  readonly status: "planned" | "active";
  /** JSON. */
  readonly metadata: string;
  readonly source_hash: string;
}

const LARGEST_METADATA = 4_194_304;

/**
 * What the workflow of a tag is known by.
 *
 * @param source - the source of the file
 * @param tag - the tag
 * @returns at most 500 characters
 */
export function workflowKey(source: string, tag: string): string {
  return `${source}#${shorten(storableText(tag), 499 - [...source].length)}`;
}

/**
 * Makes the row of a tag's workflow.
 *
 * @param source - the source of the file
 * @param list - the tag
 * @param also - the members of the root that are no tags; what the complexity report says about itself
 * @param hasBegun - whether any of its tasks is no longer pending
 * @returns the row
 * @throws Refusal `task_too_large` when metadata does not take what the file says besides tasks
 */
export function workflowRow(
  source: string,
  list: TagList,
  also: { readonly rest: JsonObject | undefined; readonly complexity: JsonNode | undefined },
  hasBegun: boolean,
): WorkflowRow {
  const { tag, about } = list;
  // At the root they stand beside the tasks, in a tag beside its tasks.
  const metadata = memberOf(about ?? also.rest ?? jsonObject({}), "metadata");
  const said = metadata?.kind === "object" ? metadata : jsonObject({});
  const description = textIn(said, "description");
  const name = textIn(said, "projectName") ?? source;
  const store = (node: JsonNode): JsonNode => storableJson(node, () => undefined);
  const members = {
    tag: store({ kind: "string", value: tag }),
    about: about === undefined || about.members.size === 0 ? undefined : store(about),
    file: also.rest === undefined || also.rest.members.size === 0 ? undefined : store(also.rest),
    complexity: also.complexity === undefined ? undefined : store(also.complexity),
  };
  const text = writeJson(jsonObject(members));
  if (Buffer.byteLength(text) > LARGEST_METADATA) {
    throw new Refusal("task_too_large", `What the file says besides tasks has more than ${LARGEST_METADATA} bytes.`);
  }
  const columns = {
    source_key: workflowKey(source, tag),
    name: cutCharacters(storableText(tag === "master" ? name : `${name}: ${tag}`).trim(), 200),
    description: description === undefined ? null : cutCharacters(storableText(description), 25_000),
  };
  const hash = createHash("sha256").update(JSON.stringify([columns, text])).digest("hex");
  return { ...columns, status: hasBegun ? "active" : "planned", metadata: text, source_hash: `1:${hash}` };
}

function textIn(node: JsonObject, name: string): string | undefined {
  const member = memberOf(node, name);
  return member?.kind === "string" && member.value.trim() !== "" ? member.value : undefined;
}
