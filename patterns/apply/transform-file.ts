import { messageOf } from "../../orchestrator/schema/errors.ts";
import type { PackageFacts, PatternEdit, PatternFileResult } from "../../orchestrator/schema/pattern-port.ts";
import type { AppliedEdit, SkippedFile } from "../../orchestrator/schema/pattern-workbench.ts";
import type { Codemod } from "../engine/codemod.ts";
import { lazily } from "../engine/lazily.ts";
import { isCandidateFor, transformText } from "../engine/run-codemod.ts";

/** Rounds over all codemods of one file. What one writes another may take up; what goes on for ever is given up. */
const roundsMax = 5;

/** A text to transform. */
export interface FileJob {
  readonly path: string;
  readonly text: string;
  readonly facts: PackageFacts;
}

/** What a sequence of codemods makes of one file. */
export interface FileOutcome {
  readonly path: string;
  /** Null where the file stays as it is. */
  readonly change: { readonly after: string; readonly edits: readonly AppliedEdit[] } | null;
  readonly skipped: readonly SkippedFile[];
}

/** True where at least one of the codemods could change the text. Parses nothing. */
export function isCandidate(codemods: readonly Codemod[], path: string, text: string): boolean {
  return codemods.some((codemod) => isCandidateFor(codemod, path, text));
}

/**
 * Applies codemods to one text in the given order, again and again until none finds anything more, so that a second application changes
 * nothing. A text on which they never settle is skipped.
 */
export function transformFile(codemods: readonly Codemod[], { path, text, facts }: FileJob): FileOutcome {
  const edits: AppliedEdit[] = [];
  const trace: (readonly PatternEdit[])[] = [];
  const lineOf = lazily(() => createLineIndex(text));
  let skipped: SkippedFile[] = [];
  let current = text;
  for (let round = 0; round < roundsMax; round += 1) {
    const before = trace.length;
    skipped = [];
    for (const codemod of codemods) {
      const result = attempt(codemod, path, current, facts);
      if (result.status === "skipped" && isCandidateFor(codemod, path, current)) {
        skipped.push({ path, reason: result.reason, pattern: codemod.id });
      }
      if (result.status !== "changed") continue;
      edits.push(...result.edits.map((edit) => appliedEdit(codemod.id, edit, trace, lineOf())));
      trace.push(result.edits);
      current = result.after;
    }
    if (trace.length === before) return settled(path, text, current, edits, skipped);
    // One codemod has been seen to find nothing more in its own result.
    if (codemods.length === 1) return settled(path, text, current, edits, skipped);
  }
  const ids = codemods.map(({ id }) => id).join(", ");
  return {
    path,
    change: null,
    skipped: [{ path, reason: `${ids} undo each other's work: give them in another order, or apart` }],
  };
}

/** A codemod that throws is wrong about this file; the others are none the worse for it. */
function attempt(codemod: Codemod, path: string, text: string, facts: PackageFacts): PatternFileResult {
  try {
    return transformText(codemod, path, text, facts);
  } catch (error) {
    return { path, status: "skipped", reason: `${codemod.id} failed: ${messageOf(error)}` };
  }
}

function settled(
  path: string,
  before: string,
  after: string,
  edits: readonly AppliedEdit[],
  skipped: readonly SkippedFile[],
): FileOutcome {
  if (after === before) return { path, change: null, skipped };
  return { path, change: { after, edits }, skipped };
}

/** An edit as it is seen from the text before all codemods. */
function appliedEdit(
  pattern: string,
  edit: PatternEdit,
  trace: readonly (readonly PatternEdit[])[],
  lineOf: (offset: number) => number,
): AppliedEdit {
  const { start, end, text, reason } = edit;
  return {
    pattern,
    reason,
    line: lineOf(originOf(start, trace)),
    replaces: trace.length === 0 ? { start, end, text } : null,
  };
}

/** Tells the 1-based line of an offset that counts from after a byte order mark. */
function createLineIndex(text: string): (offset: number) => number {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const ends = [...body.matchAll(/\r\n|\n|\r/g)].map(({ index }) => index);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** Where an offset of the latest text came from in the first one. */
function originOf(offset: number, trace: readonly (readonly PatternEdit[])[]): number {
  return trace.reduceRight(offsetBefore, offset);
}

function offsetBefore(offset: number, edits: readonly PatternEdit[]): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    const written = start + shift;
    if (offset < written) break;
    if (offset < written + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}
