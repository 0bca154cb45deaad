import type { PatternSummary } from "./handoff.ts";
import type { FixtureResult, PatternDetails } from "./pattern-workbench.ts";

/** Values for the fields of a template, each as often as it was given. */
export type FieldValues = Readonly<Record<string, readonly string[]>>;

/** A template that was filled. */
export interface FilledTemplate {
  readonly id: string;
  readonly version: string;
  /** What the text is read as by this library; null: by people alone. */
  readonly document: "task" | "spec" | null;
  readonly text: string;
}

/** A template with all that a person wants to know of it. */
export interface TemplateDetails extends PatternDetails {
  /** When to use it. */
  readonly when: string;
  /** Filled with the values of its first fixture. */
  readonly sample: string;
}

/** Documents with places for values: ours as `template/<id>`, those of a team's library as `<library>/template/<id>`. */
export interface TemplateLibrary {
  /** Those of a library that is not loaded are left out. */
  list(): Promise<readonly PatternSummary[]>;
  /** Throws `pattern_not_found`, and `library_refused`, as do the others. */
  show(id: string): Promise<TemplateDetails>;
  /** Throws `pattern_not_found`, and `usage` naming every field that is missing, unknown or malformed. */
  fill(id: string, values: FieldValues): Promise<FilledTemplate>;
  /**
   * The path of a file in the root around a folder; with a text it is written there as a new file. Throws `path_refused` for a path outside of
   * that root, through a link, or where something is already.
   */
  place(folder: string, file: string, text: string | null): Promise<string>;
  /** Fills the fixtures of one template or all, and sees that each can fail. Throws `pattern_not_found`. */
  test(id: string | null): Promise<readonly FixtureResult[]>;
}

/** True for the id of a template. */
export function isTemplateId(id: string): boolean {
  return /^(?:[a-z0-9-]+\/)?template\//.test(id);
}
