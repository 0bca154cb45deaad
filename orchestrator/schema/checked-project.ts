import type { CheckReading } from "./adapter-port.ts";

/** What tells the projects of results apart. */
export interface ProjectLabel {
  readonly root?: string | undefined;
  readonly adapter?: string | undefined;
}

/** A folder, `.` for the repository's own, and the id of an adapter. */
export interface PlacedProject {
  readonly root: string;
  readonly adapter: string;
}

/** The label alone of what has one. */
export function labelOf({ root, adapter }: ProjectLabel): { root?: string; adapter?: string } {
  return { ...(root === undefined ? {} : { root }), ...(adapter === undefined ? {} : { adapter }) };
}

/** True for two things of one project: the same folder and, where several adapters share it, the same adapter. */
export function isSameProject(one: ProjectLabel, other: ProjectLabel): boolean {
  return (one.root ?? ".") === (other.root ?? ".") && one.adapter === other.adapter;
}

/** The projects of some results, in the order in which they come first. */
export function projectsIn(all: readonly ProjectLabel[]): readonly ProjectLabel[] {
  return all.filter((each, index) => all.findIndex((other) => isSameProject(each, other)) === index).map(labelOf);
}

/** The label of a project among all of its repository: results of the only adapter of the root need none. */
export function labelAmong(
  { root, adapter }: PlacedProject,
  all: readonly PlacedProject[],
): { root?: string; adapter?: string } {
  const isShared = all.some((other) => other.root === root && other.adapter !== adapter);
  return { ...(root === "." ? {} : { root }), ...(isShared ? { adapter } : {}) };
}

/** A result that says which project it is of. Its fields stand in the order of the document, so that a record of it can be compared byte by byte. */
export function labelled(
  { goal, root: _root, adapter: _adapter, ...rest }: CheckReading,
  label: ProjectLabel,
): CheckReading {
  return { goal, ...labelOf(label), ...rest };
}

/** How a project is named to a reader; empty for the only adapter of the root. */
export function projectName({ root, adapter }: ProjectLabel): string {
  if (adapter === undefined) return root ?? "";
  return `${root ?? "."} (${adapter})`;
}
