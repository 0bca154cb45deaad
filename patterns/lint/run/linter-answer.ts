/** A place as a linter tells it: ESLint by line and column, oxlint by its byte in the file. */
export type ToldPlace =
  | { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number }
  | { readonly byte: number; readonly endByte: number };

/** A finding as a linter tells it. */
export interface ToldFinding {
  /** The rule's name in the plugin. */
  readonly rule: string;
  /** As it was given to the linter. */
  readonly path: string;
  readonly message: string;
  readonly place: ToldPlace;
}

/** What a linter says of some files, read and checked. */
export interface LinterAnswer {
  readonly findings: readonly ToldFinding[];
  /** Files that it could not read. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

/** What a linter is asked. Paths are relative to the root. */
export interface LinterQuestion {
  readonly root: string;
  readonly paths: readonly string[];
  /** Names of rules in the plugin. */
  readonly rules: readonly string[];
  /** The plugin as a module that Node can load. */
  readonly plugin: string;
  /** A folder of our own, for the configuration. */
  readonly folder: string;
}

/** What was read of a linter's answer, or why it is none. */
export type ReadAnswer =
  | { readonly ok: true; readonly answer: LinterAnswer }
  | { readonly ok: false; readonly reason: string };

/** The prefix of the rules in configurations and answers. */
export const pluginName = "codex-orchestrator";

/** The value of a JSON text, or null where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
