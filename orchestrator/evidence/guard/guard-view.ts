import { lstat, readlink } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, hasCode } from "../../io/files.ts";
import type { Git } from "../../io/git.ts";
import type { GitObjectReader } from "../../io/git-object-reader.ts";
import { blobHash } from "../../io/hash.ts";
import { readSmallFile } from "../../io/small-file.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import {
  type ChangedEntry,
  diffFiles,
  diffIndex,
  diffTrees,
  listChanges,
  readBlobs,
  readTree,
  type TreeSide,
} from "../git-objects.ts";
import { type CommitUnderWay, findCommitUnderWay } from "./commit-under-way.ts";
import { findForks, type GuardRange, type RangeRequest } from "./guard-range.ts";

/** The repository as the guard sees it: the base, the head, and what lies between. */
export interface GuardView {
  /** What the head has, by path. In a working copy, a file that differs from the commit has the object id of its bytes. */
  readonly head: ReadonlyMap<string, TreeSide>;
  /** What the base has at a path. */
  base(path: string): TreeSide | undefined;
  /** What the head has, and what the base has or had, now or where the change parted from it. */
  paths(): Iterable<string>;
  /** Every path that differs, the old and the new one of what was moved. */
  readonly changes: ReadonlyMap<string, string | null>;
  /** Paths that the base changed since, and the change did not touch: what a merge would take from the base. */
  readonly movedOn: ReadonlySet<string>;
  /** Paths that the working copy has otherwise than the commit. */
  readonly uncommitted: ReadonlySet<string>;
  /** Paths of the working copy whose changes the index hides. */
  readonly hidden: readonly string[];
  /** The content of files by object id; null for what is too large to be a document. Throws `git_failed` and `disk_failed`. */
  read(sides: Iterable<TreeSide | undefined>): Promise<ReadonlyMap<string, Buffer | null>>;
}

/**
 * Reads what differs, by git's plumbing alone: the commits, or the working copy, and then also the index where it would commit
 * something else than lies there. Throws `git_failed`, `disk_failed`, and what `findForks` throws.
 */
export async function openGuardViews(range: GuardRange, request: RangeRequest): Promise<[GuardView, ...GuardView[]]> {
  const { git, base, head, gitFolder } = range;
  const folders = { directory: git.directory, gitFolder };
  const underWay = request.worktree ? await findCommitUnderWay(folders, request.indexFile) : null;
  const tree = readTree(git, head);
  const [stood, forks, sinceBase, local] = await Promise.all([
    tree,
    findForks(range, request, underWay?.merged ?? []),
    diffTrees(git, [base, head]),
    request.worktree ? readWorktree(git, head, tree, underWay) : { folder: noLocalChanges, indexes: [] },
  ]);
  const committed = await changesSince(git, forks, head, { base, sinceBase });
  const known = { reader: range.reader, stood, sinceBase, committed, isUnderWay: underWay !== null };
  const folder = viewOf(known, local.folder);
  return [folder, ...local.indexes.map((index) => viewOf(known, index))];
}

/** The same of two trees, one of which came from the other. Throws `base_not_found` and `git_failed`. */
export async function openTreesView(
  git: Git,
  reader: GitObjectReader,
  { base, head, signal }: { readonly base: string; readonly head: string; readonly signal?: AbortSignal | undefined },
): Promise<GuardView> {
  const stood = await readTree(git, head, signal);
  const changes = base === head ? [] : await listChanges(git, base, head, signal);
  return viewOf({ reader, stood, sinceBase: changes, committed: [changes], isUnderWay: false }, noLocalChanges);
}

interface KnownChanges {
  readonly reader: GitObjectReader;
  readonly stood: ReadonlyMap<string, TreeSide>;
  readonly sinceBase: readonly ChangedEntry[];
  /** Since each place where the change parted from the base. */
  readonly committed: readonly (readonly ChangedEntry[])[];
  /** True where a commit is about to be made of what is local. */
  readonly isUnderWay: boolean;
}

function viewOf(known: KnownChanges, local: LocalChanges): GuardView {
  const { reader, stood, sinceBase, committed } = known;
  const before = new Map(sinceBase.map((entry) => [entry.path, entry.before]));
  const atFork = new Set(committed.flat().map((entry) => entry.path));
  const changes = known.isUnderWay ? changesAfter(known, local) : changesSoFar(known, local);
  const seen = withLocal(stood, local.sides);
  return {
    head: seen,
    base: (path) => (before.has(path) ? (before.get(path) ?? undefined) : stood.get(path)),
    *paths() {
      yield* seen.keys();
      for (const path of [...before.keys(), ...atFork, ...local.sides.keys()]) if (!seen.has(path)) yield path;
    },
    changes,
    movedOn: new Set([...before.keys()].filter((path) => !changes.has(path))),
    uncommitted: new Set(local.sides.keys()),
    hidden: local.hidden,
    read: (sides) => readContents(reader, sides, local.contents),
  };
}

