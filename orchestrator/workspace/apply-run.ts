import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { removeTree, writeFileAtomic } from "../io/files.ts";
import { createGit, type Git } from "../io/git.ts";
import { randomHex } from "../io/ids.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { parseChangedPaths } from "./change-set.ts";
import { identityEnvironment, runTrailer } from "./create-workspace.ts";
import { runnerIdentity } from "./git-directory.ts";
import { branchOf } from "./prepare-clone.ts";

/** A run's finished commit, and the repository that it is to come into. */
export interface ApplyRequest {
  readonly repositoryRoot: string;
  readonly runId: string;
  readonly bundle: Uint8Array;
  readonly commit: string;
  readonly base: string;
  /** True: only the branch is made; the files stay as they are. */
  readonly branchOnly?: boolean;
}

/** What became of it. A refusal changes nothing but the run's branch, which is kept for a merge by hand. */
export type ApplyOutcome =
  | { readonly outcome: "fetched"; readonly branch: string }
  | { readonly outcome: "applied"; readonly how: "fast_forward" | "cherry_pick"; readonly head: string }
  | { readonly outcome: "already_applied"; readonly head: string }
  | { readonly outcome: "refused"; readonly reason: string; readonly paths: readonly string[] };

/**
 * Brings a run's commit into the user's repository: as the branch `orchestrator/<run-id>`, then onto HEAD. Hooks and the user's
 * global config are not used, no identity is needed, and paths with a filter (such as LFS) are refused. Repeating it changes
 * nothing. Throws `base_not_found` where the repository lost the base commit, and `git_failed` for a damaged bundle.
 */
export async function applyRun(request: ApplyRequest): Promise<ApplyOutcome> {
  const git = createGit(request.repositoryRoot);
  const gitDirectory = await git.text(["rev-parse", "--absolute-git-dir"]);
  const scratch = join(gitDirectory, `orchestrator-apply-${randomHex(8)}`);
  await mkdir(join(scratch, "tree"), { recursive: true, mode: 0o700 });
  try {
    const clash = await fetchBranch(git, request, join(scratch, "run.bundle"));
    if (clash !== null) return refused(clash);
    if (request.branchOnly) return { outcome: "fetched", branch: branchOf(request.runId) };
    return await bringIn(git, request, gitDirectory, scratch);
  } finally {
    await removeTree(scratch);
  }
}

function refused(reason: string, paths: readonly string[] = []): ApplyOutcome {
  return { outcome: "refused", reason, paths };
}

async function fetchBranch(
  git: Git,
  { bundle, runId, commit, base }: ApplyRequest,
  file: string,
): Promise<string | null> {
  const branch = branchOf(runId);
  const ref = `refs/heads/${branch}`;
  const present = await findCommit(git, ref);
  if (present === commit) return null;
  if (present !== null)
    return `the branch ${branch} exists at another commit (${present}); rename or delete it (git branch -m, git branch -D)`;
  if ((await findCommit(git, base)) === null) {
    throw new OrchestratorError(
      "base_not_found",
      `${git.directory} has no commit ${base}, on which the run was made; fetch it first`,
    );
  }
  await writeFileAtomic(file, bundle);
  const heads = await git.text(["bundle", "list-heads", file]);
  if (heads !== `${commit} ${ref}`) {
    throw new OrchestratorError(
      "git_failed",
      `the bundle of run ${runId} does not hold ${commit} as ${branch}; verify the run`,
    );
  }
  const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance"];
  const settings = ["-c", "fetch.fsckObjects=true", "-c", "protocol.file.allow=always"];
  await git.run([...settings, "fetch", ...quiet, file, `${ref}:${ref}`]);
  return null;
}

async function findCommit(git: Git, ref: string): Promise<string | null> {
  const { code, stdout } = await git.run(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], {
    okCodes: [0, 1, 128],
  });
  return code === 0 ? stdout.toString("utf8").trim() : null;
}

async function bringIn(git: Git, request: ApplyRequest, gitDirectory: string, scratch: string): Promise<ApplyOutcome> {
  const { commit, base, runId } = request;
  const branch = branchOf(runId);
  const parents = await git.text(["rev-parse", `${commit}^@`]);
  if (parents !== base)
    return refused(`${commit} was not made on ${base} alone, as a run's commit is; look at the branch ${branch}`);
  const head = await findCommit(git, "HEAD");
  if (head === null)
    return refused(`the branch that is checked out has no commit; check another one out, or merge ${branch} by hand`);
  if (await isApplied(git, request, head)) return { outcome: "already_applied", head };
  const operation = await operationUnderWay(gitDirectory);
  if (operation !== null) return refused(`a ${operation} is under way; finish or abort it first`);
  const paths = await changedPaths(git, base, commit);
  const obstacle = (await filteredPaths(git, paths, branch)) ?? (await uncommittedPaths(git, paths));
  if (obstacle !== null) return obstacle;
  if (head === base) return fastForward(git, commit, "fast_forward");
  const picked = await cherryPick(git, request, head, scratch);
  return typeof picked === "string" ? fastForward(git, picked, "cherry_pick") : picked;
}

