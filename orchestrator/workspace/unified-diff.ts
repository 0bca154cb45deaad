import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import { messageOf, OrchestratorError } from "../schema/errors.ts";

/** What a unified diff does to one file. */
export interface FilePatch {
  readonly path: string;
  readonly kind: "create" | "modify" | "delete";
  /** Of the permission bits, or null where they stay as they are. */
  readonly mode: number | null;
  readonly patch: StructuredPatch;
}

const diffLengthMax = 2_097_152;
const filesMax = 200;
const hunksMax = 1000;

/**
 * The files of a unified diff, as `diff -u` and git write it. Throws `edit_refused` for what is none, and for renames, links,
 * binary patches and a file that is named twice.
 */
export function parseUnifiedDiff(diff: string): FilePatch[] {
  if (diff.length > diffLengthMax) throw refused(`the diff has more than ${diffLengthMax} characters; split it`);
  const patches = parse(diff).map(readFilePatch);
  const hunks = patches.reduce((total, { patch }) => total + patch.hunks.length, 0);
  if (patches.length > filesMax || hunks > hunksMax) {
    throw refused(
      `the diff has ${patches.length} files and ${hunks} hunks; at most ${filesMax} and ${hunksMax} are taken, so split it`,
    );
  }
  const twice = patches.find(({ path }, index) => patches.findIndex((other) => other.path === path) !== index);
  if (twice !== undefined)
    throw refused(`the diff names ${twice.path} twice; put all hunks of a file under one header`);
  return patches;
}

function parse(diff: string): StructuredPatch[] {
  try {
    const patches = parsePatch(diff).filter(
      ({ hunks, oldFileName, newFileName }) => hunks.length > 0 || (oldFileName ?? newFileName) !== undefined,
    );
    if (patches.length > 0) return patches;
  } catch (error) {
    throw refused(
      `the diff cannot be read: ${messageOf(error)}; count the lines of each hunk, or use the exact edit`,
      error,
    );
  }
  throw refused(
    "the text holds no unified diff; begin each file with '--- a/<path>' and '+++ b/<path>', and each hunk with '@@'",
  );
}

function readFilePatch(patch: StructuredPatch): FilePatch {
  const { before, after } = pathsOf(patch);
  const path = after ?? before;
  if (path === null || path === undefined)
    throw refused("a part of the diff names no file; begin it with '--- a/<path>' and '+++ b/<path>'");
  if (patch.isRename || patch.isCopy || (before !== null && after !== null && before !== after)) {
    throw refused(
      `the diff renames or copies ${before} to ${after}; create the new file and delete the old one instead`,
    );
  }
  if (patch.isBinary) throw refused(`the diff of ${path} is binary, and only text can be patched`);
  const kind = before === null || patch.isCreate ? "create" : after === null || patch.isDelete ? "delete" : "modify";
  const mode = readMode(path, patch.newMode);
  if (patch.hunks.length === 0 && kind === "modify" && mode === null)
    throw refused(`the diff of ${path} changes nothing`);
  return { path, kind, mode, patch };
}

function pathsOf({ oldFileName, newFileName }: StructuredPatch): {
  before: string | null | undefined;
  after: string | null | undefined;
} {
  const isPrefixed = hasPrefix(oldFileName, "a/") && hasPrefix(newFileName, "b/");
  const read = (name: string | undefined) => (name === "/dev/null" ? null : isPrefixed ? name?.slice(2) : name);
  return { before: read(oldFileName), after: read(newFileName) };
}

function hasPrefix(name: string | undefined, prefix: string): boolean {
  return name !== undefined && (name === "/dev/null" || name.startsWith(prefix));
}

function readMode(path: string, mode: string | undefined): number | null {
  if (mode === undefined) return null;
  if (mode === "100755") return 0o755;
  if (mode === "100644") return 0o644;
  throw refused(`the diff gives ${path} the mode ${mode}; only regular files can be written`);
}

/** The text after a patch. Every context line must match exactly; a hunk may lie at another line. Throws `edit_refused`. */
export function patchText(before: string, { path, kind, patch }: FilePatch): string {
  const after = applyPatch(before, patch, { fuzzFactor: 0 });
  if (after === false) {
    throw refused(
      `the diff does not fit ${path}: a hunk's context or removed lines are not in the file as they stand; read it again`,
    );
  }
  if (kind === "delete" && after !== "")
    throw refused(`the diff deletes ${path} but leaves lines of it; remove all lines, or remove the file`);
  return after;
}

function refused(message: string, cause?: unknown): OrchestratorError {
  return new OrchestratorError("edit_refused", message, { cause });
}