/** What was committed, and what is local: that the one takes the other back is not yet so. */
function changesSoFar({ committed }: KnownChanges, { sides }: LocalChanges): Map<string, string | null> {
  const changes = new Map(committed.flat().map((entry) => [entry.path, entry.after?.mode ?? null]));
  for (const [path, side] of sides) changes.set(path, side?.mode ?? null);
  return changes;
}

/** What differs once the commit under way is made: without what it takes back, and without what a merge brings from the base. */
function changesAfter({ committed, stood }: KnownChanges, { sides }: LocalChanges): Map<string, string | null> {
  const changes = new Map<string, string | null>();
  for (const entries of committed) {
    const atFork = new Map(entries.map((entry) => [entry.path, entry.before]));
    for (const path of [...atFork.keys(), ...sides.keys()]) {
      const stands = stood.get(path) ?? null;
      const before = atFork.has(path) ? (atFork.get(path) ?? null) : stands;
      const after = sides.has(path) ? (sides.get(path) ?? null) : stands;
      const isLeft = before === null || after === null ? before === after : isSame(before, after);
      if (!isLeft) changes.set(path, after?.mode ?? null);
    }
  }
  return changes;
}

/** What was committed since the change parted from the base, at each place where it did. */
async function changesSince(
  git: Git,
  forks: readonly string[],
  head: string,
  known: { readonly base: string; readonly sinceBase: ChangedEntry[] },
): Promise<ChangedEntry[][]> {
  return Promise.all(forks.map((fork) => (fork === known.base ? known.sinceBase : diffTrees(git, [fork, head]))));
}

interface LocalChanges {
  /** Null where the path is gone. */
  readonly sides: ReadonlyMap<string, TreeSide | null>;
  /** By object id. */
  readonly contents: ReadonlyMap<string, Buffer | null>;
  readonly hidden: readonly string[];
}

const noLocalChanges: LocalChanges = { sides: new Map(), contents: new Map(), hidden: [] };

function withLocal(
  tree: ReadonlyMap<string, TreeSide>,
  local: ReadonlyMap<string, TreeSide | null>,
): ReadonlyMap<string, TreeSide> {
  if (local.size === 0) return tree;
  const merged = new Map(tree);
  for (const [path, side] of local) {
    if (side === null) merged.delete(path);
    else merged.set(path, side);
  }
  return merged;
}

interface Worktree {
  readonly folder: LocalChanges;
  /** What is staged, and what a commit under way will commit; none where that is nothing, or nothing else than lies in the folder. */
  readonly indexes: readonly LocalChanges[];
}

/** What is staged, not staged and not tracked. Files are read as they lie there, without git's filters. */
async function readWorktree(
  git: Git,
  head: string,
  committed: Promise<ReadonlyMap<string, TreeSide>>,
  underWay: CommitUnderWay | null,
): Promise<Worktree> {
  const indexFile = underWay?.indexFile ?? null;
  const [tree, staged, other, unstaged, others, tagged] = await Promise.all([
    committed,
    diffIndex(git, head),
    indexFile === null ? null : diffIndex(git, head, indexFile),
    diffFiles(git),
    // What the team's own files ignore; `.git/info/exclude` and `core.excludesFile` are one person's.
    git.run(["ls-files", "-z", "--others", "--exclude-per-directory=.gitignore", "--full-name", "--", ":/"]),
    git.run(["ls-files", "-z", "-v", "--full-name", "--", ":/"]),
  ]);
  const untracked = others.stdout.toString("utf8").split("\0").filter(Boolean);
  const inIndex = new Map(staged.map((entry) => [entry.path, entry.after]));
  const paths = new Set([...inIndex.keys(), ...unstaged.map((entry) => entry.path), ...untracked]);
  const width = head.length;
  const sides = new Map<string, TreeSide | null>();
  const contents = new Map<string, Buffer | null>();
  for (const name of paths) {
    const path = name.replace(/\/$/, "");
    const found = name.endsWith("/")
      ? { mode: "160000", bytes: null }
      : await readLocalFile(join(git.directory, path), modeBefore(path, inIndex, unstaged, tree));
    const staged = inIndex.get(path);
    if (found === null) {
      sides.set(path, null);
      continue;
    }
    const known = staged ?? tree.get(path);
    const { object, bytes } = asStored(found.bytes, known?.object, width);
    if (isSame(tree.get(path), { mode: found.mode, object }) && staged === undefined) continue;
    sides.set(path, { mode: found.mode, object });
    contents.set(object, bytes !== null && bytes.length > documentBytesMax ? null : bytes);
  }
  const inOther = other === null ? null : new Map(other.map((entry) => [entry.path, entry.after]));
  const indexes = [
    ...(inIndex.size > 0 || (underWay !== null && inOther === null) ? [inIndex] : []),
    ...(inOther === null || isEqual(inOther, inIndex) ? [] : [inOther]),
  ];
  return {
    folder: { sides, contents, hidden: await hiddenPaths(git, tagged.stdout) },
    indexes: indexes.filter((index) => !isEqual(index, sides)).map((index) => ({ ...noLocalChanges, sides: index })),
  };
}

