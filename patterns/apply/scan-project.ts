import { sha256 } from "../../orchestrator/io/hash.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { ApplyProgress, SkippedFile } from "../../orchestrator/schema/pattern-workbench.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import { createSourceSet, isBesideModules, isModulePath } from "../cross-file/source-set.ts";
import type { Place } from "./find-root.ts";
import { type FolderScan, type PlannedFile, type PlannedSource, readSource } from "./scan-folder.ts";
import { transformSet } from "./transform-set.ts";
import { walkFolder } from "./walk-folder.ts";

/** Of all sources together: a cross-file codemod sees all at once. */
const sourceBytesMax = 536_870_912;

/** What a project is scanned for. */
export interface ProjectScan {
  readonly place: Place;
  readonly codemod: CrossFileCodemod;
  readonly settings: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ApplyProgress) => void) | undefined;
}

/** Runs a cross-file codemod over the whole root, since the folder's modules may be used anywhere in it. Throws as `scanFolder` does. */
export async function scanProject(scan: ProjectScan): Promise<FolderScan & { readonly files: number }> {
  const { place, codemod, settings, signal, onProgress } = scan;
  const isWanted = (name: string) => isModulePath(name) || isBesideModules(name);
  const { files } = await walkFolder({ root: place.root, folder: "", isWanted, signal });
  const sources = new Map<string, PlannedSource & { readonly text: string }>();
  const skipped: SkippedFile[] = [];
  let bytes = 0;
  for (const path of files) {
    const read = readSource(place.root, path);
    if ("reason" in read) skipped.push(read);
    else sources.set(path, read);
    bytes += "reason" in read ? 0 : read.bytes.length;
    if (bytes > sourceBytesMax)
      throw new OrchestratorError("path_refused", `more than ${sourceBytesMax} bytes of sources in ${place.root}`);
  }
  onProgress?.({ phase: "transforming", done: 0, total: sources.size });
  const set = createSourceSet(new Map([...sources].map(([path, { text }]) => [path, text])));
  const folder = place.folder === "" ? "" : `${place.folder}/`;
  const outcome = await transformSet(codemod, set, folder, settings);
  if (signal?.aborted) throw new OrchestratorError("aborted", "nothing was written");
  return {
    planned: planOf(outcome.changed, sources),
    skipped: [...skipped.filter(({ path }) => isModulePath(path)), ...outcome.skipped],
    files: files.length,
    candidates: outcome.changed.size,
    workers: 0,
  };
}

function planOf(
  changed: Awaited<ReturnType<typeof transformSet>>["changed"],
  sources: ReadonlyMap<string, PlannedSource & { readonly text: string }>,
): readonly PlannedFile[] {
  return [...changed].sort().flatMap(([path, { after, edits }]) => {
    const source = sources.get(path);
    if (source === undefined) return [];
    const { text, ...plain } = source;
    const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
    return [{ ...plain, after: mark + after, edits, beforeSha256: sha256(plain.bytes) }];
  });
}
