import { chmod, mkdir, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFault, exists, writeFileAtomic } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import { type FoundFile, fileBytesMax, isBinary, readResolved } from "./read-files.ts";
import { normalizePath, pathRefused, resolveInside } from "./resolve-inside.ts";
import { type FilePatch, parseUnifiedDiff, patchText } from "./unified-diff.ts";

/** A file before and after an edit; null where there is no file. */
export interface EditedFile {
  readonly path: string;
  readonly before_sha256: string | null;
  readonly after_sha256: string | null;
}

/** Where edits are allowed. */
export interface EditBounds {
  readonly root: string;
  /** Folders, relative to `root`, that hold installed dependencies. */
  readonly dependencyFolders: readonly string[];
  /** True for a path that git leaves out of a change. */
  readonly isIgnored: (path: string) => Promise<boolean>;
}

/** What is to lie at a path when an edit is done. */
interface Outcome {
  readonly path: string;
  readonly place: string;
  readonly before: FoundFile | null;
  readonly after: FoundFile | null;
}

/** Writes a whole file; its folders are made, its mode is kept. Throws `path_refused`, `disk_failed`. */
export async function writeInside(bounds: EditBounds, path: string, content: string): Promise<EditedFile> {
  const target = await findTarget(bounds, path);
  const after = { bytes: encode(path, content), mode: target.before?.mode ?? 0o644 };
  return commitOne({ ...target, after });
}

/** Replaces a text that occurs exactly once. Throws `edit_refused`, saying where else it occurs or what nearly fits. */
export async function editExact(
  bounds: EditBounds,
  path: string,
  oldText: string,
  newText: string,
): Promise<EditedFile> {
  if (oldText === "")
    throw editRefused(path, "the text to replace is empty; use a whole-file write, or name the text before the place");
  const target = await findTarget(bounds, path);
  const { text, mode } = textOf(path, target.before);
  const places = occurrences(text, oldText);
  const [at] = places;
  if (at === undefined) throw editRefused(path, explainMiss(text, oldText));
  if (places.length > 1) throw editRefused(path, explainMany(text, places));
  const edited = text.slice(0, at) + newText + text.slice(at + oldText.length);
  return commitOne({ ...target, after: { bytes: encode(path, edited), mode } });
}

/** Removes a file. Throws `path_refused`, `edit_refused` where there is none. */
export async function removeInside(bounds: EditBounds, path: string): Promise<EditedFile> {
  const target = await findTarget(bounds, path);
  if (target.before === null) throw editRefused(path, "does not exist, so it cannot be removed");
  return commitOne({ ...target, after: null });
}

/**
 * Applies a unified diff without fuzz: all its files, or none. Throws `edit_refused`, `path_refused`; where the disk fails half
 * way, what was written is undone first.
 */
export async function applyUnifiedDiff(bounds: EditBounds, diff: string): Promise<EditedFile[]> {
  const outcomes: Outcome[] = [];
  for (const patch of parseUnifiedDiff(diff)) outcomes.push(await planPatch(bounds, patch));
  const folders = outcomes.filter(({ after }) => after !== null).map(({ path }) => `${path}/`);
  const clash = outcomes.find(({ path }) => folders.some((folder) => path.startsWith(folder)));
  if (clash !== undefined) throw editRefused(clash.path, "lies in a folder that the same diff makes a file");
  await commitAll(outcomes);
  return outcomes.map(summarize);
}

async function planPatch(bounds: EditBounds, patch: FilePatch): Promise<Outcome> {
  const target = await findTarget(bounds, patch.path);
  if (patch.kind === "create") {
    if (target.before !== null)
      throw editRefused(patch.path, "exists, and the diff creates it; make a diff against the file");
    return { ...target, after: { bytes: encode(patch.path, patchText("", patch)), mode: patch.mode ?? 0o644 } };
  }
  const { text, mode } = textOf(patch.path, target.before);
  const after = encode(patch.path, patchText(text, patch));
  return { ...target, after: patch.kind === "delete" ? null : { bytes: after, mode: patch.mode ?? mode } };
}

