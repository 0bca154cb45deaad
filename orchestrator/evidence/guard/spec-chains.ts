import type { SpecAuthor } from "../../gates/spec-record.ts";
import type { Git } from "../../io/git.ts";

/** One commit that changed a spec: who made it, and the blob that it left behind. */
export interface SpecEdit {
  readonly commit: string;
  readonly authors: readonly SpecAuthor[];
  readonly object: string;
}

/** Has git write of each commit its id, its author and its committer. */
export const personFormat = "--format=%H%x00%an%x00%ae%x00%cn%x00%ce";

/** Author and committer from a line of `personFormat`. */
export function authorsOf(line: string): readonly SpecAuthor[] {
  const [, name = "", email = "", committer = "", address = ""] = line.split("\0");
  const author = { name, email };
  return name === committer && email === address ? [author] : [author, { name: committer, email: address }];
}

const commitsMax = 10_000;
const rawDiff = ["--stdin", "-r", "-z", "-c", "--raw", "--root", "--no-renames", "--no-abbrev"];

/**
 * The edits of many specs from the newest, in two calls of git however many there are. A path is left out unless each of
 * its edits begins with what the one before it left behind, down to the one that added it: where histories were merged,
 * the order of dates says nothing. Throws `git_failed`.
 */
export async function readSpecChains(
  git: Git,
  head: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly SpecEdit[]>> {
  const named = paths.map((path) => `:(top,literal)${path}`);
  const list = ["rev-list", `--max-count=${commitsMax}`, personFormat, "--stdin"];
  const commits = await git.text(list, { stdin: `${[head, "--", ...named].join("\n")}\n` });
  const authors = new Map(
    commits.split("\n").flatMap((line) => {
      const end = line.indexOf("\0");
      return end < 0 ? [] : [[line.slice(0, end), authorsOf(line)] as const];
    }),
  );
  const { stdout } = await git.run(["diff-tree", ...rawDiff, "--", ...named], {
    stdin: `${[...authors.keys()].join("\n")}\n`,
  });
  const steps = readSteps(stdout.toString("utf8").split("\0"), authors);
  return new Map([...steps].filter(([, each]) => isChain(each)));
}

interface Step extends SpecEdit {
  /** The blob before; null for a merge. */
  readonly before: string | null;
}

function readSteps(
  tokens: readonly string[],
  authors: ReadonlyMap<string, readonly SpecAuthor[]>,
): Map<string, Step[]> {
  const steps = new Map<string, Step[]>();
  let commit = "";
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? "";
    if (!token.startsWith(":")) {
      commit = token;
      continue;
    }
    index += 1;
    const path = tokens[index] ?? "";
    const [, , before = "", object = ""] = token.split(" ");
    const made = { commit, authors: authors.get(commit) ?? [] };
    const step = { ...made, object, before: token.startsWith("::") ? null : before };
    steps.set(path, [...(steps.get(path) ?? []), step]);
  }
  return steps;
}

function isChain(steps: readonly Step[]): boolean {
  return steps.every(({ before }, index) => {
    const older = steps[index + 1];
    return before !== null && (older === undefined ? /^0+$/.test(before) : older.object === before);
  });
}