/**
 * The bytes of a file as git has them, and their object id. Where a checkout wrote CRLF for the line ends of what git has, they are
 * git's; git itself tells that by a configuration that has no say here.
 */
function asStored(
  bytes: Buffer | null,
  known: string | undefined,
  width: number,
): { object: string; bytes: Buffer | null } {
  if (bytes === null) return { object: "0".repeat(width), bytes };
  const object = blobHash(bytes, width);
  if (object === known || !bytes.includes("\r\n")) return { object, bytes };
  const plain = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  const stored = blobHash(plain, width);
  return stored === known ? { object: stored, bytes: plain } : { object, bytes };
}

function isEqual(left: LocalChanges["sides"], right: LocalChanges["sides"]): boolean {
  return (
    left.size === right.size &&
    [...left].every(([path, side]) => {
      const other = right.get(path);
      return side === null || !other ? side === other : isSame(side, other);
    })
  );
}

function isSame(left: TreeSide | undefined, right: TreeSide): boolean {
  return left !== undefined && left.mode === right.mode && left.object === right.object;
}

function modeBefore(
  path: string,
  inIndex: ReadonlyMap<string, ChangedEntry["after"]>,
  unstaged: readonly ChangedEntry[],
  tree: ReadonlyMap<string, TreeSide>,
): string | undefined {
  return unstaged.find((entry) => entry.path === path)?.after?.mode ?? inIndex.get(path)?.mode ?? tree.get(path)?.mode;
}

const localFileBytesMax = 268_435_456;

/** A file of the working copy as git would store it, or null where nothing is there. */
async function readLocalFile(
  path: string,
  knownMode: string | undefined,
): Promise<{ mode: string; bytes: Buffer | null } | null> {
  try {
    const status = await lstat(path);
    if (status.isSymbolicLink()) return { mode: "120000", bytes: Buffer.from(await readlink(path)) };
    if (status.isDirectory()) return { mode: "160000", bytes: null };
    const mode = knownMode?.startsWith("100") ? knownMode : status.mode & 0o100 ? "100755" : "100644";
    return { mode, bytes: await readSmallFile(path, localFileBytesMax) };
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    if (error instanceof OrchestratorError) throw error;
    throw diskFault("read", path, error);
  }
}

/** Paths that git was told not to look at, and that are there. */
async function hiddenPaths(git: Git, tagged: Buffer): Promise<string[]> {
  const marked = tagged
    .toString("utf8")
    .split("\0")
    .filter((line) => /^(?:[a-z]|S) /.test(line))
    .map((line) => ({ path: line.slice(2), skipped: /^[sS]/.test(line) }));
  const there = await Promise.all(
    marked.map(
      async ({ path, skipped }) => !skipped || (await lstat(join(git.directory, path)).catch(() => null)) !== null,
    ),
  );
  return marked.filter((_, index) => there[index]).map(({ path }) => path);
}

async function readContents(
  reader: GitObjectReader,
  sides: Iterable<TreeSide | undefined>,
  local: ReadonlyMap<string, Buffer | null>,
): Promise<ReadonlyMap<string, Buffer | null>> {
  const files = [...sides].filter((side) => side?.mode.startsWith("100") ?? false);
  const objects = new Set(files.flatMap((side) => side?.object ?? []));
  const stored = await readBlobs(
    reader,
    [...objects].filter((object) => !local.has(object)),
    documentBytesMax,
  );
  return new Map([
    ...stored,
    ...[...objects].flatMap((object) => (local.has(object) ? [[object, local.get(object) ?? null] as const] : [])),
  ]);
}
