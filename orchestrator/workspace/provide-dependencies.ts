import { mkdir, realpath, rename, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { type CopyCount, copyFolder } from "../io/copy-folder.ts";
import {
  diskFault,
  ensureDirectory,
  exists,
  hasCode,
  readFileIfThere,
  removeTree,
  writeFileAtomic,
} from "../io/files.ts";
import { hashJson, sha256 } from "../io/hash.ts";
import { randomHex } from "../io/ids.ts";
import type { CommandPlan, DependencyNeed, InstalledState } from "../schema/adapter-port.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Sandbox } from "../schema/process-port.ts";
import { DependencySource } from "../schema/run-event.ts";
import { installerReason } from "./installer-reason.ts";
import { hashPlaces } from "./other-files.ts";
import { normalizePath, resolveInside } from "./resolve-inside.ts";

/** What is needed, where, and what is allowed. */
export interface DependencyRequest {
  readonly need: DependencyNeed;
  /** Tells what is kept of these dependencies beside the tree from what is kept of others'; absent for the first. */
  readonly slot?: string;
  /** Folders of the tree that hold other dependencies, and that an installation does not see. */
  readonly otherFolders?: readonly string[];
  /** The user's repository, whose installed dependencies may be used. */
  readonly repositoryRoot: string;
  /** Does what is installed in that repository match the lock file? Absent: nobody can say. */
  readonly compareInstalled?: (lockFile: string) => Promise<InstalledState>;
  /** The work tree of the private clone, with the files of the base commit. */
  readonly tree: string;
  readonly cacheDir: string;
  readonly sandbox: Sandbox;
  /** May an installation reach a registry? */
  readonly network: boolean;
  /** The filtered environment for an installation; `HOME` is replaced by one in the cache. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** How the dependencies came, and what the sandbox must do about them. */
export interface ProvidedDependencies {
  readonly source: DependencySource;
  /** The folders that were placed, relative to the tree. */
  readonly folders: readonly string[];
  /** The same as absolute folders, where a sandbox keeps commands from writing them. */
  readonly readOnly: readonly string[];
  /** Absolute folders, outside of those and of the tree, to which links there lead (`node_modules/.cache`): for what tools keep. */
  readonly writable: readonly string[];
  /** False where nothing keeps commands from writing the folders, and one did. Providing again then makes them anew. */
  isUntouched(): Promise<boolean>;
}

/** Where tools keep what they computed: never taken over, always writable. */
const toolFolders = [".cache", ".vite", ".vitest"];

const Marker = z.strictObject({
  version: z.literal(2),
  state: z.enum(["placing", "done"]),
  source: DependencySource,
  folders: z.array(z.string()),
  /** True where the folders are for a sandbox that keeps commands from writing them; files may then be hard links. */
  sealed: z.boolean(),
  /** Where they are not: a hash of all that lies in them, but for what tools keep. */
  contents_sha256: z.string().nullable(),
});
type Marker = z.infer<typeof Marker>;

interface Lock {
  readonly path: string;
  readonly bytes: Buffer;
  readonly hash: string;
}

/** A folder with installed dependencies at their places, and why it may be used. */
interface Supply {
  readonly root: string;
  readonly reason: string;
  readonly isFresh: boolean;
}

/**
 * Puts the dependencies that the lock file names into the clone: from the user's own installation where the lock file is the
 * same, else from the cache, else by the adapter's install command. Files are hard links only where the sandbox keeps commands
 * from writing them; otherwise they are copies. Repeating it is cheap. Throws `dependencies_unavailable` with what to do.
 */
export async function provideDependencies(request: DependencyRequest): Promise<ProvidedDependencies> {
  const { need, tree } = request;
  if (!need.needed)
    return withoutFolders({ method: "none_needed", lock_file: null, lock_sha256: null, reason: need.reason });
  if (need.unsupported !== null) throw unavailable(`these dependencies are not supported: ${need.unsupported}`);
  const lock = await readLock(need, tree);
  const folders = need.folders.map(normalizePath);
  const marker = await readMarker(request);
  const isThere = await exists(join(tree, folders[0] ?? "node_modules"));
  const canLink = [true, false].every((network) => request.sandbox.enforcement(network).writes_confined);
  if (marker === null && isThere) {
    const reason = `${folders[0]} is part of the repository`;
    return withoutFolders({ method: "none_needed", lock_file: lock.path, lock_sha256: lock.hash, reason });
  }
  const isRight = marker?.state === "done" && marker.source.lock_sha256 === lock.hash && marker.sealed === canLink;
  if (isThere && isRight && (await isUntouched(tree, marker))) return provided(request, marker);
  const supply = (await findSupply(request, lock, folders)) ?? (await install(request, lock, folders));
  return place(request, lock, folders, supply, canLink);
}

function withoutFolders(source: DependencySource): ProvidedDependencies {
  return { source, folders: [], readOnly: [], writable: [], isUntouched: async () => true };
}

function provided(request: Placed, marker: Marker): ProvidedDependencies {
  const { tree } = request;
  const { source, folders, sealed } = marker;
  const writable = folders.flatMap((_, index) => toolFolders.map((name) => toolFolder(request, index, name)));
  const readOnly = sealed ? folders.map((folder) => join(tree, folder)) : [];
  return { source, folders, readOnly, writable, isUntouched: () => isUntouched(tree, marker) };
}

/** What a sandbox seals needs no look. */
async function isUntouched(tree: string, { sealed, folders, contents_sha256 }: Marker): Promise<boolean> {
  if (sealed) return true;
  const contents = await hashFolders(tree, folders);
  return contents !== null && contents === contents_sha256;
}

function hashFolders(tree: string, folders: readonly string[]): Promise<string | null> {
  const paths = folders.map((folder) => Buffer.from(folder).toString("latin1"));
  return hashPlaces(tree, paths);
}

/** Where what is kept of dependencies lies. */
type Placed = Pick<DependencyRequest, "tree" | "slot">;

function besideTree({ tree, slot }: Placed, name: string): string {
  return slot === undefined ? join(dirname(tree), name) : join(dirname(tree), "projects", slot, name);
}

function toolFolder(request: Placed, index: number, name: string): string {
  return join(besideTree(request, "tool-folders"), String(index), name);
}

async function readLock({ lockFile, install: plan }: DependencyNeed, tree: string): Promise<Lock> {
  if (lockFile === null) {
    const remedy =
      plan === null
        ? "make one and commit it"
        : `make one (the package manager of '${plan.argv.join(" ")}' does) and commit it`;
    throw unavailable(
      `the project has dependencies but no lock file, so nobody can say which versions are meant; ${remedy}`,
    );
  }
  const bytes = await readFileIfThere(await resolveInside(tree, lockFile, "read"), 268_435_456);
  if (bytes === null) throw unavailable(`the lock file ${lockFile} is gone from ${tree}; restore it`);
  return { path: lockFile, bytes, hash: sha256(bytes) };
}

function markerFile(request: Placed): string {
  return besideTree(request, "dependencies.json");
}

async function readMarker(request: Placed): Promise<Marker | null> {
  const bytes = await readFileIfThere(markerFile(request), 1_048_576);
  return bytes === null ? null : parseMarker(bytes.toString("utf8"));
}

/** A marker that cannot be read says that the folders are ours and cannot be relied on. */
function parseMarker(text: string): Marker {
  const source = { method: "copied", lock_file: null, lock_sha256: null, reason: "unknown" } as const;
  const unknown: Marker = {
    ...{ version: 2, state: "placing", source, folders: [], sealed: true },
    contents_sha256: null,
  };
  try {
    return Marker.catch(unknown).parse(JSON.parse(text));
  } catch {
    return unknown;
  }
}

async function findSupply(request: DependencyRequest, lock: Lock, folders: readonly string[]): Promise<Supply | null> {
  const { need } = request;
  const mine = await findInstalled(request, lock, folders);
  if (mine !== null) return mine;
  const cached = need.install === null ? null : cacheFolder(request, lock, need.install);
  if (cached === null || !(await exists(cached))) return null;
  return { root: cached, reason: `installed before from the same ${lock.path}`, isFresh: false };
}

/** The user's own installation, unless it is known to be of something else than the lock file says. */
async function findInstalled(
  { repositoryRoot, compareInstalled }: DependencyRequest,
  lock: Lock,
  folders: readonly string[],
): Promise<Supply | null> {
  const [first = "node_modules"] = folders;
  const mine = await readFileIfThere(join(repositoryRoot, lock.path), 268_435_456);
  if (!mine?.equals(lock.bytes) || !(await exists(join(repositoryRoot, first)))) return null;
  const state = (await compareInstalled?.(lock.path)) ?? "unknown";
  if (state === "different") return null;
  const found = state === "same" ? "and its record agrees" : "not verified: it holds no record that can be compared";
  const reason = `${lock.path} is the same in the working copy, whose ${first} was used, ${found}`;
  return { root: repositoryRoot, reason, isFresh: false };
}

/** What native modules are built for counts as well as the lock file. */
function cacheFolder({ cacheDir, need }: DependencyRequest, lock: Lock, plan: CommandPlan): string {
  const { platform, arch, versions } = process;
  const subject = {
    lock: lock.hash,
    argv: [...plan.argv],
    cwd: plan.cwd,
    folders: [...need.folders],
    platform,
    arch,
    modules: versions.modules,
  };
  return join(cacheDir, "dependencies", hashJson(subject));
}

async function install(request: DependencyRequest, lock: Lock, folders: readonly string[]): Promise<Supply> {
  const plan = allowedPlan(request, lock);
  const target = cacheFolder(request, lock, plan);
  const scratch = join(dirname(target), `.new-${randomHex(8)}`);
  try {
    await ensureDirectory(scratch);
    const work = join(scratch, "tree");
    await copyFolder({
      source: request.tree,
      target: work,
      link: false,
      linkRoots: [request.tree],
      leaveOut: [".git", ...folders, ...(request.otherFolders ?? []).map(normalizePath)],
    });
    await runInstall(request, plan, scratch, work);
    await keepFolders(work, join(scratch, "result"), folders, plan);
    await publish(join(scratch, "result"), target);
  } finally {
    await removeTree(scratch);
  }
  return { root: target, reason: `'${plan.argv.join(" ")}' installed what ${lock.path} names`, isFresh: true };
}

function allowedPlan({ need, network, repositoryRoot }: DependencyRequest, lock: Lock): CommandPlan {
  const plan = need.install;
  const why = `${repositoryRoot} has no installed dependencies for this ${lock.path} (none, its lock file is another, or it is not what the lock file says)`;
  if (plan === null) throw unavailable(`${why}, and there is no command to install them; install them there`);
  if (!plan.needsNetwork || network) return plan;
  const remedy = `allow it (policy: network: {install: true}), or run '${plan.argv.join(" ")}' in the repository at the base commit`;
  throw unavailable(`${why}, and the policy does not let an installation reach a registry; ${remedy}`);
}

async function runInstall(request: DependencyRequest, plan: CommandPlan, scratch: string, work: string): Promise<void> {
  const home = join(request.cacheDir, "home");
  await ensureDirectory(home);
  const outcome = await request.sandbox.run(
    {
      argv: plan.argv,
      cwd: join(work, plan.cwd),
      env: { ...request.environment, ...plan.env, HOME: home },
      timeoutMs: plan.timeoutMs,
      outputBytesMax: 1_048_576,
      ...(request.signal ? { signal: request.signal } : {}),
    },
    { writable: [scratch, home], readOnly: [], hidden: [request.repositoryRoot], network: plan.needsNetwork },
  );
  if (outcome.status === "aborted")
    throw new OrchestratorError("aborted", "the installation of dependencies was stopped");
  if (outcome.status === "exited" && outcome.exitCode === 0) return;
  const how = outcome.status === "exited" ? `exit code ${outcome.exitCode}` : outcome.detail;
  throw unavailable(`'${plan.argv.join(" ")}' failed (${how}); it said:\n${installerReason(outcome.outputTail)}`);
}

async function keepFolders(work: string, result: string, folders: readonly string[], plan: CommandPlan): Promise<void> {
  await ensureDirectory(result);
  const [first = "node_modules"] = folders;
  if (!(await exists(join(work, first))))
    throw unavailable(`'${plan.argv.join(" ")}' ended well but made no ${first}; run it by hand and see`);
  for (const folder of folders) {
    if (!(await exists(join(work, folder)))) continue;
    await mkdir(dirname(join(result, folder)), { recursive: true });
    await rename(join(work, folder), join(result, folder));
  }
}

/** Whoever is first wins: the others' results are the same. */
async function publish(result: string, target: string): Promise<void> {
  await rename(result, target).catch((error: unknown) => {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST")) throw diskFault("keep", target, error);
  });
}

async function place(
  request: DependencyRequest,
  lock: Lock,
  folders: readonly string[],
  supply: Supply,
  canLink: boolean,
): Promise<ProvidedDependencies> {
  const { tree } = request;
  const staging = besideTree(request, "dependencies-new");
  await removeTree(staging);
  const found = await onlyExisting(supply.root, folders);
  const count = { linked: 0, copied: 0 };
  for (const [index, folder] of found.entries())
    add(count, await stage(supply.root, folder, join(staging, String(index)), canLink));
  const source: DependencySource = {
    method: supply.isFresh ? "installed" : count.linked > 0 ? "linked" : "copied",
    lock_file: lock.path,
    lock_sha256: lock.hash,
    reason: `${supply.reason} (${count.linked} files linked, ${count.copied} copied)`,
  };
  const marker: Marker = {
    ...{ version: 2, state: "placing", source, folders: found, sealed: canLink },
    contents_sha256: null,
  };
  await makeToolFolders(request, staging, found);
  await writeMarker(request, marker);
  for (const [index, folder] of found.entries()) await moveIn(join(staging, String(index)), join(tree, folder));
  const contents_sha256 = canLink ? null : await hashFolders(tree, found);
  const done: Marker = { ...marker, state: "done", contents_sha256 };
  await writeMarker(request, done);
  await removeTree(staging);
  return provided(request, done);
}

async function onlyExisting(root: string, folders: readonly string[]): Promise<string[]> {
  const there = await Promise.all(folders.map((folder) => exists(join(root, folder))));
  return folders.filter((_, index) => there[index]);
}

function add(total: CopyCount, { linked, copied }: CopyCount): void {
  total.linked += linked;
  total.copied += copied;
}

async function stage(root: string, folder: string, target: string, canLink: boolean): Promise<CopyCount> {
  const source = await realpath(join(root, folder));
  const isInPlace = relative(await realpath(root), source) === folder;
  const linkRoots = isInPlace ? [source, await realpath(root)] : [source];
  await ensureDirectory(dirname(target));
  return copyFolder({ source, target, link: canLink, linkRoots, leaveOut: toolFolders });
}

/** A tool's own folder is a link to a place outside, which is emptied before each command. */
async function makeToolFolders(request: Placed, staging: string, folders: readonly string[]): Promise<void> {
  for (const [index] of folders.entries()) {
    for (const name of toolFolders) {
      await ensureDirectory(toolFolder(request, index, name));
      await symlink(toolFolder(request, index, name), join(staging, String(index), name));
    }
  }
}

async function moveIn(from: string, to: string): Promise<void> {
  await removeTree(to);
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

async function writeMarker(request: Placed, marker: Marker): Promise<void> {
  await writeFileAtomic(markerFile(request), JSON.stringify(marker));
}

function unavailable(message: string): OrchestratorError {
  return new OrchestratorError("dependencies_unavailable", message);
}
