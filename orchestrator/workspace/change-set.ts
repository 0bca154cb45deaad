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

/** The diff as a person reads it, cut at a line end so that it has at most `bytesMax` bytes. Binary files are only named. */
export async function readDiffText(
  git: Git,
  range: ChangeRange,
  bytesMax: number,
): Promise<{ text: string; truncated: boolean }> {
  const { stdout } = await git.run([...plain, "--patch", range.baseCommit, range.tree]);
  if (stdout.length <= bytesMax) return { text: stdout.toString("utf8"), truncated: false };
  const end = stdout.lastIndexOf("\n", bytesMax - 1) + 1;
  return { text: stdout.toString("utf8", 0, end), truncated: true };
}

/** Lines that a change adds to one file. A symbolic link counts as a file of one line, its target. */
export interface AddedText {
  readonly path: string;
  /** True where the file holds a NUL byte in what was added: its lines are pieces between line breaks. */
  readonly binary: boolean;
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

const addedBytesMax = 16_777_216;
const addedLinesMax = 1_000_000;

/**
 * Every line that the change adds, binary files included. Throws `git_failed` for a change of more than 16 MiB or a million
 * lines: what cannot be searched whole is not searched in part.
 */
export async function readAddedText(git: Git, range: ChangeRange): Promise<AddedText[]> {
  const between = [range.baseCommit, range.tree];
  const names = await git.run([...plain, "-z", "--raw", "--numstat", ...between]);
  const paths = parseChangedPaths(names.stdout.toString("utf8"));
  const patch = await git.run([...plain, "--patch", "--text", "--unified=0", ...between], { bytesMax: addedBytesMax });
  const sections = splitPatch(patch.stdout.toString("latin1"));
  return assignSections(paths, sections).filter(({ lines }) => lines.length > 0);
}

type AddedLine = AddedText["lines"][number];

/** A changed type is shown as a deletion and a creation; every other change is one section, in the order of the paths. */
function assignSections(paths: readonly ChangedPath[], sections: readonly AddedLine[][]): AddedText[] {
  const left = [...sections];
  const texts = paths.map(({ path, kind }) => {
    const lines = left.splice(0, kind === "type_changed" ? 2 : 1).flat();
    return { path, binary: lines.some(({ text }) => text.includes("\0")), lines };
  });
  if (left.length === 0 && sections.length >= paths.length) return texts;
  throw new OrchestratorError("git_failed", `git showed ${sections.length} diffs for ${paths.length} changed paths`);
}

/** The added lines of each file of a patch that was read as latin1. Line counts decide what is content, never what it looks like. */
function splitPatch(patch: string): AddedLine[][] {
  const sections: AddedLine[][] = [];
  const rows = patch.split("\n", addedLinesMax + 1);
  if (rows.length > addedLinesMax) {
    throw new OrchestratorError(
      "git_failed",
      `the change has more than ${addedLinesMax} lines, too many to be searched; split it`,
    );
  }
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? "";
    if (row.startsWith("diff --git ")) sections.push([]);
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(row);
    if (hunk === null) continue;
    const [removed, first, added] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
    const start = skipNote(rows, at + 1 + removed);
    for (let line = 0; line < added; line += 1) {
      const text = Buffer.from((rows[start + line] ?? "").slice(1), "latin1").toString("utf8");
      sections.at(-1)?.push({ line: first + line, text });
    }
    at = start + added - 1;
  }
  return sections;
}

/** Git says "\ No newline at end of file" after the removed lines as well. */
function skipNote(rows: readonly string[], at: number): number {
  return rows[at]?.startsWith("\\") ? at + 1 : at;
}
