import type { SpecAuthor } from "../../gates/spec-record.ts";
import type { Git } from "../../io/git.ts";

/** One commit that changed a spec: who made it, and the blob that it left behind. */
export interface SpecEdit {
  readonly author: SpecAuthor;
  readonly object: string;
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
  const list = ["rev-list", `--max-count=${commitsMax}`, "--format=%H%x00%an%x00%ae", "--stdin"];
  const commits = await git.text(list, { stdin: `${[head, "--", ...named].join("\n")}\n` });
  const authors = new Map(
    commits.split("\n").flatMap((line) => {
      const [commit = "", name, email] = line.split("\0");
      return name === undefined || email === undefined ? [] : [[commit, { name, email }] as const];
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

function readSteps(tokens: readonly string[], authors: ReadonlyMap<string, SpecAuthor>): Map<string, Step[]> {
  const steps = new Map<string, Step[]>();
  let author: SpecAuthor | undefined;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? "";
    if (!token.startsWith(":")) {
      author = authors.get(token);
      continue;
    }
    index += 1;
    const path = tokens[index] ?? "";
    const [, , before = "", object = ""] = token.split(" ");
    const step = { author: author ?? { name: "", email: "" }, object, before: token.startsWith("::") ? null : before };
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