async function isApplied(git: Git, { commit, runId, base }: ApplyRequest, head: string): Promise<boolean> {
  const { code } = await git.run(["merge-base", "--is-ancestor", commit, head], { okCodes: [0, 1] });
  if (code === 0) return true;
  const search = [
    "log",
    "--fixed-strings",
    `--grep=${runTrailer(runId)}`,
    "--format=%H %(trailers:key=Orchestrator-Run,valueonly,separator=%x20)",
  ];
  const found = await git.text([...search, "--max-count=100", head, `^${base}`, "--"]);
  return found.split("\n").some((line) => line.split(" ").slice(1).includes(runId));
}

const operations = {
  MERGE_HEAD: "merge",
  CHERRY_PICK_HEAD: "cherry-pick",
  REVERT_HEAD: "revert",
  "rebase-merge": "rebase",
  "rebase-apply": "rebase",
  BISECT_LOG: "bisect",
};

async function operationUnderWay(gitDirectory: string): Promise<string | null> {
  for (const [file, name] of Object.entries(operations)) {
    const isThere = await access(join(gitDirectory, file)).then(
      () => true,
      () => false,
    );
    if (isThere) return name;
  }
  return null;
}

async function changedPaths(git: Git, base: string, commit: string): Promise<string[]> {
  const { stdout } = await git.run(["diff-tree", "-r", "--no-renames", "-z", "--raw", base, commit]);
  return parseChangedPaths(stdout.toString("utf8")).map(({ path }) => path);
}

/** Without the user's global config a filter's program is not known, and its files would be written as they lie in git. */
async function filteredPaths(git: Git, paths: readonly string[], branch: string): Promise<ApplyOutcome | null> {
  const stdin = paths.map((path) => `${path}\0`).join("");
  const fields = (await git.text(["check-attr", "-z", "--stdin", "filter"], { stdin })).split("\0");
  const filtered = paths.filter((_, index) => !["unspecified", "unset"].includes(fields[index * 3 + 2] ?? ""));
  if (filtered.length === 0) return null;
  return refused(
    `the change touches files that go through a git filter (such as LFS); merge it by hand: git merge ${branch}`,
    filtered,
  );
}

async function uncommittedPaths(git: Git, paths: readonly string[]): Promise<ApplyOutcome | null> {
  const { stdout } = await git.run([
    "status",
    "--porcelain",
    "-z",
    "--no-renames",
    "--untracked-files=all",
    "--ignore-submodules=all",
  ]);
  const dirty = new Set(
    stdout
      .toString("utf8")
      .split("\0")
      .map((entry) => entry.slice(3)),
  );
  const touched = paths.filter((path) => dirty.has(path));
  if (touched.length === 0) return null;
  return refused(
    "the working copy has uncommitted changes in files that the run changed; commit or stash them first",
    touched,
  );
}

/** Git itself refuses, and changes nothing, where a file of the working copy would be lost. */
async function fastForward(git: Git, commit: string, how: "fast_forward" | "cherry_pick"): Promise<ApplyOutcome> {
  const env = committer;
  try {
    await git.run(["merge", "--ff-only", "--quiet", "--no-autostash", "--no-overwrite-ignore", commit], { env });
  } catch (error) {
    if ((await findCommit(git, "HEAD")) === commit) throw error;
    return refused(`git does not bring the change in: ${messageOf(error).split(": ").slice(1).join(": ")}`);
  }
  return { outcome: "applied", how, head: commit };
}

const committer = { GIT_COMMITTER_NAME: runnerIdentity.name, GIT_COMMITTER_EMAIL: runnerIdentity.email };

/** The run's change on top of `head`, as a commit that no branch has yet: merged in an index and a folder of its own. */
async function cherryPick(
  git: Git,
  { base, commit, runId }: ApplyRequest,
  head: string,
  scratch: string,
): Promise<string | ApplyOutcome> {
  const env = { GIT_INDEX_FILE: join(scratch, "index"), GIT_WORK_TREE: join(scratch, "tree"), ...committer };
  await git.run(["read-tree", "-i", "-m", "--aggressive", base, head, commit], { env });
  await git.run(["merge-index", "-o", "-q", "git-merge-one-file", "-a"], { env, okCodes: [0, 1, 128] });
  const unmerged = (await git.run(["ls-files", "-z", "--unmerged"], { env })).stdout.toString("utf8");
  const conflicts = new Set(
    unmerged
      .split("\0")
      .filter((entry) => entry !== "")
      .map((entry) => entry.slice(entry.indexOf("\t") + 1)),
  );
  if (conflicts.size > 0) {
    return refused(
      `the change conflicts with what was committed since; merge it by hand: git merge ${branchOf(runId)}`,
      [...conflicts],
    );
  }
  const tree = await git.text(["write-tree"], { env });
  if (tree === (await git.text(["rev-parse", `${head}^{tree}`]))) return { outcome: "already_applied", head };
  const [name = "", email = "", date = "", ...message] = (
    await git.text(["log", "-1", "--format=%an%n%ae%n%aI%n%B", commit])
  ).split("\n");
  const stdin = `${message.join("\n").trim()}\n(cherry picked from commit ${commit})\n`;
  return git.text(["commit-tree", tree, "-p", head], {
    stdin,
    env: { ...env, ...identityEnvironment({ name, email }, date) },
  });
}
