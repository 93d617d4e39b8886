import type { Place } from "../json/json-node.ts";

/** Why nothing of a file is imported, with what it means for people. docs/importing.md lists the same. */
export const REFUSALS = {
  unreadable: "The file cannot be read.",
  empty: "The file has no bytes, or only space.",
  too_large: "The file is larger than 32 MB.",
  not_text: "The bytes are neither UTF-8 nor UTF-16 with a byte order mark.",
  conflict_markers: "A merge conflict is not resolved.",
  not_json: "The text is no JSON.",
  too_deep: "The JSON nests more than 200 levels deep.",
  not_a_task_file: "It is JSON, but not one of Task Master.",
  task_too_large: "A task is larger than a row of tasks can be.",
  same_source: "Another file of this run has the same source.",
  another_project: "The tasks imported before under this source are other ones.",
  workflow_over: "The workflow is completed or cancelled: it takes no change.",
  circle: "With the dependencies that were made here the tasks would wait for each other in a circle.",
  refused_by_database: "A rule of the database forbids it.",
  counts_differ: "What is in the database is not all that was read.",
} as const;

/** The word for why a file is refused. */
export type RefusalCode = keyof typeof REFUSALS;

/** Says why a file is refused. Nothing of the file is imported. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  readonly place: Place | undefined;

  constructor(code: RefusalCode, message: string, place?: Place) {
    super(message);
    this.code = code;
    this.place = place;
  }
}
