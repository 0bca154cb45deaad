import { compileGlobs, literalPathOf } from "../gates/glob.ts";
import { compileControl } from "../gates/spec-coverage.ts";
import type { SpecEvidence } from "../gates/spec-gate.ts";
import type { Git } from "../io/git.ts";
import { createGitObjectReader } from "../io/git-object-reader.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { listTree } from "./git-objects.ts";
import { readGuardPolicies, specPolicyFileName } from "./guard/guard-policies.ts";
import { openTreesView } from "./guard/guard-view.ts";
import { readSpecs } from "./guard/read-specs.ts";

/** What the evidence for the spec gate is gathered from. */
export interface SpecEvidenceRequest {
  readonly git: Git;
  /** The commit whose policy holds. */
  readonly base: string;
  /** The commit or tree whose specs are looked at; default `base`. */
  readonly head?: string;
  /** The UTC day of the judgement, as `2026-11-20`. */
  readonly today: string;
  /** Paths of the specs that the task names. */
  readonly linked: readonly string[];
  /** Paths that are changed, each meant as it is spelled. */
  readonly paths: readonly string[];
  /** Globs of a plan: each stands for the files of `base` that it matches, or for the one path that it names. */
  readonly globs?: readonly string[];
  readonly signal?: AbortSignal;
}

const pathsMax = 100_000;

/**
 * Gathers what the spec gate looks at, from git alone, by the same means as `spec-guard`. No policy file is evidence too.
 * Throws `config_invalid` for a policy file that is broken, `base_not_found`, `git_failed`, and `repository_unusable` for
 * more specs or paths than are looked at.
 */
export async function collectSpecEvidence(request: SpecEvidenceRequest): Promise<SpecEvidence> {
  const { git, base, head = base, today, linked, signal } = request;
  const reader = createGitObjectReader(git);
  try {
    const view = await openTreesView(git, reader, { base, head, signal });
    const { holding, ownFiles } = await readGuardPolicies(view, specPolicyFileName);
    const paths = await expandPaths(request);
    const { records, headers } = await readSpecs({
      range: { git, reader, base, head },
      view,
      policies: holding,
      policyFile: specPolicyFileName,
      controlled: paths.filter(compileControl(holding)),
      linked,
      today,
      persons: () => Promise.resolve([]),
    });
    const read = new Set(records.map(({ path }) => path));
    return {
      policy: holding.find(({ folder }) => folder === "")?.policy ?? null,
      nested: holding.filter(({ folder }) => folder !== ""),
      own_files: [...ownFiles],
      today,
      linked: [...linked],
      paths,
      specs: [...records],
      other_ids: headers.flatMap(({ path, id }) => (id === null || read.has(path) ? [] : [id])),
    };
  } finally {
    reader.close();
  }
}

async function expandPaths({ git, base, paths, globs = [], signal }: SpecEvidenceRequest): Promise<string[]> {
  const named = globs.flatMap((glob) => literalPathOf(glob) ?? []);
  const files = globs.length === named.length ? [] : await listTree(git, base, [], signal);
  const matched = files.map((entry) => entry.path).filter(compileGlobs(globs));
  return bounded([...new Set([...paths, ...named, ...matched])], pathsMax, "paths");
}

function bounded<Item>(items: Item[], countMax: number, name: string): Item[] {
  if (items.length <= countMax) return items;
  throw new OrchestratorError(
    "repository_unusable",
    `${items.length} ${name} are more than the ${countMax} that are looked at`,
  );
}
