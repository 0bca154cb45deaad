import type { Git, GitResult } from "../io/git.ts";
import type { GitObjectReader } from "../io/git-object-reader.ts";
import { OrchestratorError } from "../schema/errors.ts";

/** One file as a tree of git holds it. */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly object: string;
  /** Bytes, or null for what is no file. */
  readonly size: number | null;
}

/** One changed path between two trees. An absent side is null. */
export interface ChangedEntry {
  readonly path: string;
  readonly before: { readonly mode: string; readonly object: string } | null;
  readonly after: { readonly mode: string; readonly object: string } | null;
}

/**
 * The files of a tree, all of them or those at and below the given paths. `revision` is any tree-ish. Throws
 * `base_not_found` where it does not exist, and `git_failed`.
 */
export async function listTree(
  git: Git,
  revision: string,
  paths: readonly string[] = [],
  signal?: AbortSignal,
): Promise<TreeEntry[]> {
  const list = (tree: string) => ["ls-tree", "-r", "-l", "-z", "--full-tree", tree, "--", ...paths];
  const { stdout } = await runOnTrees(git, [revision], ([tree = ""]) => list(tree), signal);
  return fieldsOf(stdout).map(readTreeEntry);
}

/** One side of a path: what git's tree says of it. */
export type TreeSide = Pick<TreeEntry, "mode" | "object">;

/**
 * All files of a commit or tree by path, without their sizes, which would cost a look at every object. Throws `base_not_found`
 * and `git_failed`.
 */
export async function readTree(git: Git, revision: string, signal?: AbortSignal): Promise<Map<string, TreeSide>> {
  const list = ([tree = ""]: readonly string[]) => ["ls-tree", "-r", "-z", "--full-tree", tree];
  const { stdout } = await runOnTrees(git, [revision], list, signal);
  const text = stdout.toString("utf8");
  const sides = new Map<string, TreeSide>();
  for (let start = 0, end = text.indexOf("\0"); end >= 0; start = end + 1, end = text.indexOf("\0", start)) {
    const tab = text.indexOf("\t", start);
    const mode = text.slice(start, start + 6);
    const object = text.slice(text.lastIndexOf(" ", tab) + 1, tab);
    sides.set(text.slice(tab + 1, end), { mode, object });
  }
  return sides;
}

/** The content of objects by id; what is over `bytesMax` is null. Throws `git_failed`, also for one that is not there. */
export async function readBlobs(
  reader: GitObjectReader,
  objects: Iterable<string>,
  bytesMax: number,
): Promise<Map<string, Buffer | null>> {
  const ids = [...new Set(objects)];
  const contents = await reader.read(ids, bytesMax);
  return new Map(
    ids.map((id, index) => {
      const content = contents[index];
      if (content === undefined)
        throw new OrchestratorError(
          "git_failed",
          `the object ${id} is not there, so the clone is not whole; run: git fetch --refetch origin`,
        );
      return [id, content];
    }),
  );
}

/** What differs between two trees, without looking for renames. Throws `base_not_found` and `git_failed`. */
export async function listChanges(git: Git, from: string, to: string, signal?: AbortSignal): Promise<ChangedEntry[]> {
  const { stdout } = await runOnTrees(git, [from, to], (trees) => ["diff-tree", ...rawDiff, ...trees], signal);
  return readRawDiff(stdout);
}

const rawDiff = ["-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-relative", "--ignore-submodules=none"];

/** What differs between two commits or trees that are there. Throws `git_failed`. */
export function diffTrees(git: Git, trees: readonly string[], signal?: AbortSignal): Promise<ChangedEntry[]> {
  return runRawDiff(git, ["diff-tree", ...rawDiff, ...trees], signal);
}

/** What the index, or another one, has that a commit has not. An object of the index is there; its content may be newer in the folder. */
export async function diffIndex(git: Git, commit: string, indexFile?: string): Promise<ChangedEntry[]> {
  const options = indexFile === undefined ? {} : { env: { GIT_INDEX_FILE: indexFile } };
  return readRawDiff((await git.run(["diff-index", "--cached", ...rawDiff, commit], options)).stdout);
}

/** What the working copy has that the index has not. The object after the change is not known: it is all zeros. */
export function diffFiles(git: Git): Promise<ChangedEntry[]> {
  return runRawDiff(git, ["diff-files", ...rawDiff]);
}

async function runRawDiff(git: Git, args: readonly string[], signal?: AbortSignal): Promise<ChangedEntry[]> {
  return readRawDiff((await git.run(args, withSignal(signal))).stdout);
}

