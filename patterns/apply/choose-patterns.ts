import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import { shippedCrossFile } from "../cross-file/shipped-cross-file.ts";
import type { Codemod } from "../engine/codemod.ts";
import { type LibraryShelf, libraryNameOf } from "../libraries/open-libraries.ts";
import type { PlacedLibrary } from "../libraries/place-library.ts";
import { findLintRule } from "../lint/shipped-lint-rules.ts";
import { type PatternLibraryOptions, shippedCodemods } from "../pattern-library.ts";
import { chooseCodemods } from "./choose-codemods.ts";

/** A codemod that was chosen, with the library that it comes from; null for this package. */
export interface ChosenCodemod {
  readonly codemod: Codemod;
  readonly library: PlacedLibrary | null;
}

/** What was chosen by ids: one cross-file codemod, or codemods in the order of their application. */
export type ChosenPatterns =
  | { readonly crossFile: CrossFileCodemod }
  | { readonly crossFile: null; readonly chosen: readonly ChosenCodemod[] };

/**
 * Chooses patterns by their ids. A library is loaded only where one of its patterns is named. Throws `pattern_not_found`, `library_refused`, and
 * `usage` for a cross-file codemod that is named among others.
 */
export async function choosePatterns(
  ids: readonly string[],
  settings: PatternLibraryOptions,
  openShelf: () => Promise<LibraryShelf>,
): Promise<ChosenPatterns> {
  const rule = ids.find((id) => findLintRule(id) !== null);
  if (rule !== undefined)
    throw new OrchestratorError(
      "usage",
      `${rule} is a lint rule, which changes nothing; run: patterns lint <dir> --rule ${rule}`,
    );
  const crossFile = findCrossFile(ids);
  if (crossFile !== null) return { crossFile };
  const names = new Set(ids.flatMap((id) => libraryNameOf(id) ?? []));
  const shelf = names.size === 0 ? null : await openShelf();
  const members: ChosenCodemod[] = shippedCodemods(settings).map((codemod) => ({ codemod, library: null }));
  for (const name of names) {
    const library = await shelf?.load(name);
    members.push(...(library?.codemods ?? []).map((codemod) => ({ codemod, library: library?.placed ?? null })));
  }
  const chosen = chooseCodemods(
    members.map(({ codemod }) => codemod),
    ids,
  );
  const libraryOf = new Map(members.map(({ codemod, library }) => [codemod, library]));
  return {
    crossFile: null,
    chosen: chosen.map((codemod) => ({ codemod, library: libraryOf.get(codemod) ?? null })),
  };
}

/** The cross-file codemod that is named, or null where none is. Throws `usage` where it is named among others. */
function findCrossFile(ids: readonly string[]): CrossFileCodemod | null {
  const found = shippedCrossFile().find(({ id }) => ids.includes(id)) ?? null;
  if (found === null || ids.length === 1) return found;
  throw new OrchestratorError("usage", `${found.id} works on many files at once: apply it alone`);
}
