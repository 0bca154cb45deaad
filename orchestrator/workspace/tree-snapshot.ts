import type { Dirent } from "node:fs";
import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { openFolder, removeTree, writeFileAtomic } from "../io/files.ts";
import { readForeignFile } from "../io/foreign-file.ts";
import type { Git } from "../io/git.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { findOthers, hashPlaces, placeOf } from "./other-files.ts";
import type { PrivateClone } from "./prepare-clone.ts";

/** Untracked files that are looked at, at most. */
const untrackedMax = 200_000;

/** The work tree of a private clone, as git sees it. */
export interface TrackedTree {
  readonly git: Git;
  readonly root: string;
  /** Arguments for `git ls-files` that leave out what is no part of a change. */
  readonly excludes: readonly string[];
  /** Relative folders of installed dependencies, which no restore touches. */
  readonly provided: readonly string[];
  /** What the file `.git` says. */
  readonly gitFile: string;
}

/**
 * What is no part of a change: what the ignore rules of the base commit name (an agent that edits a `.gitignore` hides
 * nothing), folders of dependencies wherever they are, and `.runs`. A file that the base commit tracks is always part.
 */
export function trackedTree(
  clone: PrivateClone,
  git: Git,
  dependencyFolders: readonly string[],
  provided: readonly string[],
): TrackedTree {
  const escaped = dependencyFolders.map((folder) => `/${folder.replaceAll(/[\\*?[]/g, "\\$&")}`);
  const always = ["node_modules", "/.runs", ...escaped].map((pattern) => `--exclude=${pattern}`);
  const excludes = [`--exclude-from=${clone.ignoreFile}`, ...always];
  return { git, root: clone.root, excludes, provided, gitFile: clone.gitFile };
}

/** Puts the files into the index and writes them as a git tree; answers its hash. */
export async function writeSnapshot(tree: TrackedTree): Promise<string> {
  await tree.git.run(["add", "--update"]);
  const untracked = await listUntracked(tree);
  if (untracked.length > 0) {
    const stdin = Buffer.concat(untracked.flatMap((path) => [path, Buffer.from([0])]));
    await tree.git.run(["update-index", "--add", "--replace", "-z", "--stdin"], { stdin });
  }
  return tree.git.text(["write-tree"]);
}

/**
 * Makes the files exactly those of a tree, and `.git` what it was: whatever else lies there is removed, ignored or not, but for
 * installed dependencies. What a command left in the files cannot outlast it. Throws `workspace_lost` for a tree that the clone does not have.
 */
export async function restoreSnapshot(tree: TrackedTree, hash: string): Promise<void> {
  await removeOthersAndReset(tree, hash).catch(async (error: unknown) => {
    const wasClosed = await openFolder(tree.root);
    await assertKept(tree, hash);
    if (!(await openFolders(tree, hash)) && !wasClosed) throw error;
    await removeOthersAndReset(tree, hash);
  });
  const gitFile = join(tree.root, ".git");
  const found = await readForeignFile(tree.root, gitFile, 65_536);
  if (found.kind === "read" && found.text === tree.gitFile) return;
  await removeTree(gitFile);
  await writeFileAtomic(gitFile, tree.gitFile, { mode: 0o644 });
}

async function removeOthersAndReset(tree: TrackedTree, hash: string): Promise<void> {
  for (const path of await othersOf(tree, hash)) await removeTree(placeOf(tree.root, path));
  await tree.git.run(["read-tree", "--reset", "-u", hash]);
}

/** Opens each folder of a tree that is closed to its owner. False where none was. */
async function openFolders({ git, root }: TrackedTree, hash: string): Promise<boolean> {
  const { stdout } = await git.run(["ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", hash]);
  let count = 0;
  for (const folder of splitNul(stdout)) if (await openFolder(inside(root, folder))) count += 1;
  return count > 0;
}

/** A clone that was deleted is made anew from the base commit; what the run made since then is in no other place. */
async function assertKept({ git, root }: TrackedTree, hash: string): Promise<void> {
  const answer = await git.text(["cat-file", "--batch-check"], { stdin: `${hash}\n` });
  if (!answer.endsWith(" missing")) return;
  throw new OrchestratorError(
    "workspace_lost",
    `the files of this run, in ${root}, were deleted, and with them its work since the base commit; the record is whole, but the run cannot go on: cancel it, and run the task again`,
  );
}

