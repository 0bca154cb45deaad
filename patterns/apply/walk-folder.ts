import type { Dirent } from "node:fs";
import { join } from "node:path";
import { exists, listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { SkippedFile } from "../../orchestrator/schema/pattern-workbench.ts";
import { type IgnoreRules, noRules } from "./ignore-rules.ts";

const ignoreFileBytesMax = 1_048_576;
const entriesMax = 5_000_000;

/** Folders of foreign code, and of tools' own records: nothing below them is looked at. */
const foreignFolders: ReadonlySet<string> = new Set(["node_modules", "bower_components", "vendor", "third_party"]);
const recordFolders: ReadonlySet<string> = new Set([".git", ".hg", ".svn", ".jj", ".runs", ".patterns"]);

/** The files of a folder, in the order of their paths, which are relative to the root, with `/`. */
export interface FolderListing {
  readonly files: readonly string[];
  /** What might have been meant and is left out, with the reason. A folder's path ends in `/`. */
  readonly skipped: readonly SkippedFile[];
}

/** Where a walk begins, and what it wants. */
export interface Walk {
  readonly root: string;
  /** Relative to the root, with `/`; "" for the root itself. */
  readonly folder: string;
  /** True for a name that some pattern can read. */
  readonly isWanted: (name: string) => boolean;
  readonly signal?: AbortSignal | undefined;
}

interface Visit {
  readonly folder: string;
  /** Those of the folders above. */
  readonly rules: IgnoreRules;
}

/**
 * Lists the wanted files below a folder. Ignore files count, also those above the folder and also outside of a git repository. Links are
 * never followed: what they lead to inside the root is met where it lies. Throws `disk_failed`, `path_refused` and `aborted`.
 */
export async function walkFolder(walk: Walk): Promise<FolderListing> {
  const files: string[] = [];
  const skipped: SkippedFile[] = [];
  let entries = 0;
  const open: Visit[] = [await firstVisit(walk)];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    if (walk.signal?.aborted) throw new OrchestratorError("aborted", "the folder was not read to its end");
    const listed = await listDirectory(join(walk.root, visit.folder));
    entries += listed.length;
    if (entries > entriesMax) {
      throw new OrchestratorError(
        "path_refused",
        `more than ${entriesMax} names in ${walk.root}; name a smaller folder`,
      );
    }
    if (visit.folder !== walk.folder && listed.some(({ name }) => name === ".git")) {
      skipped.push({ path: `${visit.folder}/`, reason: "another git repository" });
      continue;
    }
    const rules = listed.some(({ name }) => name === ".gitignore")
      ? await withIgnoreFile(walk.root, visit)
      : visit.rules;
    for (const entry of listed) {
      const path = visit.folder === "" ? entry.name : `${visit.folder}/${entry.name}`;
      const verdict = judge(entry, path, rules, walk.isWanted);
      if (verdict === "file") files.push(path);
      else if (verdict === "folder") open.push({ folder: path, rules });
      else if (verdict !== null) skipped.push(verdict);
    }
  }
  return { files: files.sort(), skipped: skipped.sort(({ path: left }, { path: right }) => (left < right ? -1 : 1)) };
}

/** What to do with an entry; null for one that nobody meant. */
function judge(
  entry: Dirent,
  path: string,
  rules: IgnoreRules,
  isWanted: Walk["isWanted"],
): "file" | "folder" | SkippedFile | null {
  const { name } = entry;
  if (entry.isDirectory()) {
    if (recordFolders.has(name)) return null;
    if (foreignFolders.has(name)) return { path: `${path}/`, reason: "vendored: the folder holds foreign code" };
    return rules.isIgnored(`${path}/`) ? { path: `${path}/`, reason: "ignored by git" } : "folder";
  }
  if (!isWanted(name)) return null;
  if (rules.isIgnored(path)) return { path, reason: "ignored by git" };
  if (entry.isSymbolicLink()) return { path, reason: "a symbolic link, which is not followed" };
  return entry.isFile() ? "file" : { path, reason: "not a regular file" };
}

async function firstVisit({ root, folder }: Walk): Promise<Visit> {
  const own = await textOf(join(root, ".git/info/exclude"));
  let rules = own === null ? noRules : noRules.with("", own);
  const names = folder === "" ? [] : folder.split("/");
  for (let depth = 0; depth < names.length; depth += 1) {
    rules = await withIgnoreFile(root, { folder: names.slice(0, depth).join("/"), rules });
  }
  return { folder, rules };
}

async function withIgnoreFile(root: string, { folder, rules }: Visit): Promise<IgnoreRules> {
  const text = await textOf(join(root, folder, ".gitignore"));
  return text === null ? rules : rules.with(folder, text);
}

async function textOf(path: string): Promise<string | null> {
  if (!(await exists(path))) return null;
  return (await readFileIfThere(path, ignoreFileBytesMax))?.toString("utf8") ?? null;
}