function readRawDiff(output: Buffer): ChangedEntry[] {
  const fields = fieldsOf(output);
  const changes: ChangedEntry[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    changes.push(readChange(fields[index] ?? "", fields[index + 1] ?? ""));
  }
  return changes;
}

/**
 * The content of objects, by id. Ones over `objectBytesMax`, and those after `totalBytesMax` is reached, are null.
 * Throws `git_failed` for an object that is not there.
 */
export async function readObjects(
  git: Git,
  objects: Iterable<string>,
  limits: { readonly objectBytesMax: number; readonly totalBytesMax: number },
  signal?: AbortSignal,
): Promise<Map<string, Buffer | null>> {
  const contents = new Map<string, Buffer | null>();
  const wanted: string[] = [];
  let total = 0;
  for (const { object, size } of await readSizes(git, [...new Set(objects)], signal)) {
    const fits = size <= limits.objectBytesMax && total + size <= limits.totalBytesMax;
    if (fits) {
      wanted.push(object);
      total += size;
    } else contents.set(object, null);
  }
  for (const [object, content] of await readBatch(git, wanted, signal)) contents.set(object, content);
  return contents;
}

const objectId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const gitDied = 128;

/** Object ids are handed on as they are, and only looked for where git fails; anything else is a name, and is looked up first. */
async function runOnTrees(
  git: Git,
  revisions: readonly string[],
  command: (trees: readonly string[]) => readonly string[],
  signal: AbortSignal | undefined,
): Promise<GitResult> {
  if (revisions.every((revision) => objectId.test(revision))) {
    const result = await git.run(command(revisions), { okCodes: [0, gitDied], ...withSignal(signal) });
    if (result.code === 0) return result;
  }
  const trees: string[] = [];
  for (const revision of revisions) trees.push(await resolveTree(git, revision, signal));
  return git.run(command(trees), withSignal(signal));
}

async function resolveTree(git: Git, revision: string, signal: AbortSignal | undefined): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{tree}`];
  const tree = await git.text(args, { okCodes: [0, 1], ...withSignal(signal) });
  if (/^[0-9a-f]{40,64}$/.test(tree)) return tree;
  const message = `there is no commit or tree "${revision}" in ${git.directory}; fetch it, or name another base`;
  throw new OrchestratorError("base_not_found", message);
}

function withSignal(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { signal };
}

function fieldsOf(output: Buffer): string[] {
  return output.toString("utf8").split("\0").slice(0, -1);
}

function readTreeEntry(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", , object = "", size = "-"] = line.slice(0, tab).split(/ +/);
  return { path: line.slice(tab + 1), mode, object, size: size === "-" ? null : Number(size) };
}

function readChange(header: string, path: string): ChangedEntry {
  const [oldMode = "", newMode = "", oldObject = "", newObject = ""] = header.slice(1).split(" ");
  const side = (mode: string, object: string) => (mode === "000000" ? null : { mode, object });
  return { path, before: side(oldMode, oldObject), after: side(newMode, newObject) };
}

async function readSizes(git: Git, objects: readonly string[], signal: AbortSignal | undefined) {
  if (objects.length === 0) return [];
  const options = { stdin: `${objects.join("\n")}\n`, ...withSignal(signal) };
  const lines = await git.text(["cat-file", "--batch-check=%(objectname) %(objectsize)"], options);
  return lines.split("\n").map((line) => {
    const [object = "", size = ""] = line.split(" ");
    if (!/^\d+$/.test(size))
      throw new OrchestratorError("git_failed", `object ${object} is ${size} in ${git.directory}`);
    return { object, size: Number(size) };
  });
}

async function readBatch(
  git: Git,
  objects: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  if (objects.length === 0) return contents;
  const options = { stdin: `${objects.join("\n")}\n`, ...withSignal(signal) };
  const { stdout } = await git.run(["cat-file", "--batch"], options);
  let offset = 0;
  for (const object of objects) {
    const headerEnd = stdout.indexOf(10, offset);
    const size = Number(stdout.toString("latin1", offset, headerEnd).split(" ")[2]);
    if (headerEnd < 0 || !Number.isInteger(size))
      throw new OrchestratorError("git_failed", `cannot read ${object} in ${git.directory}`);
    contents.set(object, stdout.subarray(headerEnd + 1, headerEnd + 1 + size));
    offset = headerEnd + size + 2;
  }
  return contents;
}
