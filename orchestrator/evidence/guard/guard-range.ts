import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { diskFault } from "../../io/files.ts";
import { createGit, type Git } from "../../io/git.ts";
import { createGitObjectReader, type GitObjectReader } from "../../io/git-object-reader.ts";
import { OrchestratorError } from "../../schema/errors.ts";

/** Which commits are compared. */
export interface GuardRange {
  /** Git in the top folder of the working copy, or in a bare repository. */
  readonly git: Git;
  /** Closed by whoever asked for the range. */
  readonly reader: GitObjectReader;
  /** Where git keeps the index and the state of a working copy. */
  readonly gitFolder: string;
  /** The tip of the base: its policy and its waivers hold. */
  readonly base: string;
  readonly head: string;
}

/** What the user asked for. */
export interface RangeRequest {
  readonly directory: string;
  /** As the user names it. */
  readonly base: string;
  readonly head: string;
  readonly worktree: boolean;
  /** The index that a commit under way will commit, where git says so to a hook. */
  readonly indexFile?: string | undefined;
  /** Ends git, and with it the reading. */
  readonly signal?: AbortSignal;
}

/** No call takes a tenth of this in a repository of a hundred thousand files. */
const gitTimeoutMs = 120_000;

/** Settings of the repository that would show the guard less, or something else, than there is. */
const settings = [
  "safe.directory=*",
  "core.ignoreCase=false",
  "core.ignoreStat=false",
  "core.checkStat=default",
  "core.trustctime=true",
  "core.precomposeUnicode=false",
  "core.warnAmbiguousRefs=true",
  "core.attributesFile=/dev/null",
  "diff.orderFile=",
];

/**
 * Finds the commits that are compared, and refuses where that could be a matter of doubt. Throws `usage`,
 * `base_not_found` and `repository_unusable` with the command that mends it.
 */
export async function resolveRange(request: RangeRequest): Promise<GuardRange> {
  const limits = { timeoutMs: gitTimeoutMs, ...(request.signal === undefined ? {} : { signal: request.signal }) };
  const here = createGit(await realFolder(request.directory), settings, limits);
  const [facts, refs] = await Promise.all([
    readFacts(here, request),
    isPlainName(request.base) && isPlainName(request.head)
      ? null
      : here.run(["show-ref", "--head"], { okCodes: [0, 1, 128] }),
  ]);
  if (facts === null) throw await whyNoRepository(here);
  const { isShallow, isBare, gitFolder, top, base, head } = facts;
  if (isShallow)
    throw unusable("the clone is shallow, so where the change began cannot be told", "git fetch --unshallow");
  if (!isCommit(base) || !isCommit(head)) throw await whyNoCommit(here, request);
  refuseAmbiguous([request.base, request.head], refs === null ? [] : linesOf(refs.stdout));
  if (request.worktree && isBare) throw unusable("a bare repository has no working copy", "name --head");
  const git = isBare ? here : createGit(resolve(here.directory, top), settings, limits);
  return { git, reader: createGitObjectReader(git, settings, limits), gitFolder, base, head };
}

/**
 * Where the change parted from the base, never empty; `merged` are further parents of a commit that is to come. Throws
 * `repository_unusable` where that cannot be told, or nothing changed.
 */
export async function findForks(
  { git, base, head }: GuardRange,
  request: RangeRequest,
  merged: readonly string[],
): Promise<string[]> {
  // Git takes all but the first as the parents of one commit.
  const parts = ["merge-base", "--all", base, head, ...merged];
  const forks = linesOf((await git.run(parts, { okCodes: [0, 1] })).stdout);
  if (forks.length === 0)
    throw unusable(
      `${request.base} and ${request.head} have no commit in common`,
      `git fetch origin, and name the branch that this one came from as --base`,
    );
  if (!request.worktree && forks.includes(head))
    throw unusable(
      `${request.head} has nothing that ${request.base} does not have, so there is no change to judge`,
      "name the commit before the change as --base",
    );
  return forks;
}