async function findTarget(
  { root, dependencyFolders, isIgnored }: EditBounds,
  given: string,
): Promise<Omit<Outcome, "after">> {
  const path = normalizePath(given);
  const inDependencies = dependencyFolders.some((folder) => `${path}/`.startsWith(`${folder}/`));
  if (inDependencies || path.split("/").includes("node_modules")) {
    throw pathRefused(
      given,
      "lies in installed dependencies, which are no part of the change; change the manifest instead",
    );
  }
  const place = await resolveInside(root, path, "write");
  if (await isIgnored(path)) {
    throw pathRefused(given, "is ignored by the base commit's .gitignore, so it would be no part of the change");
  }
  const before = (await exists(place)) ? await readResolved(place, path) : null;
  return { path, place, before };
}

function textOf(path: string, file: FoundFile | null): { text: string; mode: number } {
  if (file === null) throw editRefused(path, "does not exist; write it as a new file");
  if (isBinary(file.bytes)) throw editRefused(path, "is binary, and only text can be edited");
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file.bytes), mode: file.mode };
  } catch (error) {
    throw editRefused(path, "is not UTF-8, so an edit could damage it", error);
  }
}

function encode(path: string, content: string): Buffer {
  const bytes = Buffer.from(content, "utf8");
  if (bytes.length <= fileBytesMax) return bytes;
  throw editRefused(path, `would have ${bytes.length} bytes; at most ${fileBytesMax} are written`);
}

function occurrences(text: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1 && places.length < 6; at = text.indexOf(wanted, at + 1))
    places.push(at);
  return places;
}

function explainMany(text: string, places: readonly number[]): string {
  const lines = places.slice(0, 5).map((place) => text.slice(0, place).split("\n").length);
  const count = places.length > 5 ? "more than 5 times" : `${places.length} times`;
  return `holds the text ${count} (lines ${lines.join(", ")}); give more of what stands around the one to replace`;
}

function explainMiss(text: string, wanted: string): string {
  if (text.includes("\r\n") && text.replaceAll("\r\n", "\n").includes(wanted.replaceAll("\r\n", "\n"))) {
    return "has CRLF line ends; give the text with \\r\\n";
  }
  if (squeeze(text).includes(squeeze(wanted).trim()))
    return "holds the text with other white space; read the lines again and copy them exactly";
  const lines = wanted.split("\n").filter((each) => each.trim() !== "");
  const first = text.split("\n").indexOf(lines[0] ?? "");
  if (first === -1) return "does not hold the text; read the file again, it may have changed";
  return `does not hold the text; its first line stands in line ${first + 1}, but what follows differs: read the file again`;
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

async function commitOne(outcome: Outcome): Promise<EditedFile> {
  await put(outcome.place, outcome.before, outcome.after);
  return summarize(outcome);
}

async function commitAll(outcomes: readonly Outcome[]): Promise<void> {
  const done: Outcome[] = [];
  try {
    for (const outcome of outcomes) {
      await put(outcome.place, outcome.before, outcome.after);
      done.unshift(outcome);
    }
  } catch (error) {
    // What cannot be undone either is undone by the next restore; the first fault is the one to tell.
    for (const { place, before, after } of done) await put(place, after, before).catch(() => {});
    throw error;
  }
}

async function put(place: string, before: FoundFile | null, after: FoundFile | null): Promise<void> {
  try {
    if (after === null) return await unlink(place);
    if (before?.bytes.equals(after.bytes)) return await chmod(place, after.mode);
    await mkdir(dirname(place), { recursive: true });
    await writeFileAtomic(place, after.bytes, { mode: after.mode });
  } catch (error) {
    throw isOrchestratorError(error) ? error : diskFault("change", place, error);
  }
}

function summarize({ path, before, after }: Outcome): EditedFile {
  const hash = (file: FoundFile | null) => (file === null ? null : sha256(file.bytes));
  return { path, before_sha256: hash(before), after_sha256: hash(after) };
}

function editRefused(path: string, why: string, cause?: unknown): OrchestratorError {
  return new OrchestratorError("edit_refused", `${path} ${why}`, { cause });
}