/**
 * A hash of all that lies beside a tree and its dependencies, such as what a build made; files that change meanwhile change it. Null where
 * a command left what no path reaches.
 */
export async function hashOthers(tree: TrackedTree, hash: string): Promise<string | null> {
  return hashPlaces(tree.root, await othersOf(tree, hash));
}

async function othersOf({ git, root, provided }: TrackedTree, hash: string): Promise<string[]> {
  const { stdout } = await git.run(["ls-tree", "-r", "-z", "--name-only", "--full-tree", hash]);
  const files = new Set([...splitNul(stdout).map((path) => path.toString("latin1")), ".git"]);
  const folders = provided.map((folder) => Buffer.from(folder).toString("latin1"));
  return (await findOthers(root, { files, leftAlone: new Set(folders) })).filter((path) => path !== ".git");
}

/**
 * Makes the files that are part of a change those of a tree; what is ignored is kept, such as what a build made, unless a command left
 * what cannot be listed: then all is removed that is not of the tree.
 */
export async function putBackSnapshot(tree: TrackedTree, hash: string): Promise<void> {
  await removeUntrackedAndReset(tree, hash).catch(() => restoreSnapshot(tree, hash));
}

async function removeUntrackedAndReset(tree: TrackedTree, hash: string): Promise<void> {
  const untracked = await listUntracked(tree);
  for (const path of untracked) await removeWithEmptyParents(tree.root, path);
  await tree.git.run(["read-tree", "--reset", "-u", hash]);
}

/** Paths of all files that are part of the tree or would be with the next snapshot; some may be deleted already. */
export async function listFiles(tree: TrackedTree): Promise<string[]> {
  const { stdout } = await tree.git.run(["ls-files", "-z", "--cached"]);
  const paths = [...splitNul(stdout), ...(await listUntracked(tree))].map((path) => path.toString("utf8"));
  return [...new Set(paths)].sort();
}

/** Names as bytes: not every name on a disk is UTF-8. */
async function listUntracked({ git, root, excludes }: TrackedTree): Promise<Buffer[]> {
  const { stdout } = await git.run(["ls-files", "-z", "--others", ...excludes]);
  const paths: Buffer[] = [];
  for (const path of splitNul(stdout)) {
    // Git names the folder of a nested repository, not its files; nobody hides a file by making one.
    if (path.at(-1) === slash) await collectFiles(root, path.subarray(0, -1), paths);
    else paths.push(path);
    if (paths.length > untrackedMax) throw tooMany(root);
  }
  return paths;
}

const slash = 0x2f;

function splitNul(output: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start);
    parts.push(output.subarray(start, end));
    start = end + 1;
  }
  return parts;
}

async function collectFiles(root: string, folder: Buffer, paths: Buffer[]): Promise<void> {
  const entries: Dirent<Buffer>[] = await readdir(inside(root, folder), { withFileTypes: true, encoding: "buffer" });
  for (const entry of entries) {
    const name = entry.name.toString("utf8");
    if (name.toLowerCase() === ".git" || name === "node_modules") continue;
    const path = Buffer.concat([folder, Buffer.from("/"), entry.name]);
    if (entry.isDirectory()) await collectFiles(root, path, paths);
    else if (entry.isFile() || entry.isSymbolicLink()) paths.push(path);
    if (paths.length > untrackedMax) throw tooMany(root);
  }
}

function tooMany(root: string): OrchestratorError {
  const message = `more than ${untrackedMax} files in ${root} are new and not ignored; add what commands generate to .gitignore in the base commit`;
  return new OrchestratorError("git_failed", message);
}

function inside(root: string, path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), path]);
}

async function removeWithEmptyParents(root: string, path: Buffer): Promise<void> {
  await removeTree(inside(root, path));
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const isEmpty = await rmdir(inside(root, path.subarray(0, end))).then(
      () => true,
      () => false,
    );
    if (!isEmpty) return;
  }
}
