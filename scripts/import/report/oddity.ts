import type { Place } from "../json/json-node.ts";

/** What can be odd about a file that is imported, with what is done. docs/importing.md lists the same. */
export const ODDITIES = {
  bare_array: "A tag is an array itself. It is read as the tag's tasks; Task Master shows nothing for it.",
  hybrid: "The file has tasks at its root and in tags. Both are imported.",
  not_a_tag: "A member of the root holds a list that is not one of tasks. It is kept with the workflow.",
  unknown_root_member: "A member of the root is no tag. It is kept with the first workflow.",
  duplicate_key: "A name is said twice in one object. The last one counts; tasks in the other one are refused.",
  entry_not_a_task: "An entry of a list of tasks is neither an object nor a text. It is refused.",
  entry_is_text: "An entry of a list of tasks is a text. It becomes the title of a task.",
  id_missing: "A task has no id. It gets the next free number.",
  id_not_plain: "An id names the parent too, such as 3.1 in task 3. The part of the parent is taken off.",
  id_duplicate: "An id is there twice. The first task keeps it, the others get a mark: 5~2.",
  task_repeated: "A task is there twice, the same in everything. The two are merged.",
  key_too_long: "The ids down to a task are longer than 500 characters. They are cut, and told apart by a hash.",
  subtasks_not_a_list: "subtasks is not a list. It is kept with the task.",
  nested_too_deep: "A subtask nests more than 16 levels deep. It is put below the task on level 15.",
  title_missing: "A task has no title. It gets the first line of its description, or its id.",
  text_cut: "A text is longer than its column. The column has its beginning, metadata has all of it.",
  text_not_storable: "A text holds a NUL or half a character. U+FFFD stands for it; metadata has it escaped.",
  value_converted: "A value is of another type than its column. It is converted, and kept as it is in metadata.",
  value_kept_apart: "A value does not fit its column at all. It is kept in metadata.",
  number_as_text: "A number is beyond what the database takes. It is kept as text.",
  status_absent: "A task has no status. It is pending, or done when its parent is.",
  status_mapped: "A status has another word here.",
  status_unknown: "A status is not known. The task is pending; metadata has what it said.",
  priority_absent: "A task has no priority. It is medium.",
  priority_mapped: "A priority has another word here.",
  priority_unknown: "A priority is not known. A task is medium, a subtask as its parent; metadata has what it said.",
  dependencies_not_a_list: "dependencies is not a list. A text is split at its commas, anything else refused.",
  dependency_not_an_id: "A dependency is neither a text nor a number. It is refused.",
  dependency_missing: "A dependency leads to no task of the tag. It is refused.",
  dependency_on_itself: "A task depends on itself. That is refused.",
  dependency_on_parent: "A subtask depends on a task that it belongs to. That is refused.",
  dependency_on_subtask: "A task depends on one of its own subtasks, which it waits for anyway. That is refused.",
  dependency_repeated: "A task depends on another one twice. The two are merged.",
  dependency_ambiguous: "A dependency leads to an id that several tasks have. It leads to the first of them.",
  dependency_in_circle: "With this dependency tasks would wait for each other in a circle. It is refused.",
  complexity_of_no_task: "An entry of a complexity report is about no task of the tag. It is left out.",
  complexity_report_unreadable: "A complexity report cannot be read. The tasks are imported without it.",
} as const;

/** The word for an oddity. */
export type OddityCode = keyof typeof ODDITIES;

/** Something odd at one place of a file. */
export interface Oddity {
  readonly code: OddityCode;
  /** JSON pointer (RFC 6901) into the file. */
  readonly pointer: string;
  /** What was found, and what was made of it. */
  readonly message: string;
  /** Where it is not in the tasks.json itself. */
  readonly file?: string;
  readonly place?: Place;
}

/** Takes note of an oddity. */
export type Note = (oddity: Oddity) => void;

const LONGEST = 80;

/**
 * A text in a message, cut where it gets long.
 *
 * @param text - any text
 * @returns the text in quotation marks, as JSON
 */
export function quote(text: string): string {
  const characters = [...text];
  return JSON.stringify(characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}...` : text);
}