interface RepositoryFacts {
  readonly isShallow: boolean;
  readonly isBare: boolean;
  readonly gitFolder: string;
  /** From the folder that was asked, or absolute. */
  readonly top: string;
  readonly base: string | undefined;
  readonly head: string | undefined;
}

/** Git repeats it in its answer. */
const endOfOptions = "--end-of-options";

/** Null where git says nothing: there is no repository. */
async function readFacts(here: Git, { base, head }: RangeRequest): Promise<RepositoryFacts | null> {
  const asked = ["--is-shallow-repository", "--is-bare-repository", "--absolute-git-dir", "--show-cdup"];
  const named = [endOfOptions, `${base}^{commit}`, `${head}^{commit}`];
  const { stdout } = await here.run(["rev-parse", ...asked, ...named], { okCodes: [0, 128] });
  const [shallow, bare, gitFolder = "", ...rest] = stdout.toString("utf8").split("\n");
  if (rest.length === 0) return null;
  // Where there is no working copy, nothing is said of its top.
  const hasTop = rest[0] !== endOfOptions;
  if (!hasTop && bare !== "true")
    throw unusable(`${here.directory} is inside the .git folder`, "cd to the working copy, or name it by --repo");
  const [baseCommit, headCommit] = rest.slice(hasTop ? 1 : 0).filter((line) => line !== endOfOptions);
  const top = hasTop ? (rest[0] ?? "") : "";
  const kind = { isShallow: shallow === "true", isBare: bare === "true" };
  return { ...kind, gitFolder, top, base: baseCommit, head: headCommit };
}

async function realFolder(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    throw diskFault("read", directory, error);
  }
}

function linesOf(output: Buffer): string[] {
  return output.toString("utf8").split("\n").filter(Boolean);
}

function isCommit(text: string | undefined): text is string {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

async function whyNoRepository(git: Git): Promise<OrchestratorError> {
  await git.run(["rev-parse", "--git-dir"]);
  return unusable(`${git.directory} cannot be read`, "see git status");
}

async function whyNoCommit(git: Git, { base, head }: RangeRequest): Promise<OrchestratorError> {
  for (const name of [base, head]) {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
    const { code } = await git.run(args, { okCodes: [0, 1, 128] });
    if (code === 0) continue;
    const mend = mendOf(name);
    return new OrchestratorError("base_not_found", `there is no commit "${name}" in ${git.directory}; run: ${mend}`);
  }
  return unusable("the revisions cannot be read as one commit each", "name branches or commits");
}

function mendOf(name: string): string {
  if (/^(?:refs\/remotes\/)?origin\/HEAD$/.test(name)) return "git remote set-head origin -a";
  const remote = /^(?:refs\/remotes\/)?origin\/([^~^:@{}]+)$/.exec(name)?.[1];
  if (remote !== undefined) return `git fetch origin ${remote}:refs/remotes/origin/${remote}`;
  const start = /^([^~^:@{}]+)[~^@]/.exec(name)?.[1];
  return start === undefined ? "git fetch origin" : `git log --oneline ${start}, and name a commit that is there`;
}

/** A name that git can read in one way only. */
function isPlainName(name: string): boolean {
  return /^(?:HEAD|refs\/[^~^:@{}]+|[0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/** A tag named like a branch would be taken before it. */
function refuseAmbiguous(names: readonly string[], refs: readonly string[]): void {
  const known = new Map(refs.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
  for (const name of names) {
    const bare = name.replace(/(?:[~^:]|@\{)[\s\S]*$/, "");
    const places = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"].map((prefix) => `${prefix}${bare}`);
    const found = places.filter((place) => known.has(place));
    if (new Set(found.map((place) => known.get(place))).size > 1)
      throw unusable(`"${bare}" may be ${found.join(" or ")}`, `name it in full, such as ${found.at(-1)}`);
  }
}

function unusable(what: string, mend: string): OrchestratorError {
  return new OrchestratorError("repository_unusable", `${what}; run: ${mend}`);
}
