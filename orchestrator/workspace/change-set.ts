import type { Git } from "../io/git.ts";
import { sha256 } from "../io/hash.ts";
import type { ChangedPath, ChangeSet } from "../schema/change-set.ts";
import { OrchestratorError } from "../schema/errors.ts";

/** Between which commit and which tree. */
export interface ChangeRange {
  readonly baseCommit: string;
  readonly headCommit: string | null;
  readonly tree: string;
}

/** A change and its full git patch, binary files included. Bytes of the patch that are not UTF-8 show as U+FFFD in `patch`. */
export interface ChangeWithPatch {
  readonly change: ChangeSet;
  readonly patch: string;
}

const plain = [
  "diff-tree",
  "-r",
  "--no-renames",
  "--no-ext-diff",
  "--no-textconv",
  "--no-color",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** What changed, path by path, with the patch. No attribute of the repository decides what is shown. */
export async function readChangeSet(git: Git, range: ChangeRange): Promise<ChangeWithPatch> {
  const { baseCommit, tree, headCommit } = range;
  const names = await git.run([...plain, "-z", "--raw", "--numstat", baseCommit, tree]);
  const paths = parseChangedPaths(names.stdout.toString("utf8"));
  const patch = (await git.run([...plain, "--patch", "--binary", "--full-index", baseCommit, tree])).stdout;
  const change: ChangeSet = {
    base_commit: baseCommit,
    tree,
    head_commit: headCommit,
    paths,
    ...(await countLines(git, range, paths)),
    patch_sha256: sha256(patch),
  };
  return { change, patch: patch.toString("utf8") };
}

/** A binary file has no lines that git counts, so its bytes stand for them: as many as an ordinary line has. */
const bytesPerLine = 80;

async function countLines(
  git: Git,
  { baseCommit, tree }: ChangeRange,
  paths: readonly ChangedPath[],
): Promise<Pick<ChangeSet, "insertions" | "deletions">> {
  const hasBinary = paths.some(({ insertions, deletions }) => insertions === null || deletions === null);
  const [before, after] = hasBinary
    ? await Promise.all([sizesIn(git, baseCommit), sizesIn(git, tree)])
    : [new Map<string, number>(), new Map<string, number>()];
  const linesOf = (sizes: ReadonlyMap<string, number>, path: string) =>
    Math.ceil((sizes.get(path) ?? 0) / bytesPerLine);
  return {
    insertions: sum(paths.map(({ path, insertions }) => insertions ?? linesOf(after, path))),
    deletions: sum(paths.map(({ path, deletions }) => deletions ?? linesOf(before, path))),
  };
}

/** The bytes of each file of a tree. */
async function sizesIn(git: Git, tree: string): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await git.run(["ls-tree", "-r", "-l", "-z", "--full-tree", tree]);
  const rows = stdout.toString("utf8").split("\0").slice(0, -1);
  return new Map(
    rows.map((row) => {
      const [, size, path] = /^\d{6} \w+ [0-9a-f]+ +(\d+|-)\t(.+)$/s.exec(row) ?? [];
      if (path === undefined) throw unreadable(row);
      return [path, Number(size) || 0];
    }),
  );
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

const kinds = { A: "added", M: "modified", D: "deleted", T: "type_changed" } as const;

/** Reads what `git diff-tree -z --raw --numstat` prints. Throws `git_failed` for anything else. */
export function parseChangedPaths(output: string): ChangedPath[] {
  const fields = output.split("\0").slice(0, -1);
  const paths = new Map<string, ChangedPath>();
  let at = 0;
  for (; fields[at]?.startsWith(":"); at += 2) {
    const path = fields[at + 1] ?? "";
    paths.set(path, parseRaw(fields[at] ?? "", path));
  }
  for (const field of fields.slice(at)) {
    const [, added, deleted, path] = /^(\d+|-)\t(\d+|-)\t(.+)$/s.exec(field) ?? [];
    const entry = paths.get(path ?? "");
    if (path === undefined || entry === undefined) throw unreadable(field);
    paths.set(path, { ...entry, insertions: countOf(added), deletions: countOf(deleted) });
  }
  return [...paths.values()];
}

function parseRaw(field: string, path: string): ChangedPath {
  const [, before, after, letter] = /^:(\d{6}) (\d{6}) [0-9a-f]+ [0-9a-f]+ ([AMDT])$/.exec(field) ?? [];
  if (before === undefined || after === undefined || !isKind(letter)) throw unreadable(field);
  return { path, kind: kinds[letter], mode: letter === "D" ? before : after, insertions: 0, deletions: 0 };
}

function isKind(letter: string | undefined): letter is keyof typeof kinds {
  return letter !== undefined && Object.hasOwn(kinds, letter);
}

function countOf(text: string | undefined): number | null {
  return text === undefined || text === "-" ? null : Number(text);
}

function unreadable(field: string): OrchestratorError {
  return new OrchestratorError("git_failed", `git printed what cannot be read: ${JSON.stringify(field.slice(0, 200))}`);
}
