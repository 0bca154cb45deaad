import type { PatternLibraryPin } from "../../orchestrator/schema/config.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { PatternLibrary } from "../../orchestrator/schema/pattern-port.ts";
import { type CodemodOfLibrary, libraryOf, shippedCodemods } from "../pattern-library.ts";
import { findLibrary, type LibraryFiles, readLibraryFiles } from "./library-files.ts";
import { type LoadedLibrary, loadLibrary } from "./load-library.ts";
import { inspectLibrary, type PlacedLibrary, type Placement, placeLibrary } from "./place-library.ts";

/** The libraries that a repository pins, each loaded when it is first asked for. */
export interface LibraryShelf {
  readonly pins: readonly PatternLibraryPin[];
  /** Throws `library_refused`, and `pattern_not_found` for a name that is not pinned. */
  load(name: string): Promise<LoadedLibrary>;
  /** The files whose hash is pinned; no code is run. Throws as `load`. */
  read(name: string): Promise<LibraryFiles>;
}

/** Which libraries there are, where they are looked for and put. */
export interface LibraryShelfParts extends Placement {
  readonly root: string;
  readonly pins: readonly PatternLibraryPin[];
}

/** The libraries of a repository. Code is loaded from a copy of exactly the files whose hash is pinned. */
export function openLibraries(parts: LibraryShelfParts): LibraryShelf {
  const loaded = new Map<string, Promise<LoadedLibrary>>();
  return {
    pins: parts.pins,
    read: (name) => readPinned(parts, name),
    load(name) {
      const before = loaded.get(name);
      if (before !== undefined) return before;
      const loading = loadPinned(parts, name);
      loaded.set(name, loading);
      return loading;
    },
  };
}

async function loadPinned(parts: LibraryShelfParts, name: string): Promise<LoadedLibrary> {
  return loadLibrary(await placeLibrary(name, await readPinned(parts, name), parts));
}

/** Puts the code of any pin where it can be loaded; none of it is run. Throws `library_refused`, with `remedy` where the hash is another one. */
export async function placePinned(
  parts: Placement & Pick<LibraryShelfParts, "root">,
  pin: Pick<PatternLibraryPin, "name" | "from" | "sha256">,
  remedy: string,
): Promise<PlacedLibrary> {
  return placeLibrary(pin.name, await readFilesOf(parts.root, pin, remedy), parts);
}

async function readPinned({ root, pins }: LibraryShelfParts, name: string): Promise<LibraryFiles> {
  const pin = pins.find((each) => each.name === name);
  if (pin === undefined) {
    const known = pins.map((each) => each.name).join(", ") || "none";
    throw new OrchestratorError(
      "pattern_not_found",
      `the last commit's orchestrator.config.yaml pins no library ${name}; it pins ${known}`,
    );
  }
  return readFilesOf(root, pin, `look at what changed, then pin it anew: codex-orchestrator patterns pin ${name}`);
}

async function readFilesOf(
  root: string,
  { name, from, sha256 }: Pick<PatternLibraryPin, "name" | "from" | "sha256">,
  remedy: string,
): Promise<LibraryFiles> {
  const files = await readLibraryFiles(findLibrary(root, from));
  if (files.sha256 === sha256) return files;
  throw new OrchestratorError(
    "library_refused",
    `the library ${name} (${from}) has the sha256 ${files.sha256}, and ${sha256} is pinned; ${remedy}`,
  );
}

/** What would be pinned of a library as it is now. Its code is not run. Throws `library_refused`. */
export async function hashLibrary(
  root: string,
  name: string,
  from: string,
): Promise<{ sha256: string; files: number }> {
  const library = await readLibraryFiles(findLibrary(root, from));
  inspectLibrary(name, library);
  return { sha256: library.sha256, files: library.files.size };
}

/** The library of a pattern's id, `acme` of `acme/no-globals`; null for our own patterns. */
export function libraryNameOf(id: string): string | null {
  const at = id.indexOf("/");
  return at === -1 ? null : id.slice(0, at);
}

/** Our own patterns and those of every pinned library behind the port of the workflow. Throws `library_refused`. */
export async function openPatternLibrary(shelf: LibraryShelf): Promise<PatternLibrary> {
  const members: CodemodOfLibrary[] = shippedCodemods().map((codemod) => ({ codemod, library: null }));
  for (const { name } of shelf.pins) {
    const { codemods, placed } = await shelf.load(name);
    members.push(...codemods.map((codemod) => ({ codemod, library: placed })));
  }
  return libraryOf(members);
}
