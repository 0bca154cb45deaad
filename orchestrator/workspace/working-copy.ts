import { createGit, type Git } from "../io/git.ts";
import { filtersOff } from "./filters-off.ts";
import { createInOrder } from "./in-order.ts";
import { normalizePath } from "./resolve-inside.ts";
import { createWorkspaceFiles, type WorkspaceFiles } from "./workspace-files.ts";

/** A user's own working copy, confined as a private clone is. Git is only asked: nothing but files is ever changed. */
export interface WorkingCopy {
  readonly root: string;
  readonly files: WorkspaceFiles;
  /** What differs from HEAD, one line for each path, files that git does not know included. */
  status(): Promise<string>;
  /** What differs from HEAD in what git knows, as a unified diff. */
  diff(path: string | null): Promise<string>;
  /** The last commits, newest first, one line for each. */
  log(count: number): Promise<string>;
}

const diffBytesMax = 67_108_864;

/** `dependencyFolders` (relative) cannot be edited. */
export function createWorkingCopy(root: string, dependencyFolders: readonly string[]): WorkingCopy {
  const git = createGit(root);
  const ask = async (...args: readonly string[]) => {
    const { stdout } = await git.run([...(await filtersOff(git)), ...args], { bytesMax: diffBytesMax });
    return stdout.toString("utf8").trimEnd();
  };
  return {
    root,
    files: createWorkspaceFiles({
      root,
      dependencyFolders,
      listPaths: () => listPaths(git),
      isIgnored: (path) => isIgnored(git, path),
      inOrder: createInOrder(),
    }),
    status: () => ask("status", "--porcelain", "--untracked-files=all", "--ignore-submodules=all", "--no-renames"),
    diff: (path) => {
      const only = path === null ? [] : ["--", `:(literal)${normalizePath(path)}`];
      return ask("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "HEAD", ...only);
    },
    log: (count) => ask("log", `--max-count=${count}`, "--no-color", "--date=short", "--format=%h %ad %s"),
  };
}

async function listPaths(git: Git): Promise<readonly string[]> {
  const { stdout } = await git.run(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "" && !path.startsWith(".runs/"));
}

async function isIgnored(git: Git, path: string): Promise<boolean> {
  const { code } = await git.run(["check-ignore", "--quiet", "-z", "--stdin"], { stdin: `${path}\0`, okCodes: [0, 1] });
  return code === 0;
}
