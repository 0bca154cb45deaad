import { join } from "node:path";
import { type ChangedEntry, listChanges, listTree, readObjects, type TreeEntry } from "../evidence/git-objects.ts";
import { ensureDirectory, removeTree, writeFileAtomic } from "../io/files.ts";
import { createGit, type Git } from "../io/git.ts";
import { randomHex } from "../io/ids.ts";
import { OrchestratorError } from "../schema/errors.ts";

/** A run's commit, which its bundle holds, and the repository that has the commit it was made on. */
export interface RunCommit {
  readonly repositoryRoot: string;
  readonly bundle: Uint8Array;
  readonly commit: string;
  readonly base: string;
  readonly tree: string;
}

/** A text before and after a run; null where there was none. */
export interface ChangedText {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a run changed, as texts. */
export interface RunChange {
  /** In the order of their paths. */
  readonly changed: readonly ChangedText[];
  /** Changed paths whose texts are not read, with the reason. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
  /** Files that the run left as they were, in the order of their paths: those that `wanted` asks for, at most so many. */
  readonly same: readonly { readonly path: string; readonly text: string }[];
  /** Each package.json above a changed path as it was before, by its path. */
  readonly packages: ReadonlyMap<string, string>;
}

/** Limits of what is read. */
export interface ChangeLimits {
  readonly changedMax: number;
  readonly sameMax: number;
  readonly fileBytesMax: number;
}

/**
 * Reads what a run changed from git: its commit comes from the bundle, into a store of its own that is removed again, so that the repository
 * stays as it is. `isWanted` says which unchanged files are read, by path and the changed ones. Throws `base_not_found` where the repository
 * lost the base commit, `run_damaged` where the commit is not what the record says, and `git_failed`.
 */
export async function readRunChange(
  run: RunCommit,
  limits: ChangeLimits,
  isWanted: (path: string, changed: readonly string[]) => boolean,
): Promise<RunChange> {
  const plain = createGit(run.repositoryRoot);
  const scratch = join(await plain.text(["rev-parse", "--absolute-git-dir"]), `orchestrator-read-${randomHex(8)}`);
  try {
    const git = await withBundle(plain, run, scratch);
    await assertRecorded(git, run);
    return await readChange(git, run, limits, isWanted);
  } finally {
    await removeTree(scratch);
  }
}

/** Git with a store of objects of its own before that of the repository. */
async function withBundle(plain: Git, { bundle, base, repositoryRoot }: RunCommit, scratch: string): Promise<Git> {
  const { code } = await plain.run(["cat-file", "-e", `${base}^{commit}`], { okCodes: [0, 1, 128] });
  if (code !== 0)
    throw new OrchestratorError(
      "base_not_found",
      `${repositoryRoot} has no commit ${base}, on which the run was made; fetch it first`,
    );
  const objects = await plain.text(["rev-parse", "--path-format=absolute", "--git-path", "objects"]);
  await ensureDirectory(join(scratch, "objects", "pack"));
  const env = { GIT_OBJECT_DIRECTORY: join(scratch, "objects"), GIT_ALTERNATE_OBJECT_DIRECTORIES: objects };
  const git: Git = {
    directory: plain.directory,
    run: (args, options) => plain.run(args, { ...options, env: { ...options?.env, ...env } }),
    text: (args, options) => plain.text(args, { ...options, env: { ...options?.env, ...env } }),
  };
  await writeFileAtomic(join(scratch, "run.bundle"), bundle);
  await git.run(["bundle", "unbundle", join(scratch, "run.bundle")]);
  return git;
}

async function assertRecorded(git: Git, { commit, base, tree }: RunCommit): Promise<void> {
  const said = await git.text(["rev-parse", `${commit}^{tree}`, `${commit}^@`]);
  if (said === `${tree}\n${base}`) return;
  throw new OrchestratorError(
    "run_damaged",
    `the commit ${commit} has not the tree and the base that the manifest names; see runs verify`,
  );
}

async function readChange(
  git: Git,
  { base, commit }: RunCommit,
  { changedMax, sameMax, fileBytesMax }: ChangeLimits,
  isWanted: (path: string, changed: readonly string[]) => boolean,
): Promise<RunChange> {
  const entries = await listChanges(git, base, commit);
  const paths = entries.map(({ path }) => path);
  const read = entries.filter(isPlain).slice(0, changedMax);
  const tree = await listTree(git, base);
  const packages = tree.filter(({ path }) => isPackageAbove(path, paths)).slice(0, packagesMax);
  const unchanged = tree.filter(
    ({ path, mode, size }) =>
      plainModes.has(mode) && size !== null && size <= fileBytesMax && !paths.includes(path) && isWanted(path, paths),
  );
  const same = unchanged.slice(0, sameMax);
  const objects = [...read.flatMap(({ before, after }) => [before, after]), ...same, ...packages].flatMap(
    (side) => side?.object ?? [],
  );
  const totalBytesMax = fileBytesMax * (changedMax * 2 + sameMax + packagesMax);
  const contents = await readObjects(git, objects, { objectBytesMax: fileBytesMax, totalBytesMax });
  const textOf = (object: string | undefined) => decode(contents.get(object ?? "") ?? null);
  const changed = read.map(({ path, before, after }) => ({
    path,
    before: textOf(before?.object),
    after: textOf(after?.object),
    isWhole: isReadable([before, after], textOf),
  }));
  return {
    changed: changed.filter(({ isWhole }) => isWhole).map(({ path, before, after }) => ({ path, before, after })),
    leftOut: [
      ...entries
        .filter((entry) => !isPlain(entry))
        .map(({ path }) => ({ path, reason: "a link, a module or another kind of file" })),
      ...entries
        .filter(isPlain)
        .slice(changedMax)
        .map(({ path }) => ({ path, reason: `one of more than ${changedMax} changed files` })),
      ...changed
        .filter(({ isWhole }) => !isWhole)
        .map(({ path }) => ({ path, reason: `more than ${fileBytesMax} bytes, or no UTF-8 text` })),
    ],
    same: textsOf(same, textOf),
    packages: new Map(textsOf(packages, textOf).map(({ path, text }) => [path, text])),
  };
}

const packagesMax = 20;

function isPackageAbove(path: string, changed: readonly string[]): boolean {
  if (path !== "package.json" && !path.endsWith("/package.json")) return false;
  const folder = path.slice(0, -"package.json".length);
  return changed.some((each) => each.startsWith(folder));
}

function textsOf(entries: readonly TreeEntry[], textOf: (object: string) => string | null) {
  return entries.flatMap(({ path, object }) => {
    const text = textOf(object);
    return text === null ? [] : [{ path, text }];
  });
}

const plainModes = new Set(["100644", "100755"]);

function isPlain({ before, after }: ChangedEntry): boolean {
  return [before, after].every((side) => side === null || plainModes.has(side.mode));
}

function isReadable(
  sides: readonly ChangedEntry["before"][],
  textOf: (object: string | undefined) => string | null,
): boolean {
  return sides.every((side) => side === null || textOf(side.object) !== null);
}

/** UTF-8 with its byte order mark, or null for what is none. */
function decode(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) && !text.includes("\0") ? text : null;
}
