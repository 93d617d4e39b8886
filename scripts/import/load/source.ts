/** What workflows and tasks of an import have as their source. */
export const SOURCE = "task-master";
