import type { Codemod, Rewrite } from "../engine/codemod.ts";
import type { SourceSet } from "./source-set.ts";

/** A text that a cross-file codemod is told. */
export interface CodemodSetting {
  readonly name: string;
  readonly required: boolean;
  readonly help: string;
}

/** One place that keeps the codemod from a change, in which file and why. */
export interface CrossFileRefusal {
  readonly path: string;
  /** An offset in the text of the file. */
  readonly at: number;
  readonly reason: string;
}

/** What a codemod wants of several files at once. Files without a rewrite stay as they are. */
export interface CrossFileScan {
  readonly rewrites: ReadonlyMap<string, readonly Rewrite[]>;
  readonly refusals: readonly CrossFileRefusal[];
}

/** What a cross-file codemod works on. */
export interface CrossFileInput {
  readonly sources: SourceSet;
  /** The folder that was named, relative to the root with `/` at its end; "" for the root. */
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * A codemod whose edits in one file follow from others. It looks at a candidate set that is closed over names, re-exports and aliases;
 * the result is that of the whole project.
 */
export interface CrossFileCodemod
  extends Pick<Codemod, "id" | "version" | "title" | "description" | "keywords" | "languages"> {
  readonly settings: readonly CodemodSetting[];
  /** Loads the compiler. Throws `usage` for settings that cannot be meant. */
  readonly scan: (input: CrossFileInput) => Promise<CrossFileScan>;
}
