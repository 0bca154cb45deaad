import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { AppliedEdit, SkippedFile } from "../../orchestrator/schema/pattern-workbench.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import type { SourceSet } from "../cross-file/source-set.ts";
import type { Rewrite } from "../engine/codemod.ts";
import { lineAt, parseSource } from "../engine/parse-source.ts";
import { applySplices, findConflict, inTextOrder } from "../engine/splices.ts";

/** What a cross-file codemod makes of a set: the texts that change, without byte order marks, and what kept it from more. */
export interface SetOutcome {
  readonly changed: ReadonlyMap<string, { readonly after: string; readonly edits: readonly AppliedEdit[] }>;
  readonly skipped: readonly SkippedFile[];
}

/**
 * Applies a cross-file codemod. Its edits belong together: where one result cannot be parsed, or edits overlap, that is a fault of the codemod
 * and nothing is changed (`document_invalid`).
 */
export async function transformSet(
  codemod: CrossFileCodemod,
  sources: SourceSet,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<SetOutcome> {
  const { rewrites, refusals } = await codemod.scan({ sources, folder, settings });
  const changed = [...rewrites].map(([path, found]) => [path, rewrite(codemod, sources, path, found)] as const);
  const skipped = refusals.map(({ path, at, reason }) => ({
    path,
    reason: `${reason} (line ${lineAt(sources.text(path), at)})`,
    pattern: codemod.id,
  }));
  return { changed: new Map(changed), skipped };
}

function rewrite({ id }: CrossFileCodemod, sources: SourceSet, path: string, rewrites: readonly Rewrite[]) {
  const text = sources.text(path);
  const edits = inTextOrder(
    rewrites.flatMap(({ splices, reason }) => splices.map((splice) => ({ ...splice, reason }))),
  );
  const after = applySplices(text, edits);
  const parsed = parseSource(path, after);
  const conflict = findConflict(edits, text.length);
  if (conflict !== null || !parsed.ok) {
    const why = parsed.ok ? "edits overlap" : `the result cannot be parsed: ${parsed.reason}`;
    throw new OrchestratorError("document_invalid", `${id}, ${path}: ${why}; nothing was changed, please report it`);
  }
  return {
    after,
    edits: edits.map(({ start, end, text: put, reason }) => ({
      pattern: id,
      reason,
      line: lineAt(text, start),
      replaces: { start, end, text: put },
    })),
  };
}
