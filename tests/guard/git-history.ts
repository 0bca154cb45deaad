import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file of a commit: its text, or its bytes and git's mode. A gitlink's data is a commit id. */
export type Content = string | { readonly mode: string; readonly data: string | Buffer };
/** What a commit changes; null deletes. */
export type Edits = Readonly<Record<string, Content | null>>;

export interface CommitOptions {
  /** Marks of this history, or ids of commits that the repository has. */
  readonly parents?: readonly (number | string)[];
  readonly author?: string;
  readonly committer?: string;
  /** Days before the day of the judgement. */
  readonly daysAgo?: number;
}

/** The day on which everything here is judged. */
export const today = "2026-11-21";

/** Many commits and branches, given to git in one stream. */
export interface GitHistory {
  commit(edits: Edits, options?: CommitOptions): number;
  branch(name: string, mark: number): void;
  tag(name: string, mark: number): void;
  /** Writes all of it into a bare repository, a new one or one that is there, and returns its folder and the commit id of each mark. */
  write(there?: string): { readonly folder: string; readonly ids: ReadonlyMap<number, string> };
}

export function createHistory(): GitHistory {
  const parts: Buffer[] = [];
  let marks = 0;
  const say = (text: string | Buffer) => parts.push(typeof text === "string" ? Buffer.from(text) : text);
  return {
    commit(
      edits,
      { parents = [], author = "Bo <bo@example.com>", committer = "Ci <ci@example.com>", daysAgo = 1 } = {},
    ) {
      marks += 1;
      const at = Date.parse(`${today}T12:00:00Z`) / 1000 - daysAgo * 86_400 + marks;
      say(`commit refs/heads/at-${marks}\nmark :${marks}\nauthor ${author} ${at} +0000\n`);
      say(`committer ${committer} ${at} +0000\ndata 0\n`);
      for (const [index, parent] of parents.entries())
        say(`${index === 0 ? "from" : "merge"} ${typeof parent === "number" ? `:${parent}` : parent}\n`);
      for (const [path, content] of Object.entries(edits)) sayFile(say, path, content);
      say("\n");
      return marks;
    },
    branch: (name, mark) => say(`reset refs/heads/${name}\nfrom :${mark}\n\n`),
    tag: (name, mark) => say(`reset refs/tags/${name}\nfrom :${mark}\n\n`),
    write(there) {
      const folder = there ?? mkdtempSync(join(tmpdir(), "guard-history-"));
      if (there === undefined) runGit(folder, ["init", "-q", "--bare"]);
      const input = Buffer.concat([
        ...parts,
        ...[...Array(marks).keys()].map((n) => Buffer.from(`get-mark :${n + 1}\n`)),
      ]);
      const output = runGit(folder, ["fast-import", "--quiet", "--force", "--cat-blob-fd=1"], input);
      const ids = output.split("\n").filter(Boolean);
      return { folder, ids: new Map(ids.map((id, index) => [index + 1, id])) };
    },
  };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Git as a user would have it, without the configuration of the one who runs the tests. */
export function runGit(folder: string, args: readonly string[], input?: Buffer): string {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Bo",
    GIT_AUTHOR_EMAIL: "bo@example.com",
    GIT_COMMITTER_NAME: "Bo",
    GIT_COMMITTER_EMAIL: "bo@example.com",
  };
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: folder, env, input, maxBuffer: 67_108_864 });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.toString("utf8");
}

function sayFile(say: (text: string | Buffer) => void, path: string, content: Content | null): void {
  const name = path.includes("\\377") ? `"${path}"` : `"${quote(path)}"`;
  if (content === null) {
    say(`D ${name}\n`);
    return;
  }
  const { mode, data } = typeof content === "string" ? { mode: "100644", data: content } : content;
  if (mode === "160000") {
    say(`M 160000 ${String(data)} ${name}\n`);
    return;
  }
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  say(`M ${mode} inline ${name}\ndata ${bytes.length}\n`);
  say(bytes);
  say("\n");
}

function quote(path: string): string {
  return path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
