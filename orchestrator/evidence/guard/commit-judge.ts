import type { EvidenceState } from "../../gates/guard/guard-evidence.ts";
import type { Git } from "../../io/git.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";

/**
 * Says of a manifest whether the commit that its run made and the one that it began with are in the history, with the trees that
 * it names, the one after the other.
 */
export type CommitJudge = (manifest: RunManifest) => EvidenceState;

/** A judge of these manifests, in few calls of git however many there are. Throws `git_failed`. */
export async function compileCommitJudge(
  git: Git,
  head: string,
  manifests: readonly RunManifest[],
): Promise<CommitJudge> {
  const trees = await readTrees(git, head, manifests);
  const grown = await findGrown(git, manifests, trees);
  return (manifest) => {
    const { run_id, commit, change, repository } = manifest;
    const foreign = (reason: string) => ({ state: "foreign", reason }) as const;
    const named = [
      [repository.base_commit, repository.base_tree],
      [commit ?? "", change?.tree ?? ""],
    ] as const;
    for (const [id, tree] of named) {
      const found = trees.get(id);
      const name = `the commit ${id.slice(0, 12)} of the run ${run_id}`;
      if (found === undefined) return foreign(`${name} is not in this history`);
      if (found !== tree) return foreign(`${name} has another tree than the run says`);
    }
    if (grown.has(manifest)) return { state: "sound" };
    const [made, base] = [commit ?? "", repository.base_commit].map((id) => id.slice(0, 12));
    return foreign(`the commit ${made} of the run ${run_id} does not come after ${base}, with which it began`);
  };
}

/** The trees of the commits that manifests name and this history has. */
async function readTrees(
  git: Git,
  head: string,
  manifests: readonly RunManifest[],
): Promise<ReadonlyMap<string, string>> {
  const all = manifests.flatMap(({ commit, repository }) => (commit === null ? [] : [commit, repository.base_commit]));
  const named = [...new Set(all)];
  if (named.length === 0) return new Map();
  const stdin = named.map((commit) => `${commit}^{commit}\n${commit}^{tree}\n`).join("");
  const lines = (await git.text(["cat-file", "--batch-check=%(objectname)"], { stdin })).split("\n");
  const there = named.flatMap((commit, index) =>
    lines[index * 2] === commit ? [{ commit, tree: lines[index * 2 + 1] ?? "" }] : [],
  );
  if (there.length === 0) return new Map();
  const list = `${there.map(({ commit }) => commit).join("\n")}\n^${head}\n`;
  const outside = new Set((await git.text(["rev-list", "--stdin"], { stdin: list })).split("\n"));
  return new Map(there.flatMap(({ commit, tree }) => (outside.has(commit) ? [] : [[commit, tree] as const])));
}

/** The manifests whose commit comes after the one that the run began with. Its parents tell of what a run made; git is asked one by one of the rest. */
async function findGrown(
  git: Git,
  manifests: readonly RunManifest[],
  known: ReadonlyMap<string, string>,
): Promise<ReadonlySet<RunManifest>> {
  const pairs = manifests.flatMap((manifest) => {
    const [commit, base] = [manifest.commit ?? "", manifest.repository.base_commit];
    return known.has(commit) && known.has(base) ? [{ manifest, commit, base }] : [];
  });
  if (pairs.length === 0) return new Set();
  const stdin = pairs.map(({ commit }) => `${commit}\n`).join("");
  const lines = (await git.text(["rev-list", "--no-walk", "--parents", "--stdin"], { stdin })).split("\n");
  const parents = new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), line.split(" ").slice(1)]));
  const grown = new Set<RunManifest>();
  for (const { manifest, commit, base } of pairs)
    if (parents.get(commit)?.includes(base) || (await isAncestor(git, base, commit))) grown.add(manifest);
  return grown;
}

async function isAncestor(git: Git, base: string, commit: string): Promise<boolean> {
  const { code } = await git.run(["merge-base", "--is-ancestor", base, commit], { okCodes: [0, 1] });
  return code === 0;
}
