import { join } from "node:path";
import { platform } from "node:process";
import { ensureDirectory, exists, readFileIfThere, removeTree, writeFileAtomic } from "../io/files.ts";
import { createGit, type Git } from "../io/git.ts";
import { OrchestratorError } from "../schema/errors.ts";

/** Who commits, where a person's own identity is not asked for. */
export const runnerIdentity = { name: "Codex Orchestrator", email: "orchestrator@localhost" } as const;

/** What a private git folder is made of. */
export interface GitDirectoryPlan {
  readonly gitDirectory: string;
  readonly workTree: string;
  readonly objectFormat: "sha1" | "sha256";
  /** Absolute folder whose objects are borrowed, read-only. */
  readonly objectsDirectory: string;
  /** The source's list of commits whose parents are not there. */
  readonly shallow: string | null;
  readonly branch: string;
  readonly commit: string;
}

/** What decides what git does in a private git folder. */
export interface GitSettings {
  /** The content of each file that does, by its path in it. */
  readonly files: ReadonlyMap<string, string>;
  /** Absolute folder whose objects are borrowed. It is told to git with each call, and stands in no file that foreign code could follow. */
  readonly borrowed: string;
}

/**
 * Files that would change what git does, and that a private git folder never has: another git folder or config, hooks, grafts.
 */
const foreignFiles = [
  "commondir",
  "gitdir",
  "config.worktree",
  "hooks",
  "info/grafts",
  "info/exclude",
  "info/sparse-checkout",
  "objects/info/alternates",
];

/** Left behind by a git that was killed; only the holder of the run writes, so nobody else can hold them. */
const lockFiles = ["index.lock", "HEAD.lock", "config.lock", "shallow.lock", "packed-refs.lock"];

const bytesMax = 16_777_216;

/** What the files of such a git folder must say. It needs no `git init`: every version of git since 2.5 reads this layout. */
export function gitSettings(plan: GitDirectoryPlan): GitSettings {
  const files = new Map([
    ["HEAD", `ref: refs/heads/${plan.branch}\n`],
    ["config", configText(plan)],
    ["info/attributes", attributesText],
  ]);
  if (plan.shallow !== null) files.set("shallow", plan.shallow);
  return { files, borrowed: plan.objectsDirectory };
}

/**
 * Line endings stay as the repository's attributes have them. Drivers are off, whatever the attributes say, and `diff` is
 * decided by the content: an attribute must neither run a program nor hide a text from the diff.
 */
const attributesText = "* !filter !diff !merge !working-tree-encoding -ident\n";

function configText({ objectFormat, workTree }: GitDirectoryPlan): string {
  const isMac = platform === "darwin";
  const extensions = objectFormat === "sha1" ? [] : ["[extensions]", `\tobjectFormat = ${objectFormat}`];
  return [
    "[core]",
    `\trepositoryFormatVersion = ${objectFormat === "sha1" ? 0 : 1}`,
    "\tbare = false",
    "\tfileMode = true",
    `\tignoreCase = ${isMac}`,
    `\tprecomposeUnicode = ${isMac}`,
    `\tworktree = ${quoteConfig(workTree)}`,
    "\thooksPath = /dev/null",
    "\tautocrlf = false",
    "\tfsmonitor = false",
    "\tlogAllRefUpdates = false",
    "[commit]",
    "\tgpgSign = false",
    "[tag]",
    "\tgpgSign = false",
    "[gc]",
    "\tauto = 0",
    "[user]",
    `\tname = ${runnerIdentity.name}`,
    `\temail = ${runnerIdentity.email}`,
    ...extensions,
    "",
  ].join("\n");
}

function quoteConfig(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
}

/**
 * Makes a git folder, or mends one that is there: settings are written anew, locks of a killed git and foreign files are
 * removed, objects, index and an existing branch are kept. Throws `disk_failed`.
 */
export async function writeGitDirectory(plan: GitDirectoryPlan, settings: GitSettings): Promise<void> {
  const inside = (path: string) => join(plan.gitDirectory, path);
  for (const folder of ["info", "objects/info", "objects/pack", "refs/heads/orchestrator"]) {
    await ensureDirectory(inside(folder));
  }
  for (const path of [...foreignFiles, ...lockFiles, `refs/heads/${plan.branch}.lock`]) await removeTree(inside(path));
  for (const [path, content] of settings.files) await writeFileAtomic(inside(path), content);
  const branchFile = inside(`refs/heads/${plan.branch}`);
  if (!(await exists(branchFile))) await writeFileAtomic(branchFile, `${plan.commit}\n`);
}

/**
 * Git in a private git folder and its work tree. Before each call it refuses (`git_failed`) a folder whose settings are not as
 * they were written: code under test that got out of its bounds must not decide what git runs.
 */
export function createPrivateGit(gitDirectory: string, workTree: string, settings: GitSettings): Git {
  const git = createGit(workTree);
  const { borrowed } = settings;
  const own = {
    GIT_DIR: gitDirectory,
    GIT_WORK_TREE: workTree,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: /[":\n\\]/.test(borrowed) ? quoteConfig(borrowed) : borrowed,
  };
  const run: Git["run"] = async (args, options = {}) => {
    await assertUntouched(gitDirectory, workTree, settings);
    return git.run(args, { ...options, env: { ...own, ...options.env } });
  };
  return {
    directory: workTree,
    run,
    text: async (args, options) => (await run(args, options)).stdout.toString("utf8").replace(/\n$/, ""),
  };
}

async function assertUntouched(gitDirectory: string, workTree: string, settings: GitSettings): Promise<void> {
  const changed = await Promise.all([
    ...[...settings.files].map(async ([path, content]) => {
      const found = await readFileIfThere(join(gitDirectory, path), bytesMax);
      return found?.toString("utf8") === content ? null : path;
    }),
    ...foreignFiles.map(async (path) => ((await exists(join(gitDirectory, path))) ? path : null)),
  ]);
  const path = changed.find((each) => each !== null);
  if (path === undefined) return;
  throw new OrchestratorError(
    "git_failed",
    `${join(gitDirectory, path)} was changed from outside, so git is not run for ${workTree}; ` +
      "resume the run, which writes it anew, and look at what the run's commands did",
  );
}
