import { isPlainPath } from "../../gates/fold-path.ts";
import { ownFiles } from "../../gates/guard/own-files.ts";
import { defaultSpecPolicy, SpecPolicy } from "../../gates/spec-policy.ts";
import type { PlacedPolicy } from "../../gates/spec-record.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { type TextSource, yamlFault } from "../../io/documents/strict-yaml.ts";
import { type DocumentProblem, parseYamlDocument } from "../../io/documents/yaml-document.ts";
import { createVerifier } from "../../io/signing-key.ts";
import { messageOf } from "../../schema/errors.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import type { TreeSide } from "../git-objects.ts";
import { globProblems } from "../glob-problems.ts";
import type { GuardView } from "./guard-view.ts";
import type { HeadPolicy } from "./idle-policies.ts";

/** The name of the guard's policy, in the repository's root and in folders that narrow it. */
export const specPolicyFileName = "spec-guard.yaml";

/** Reads the text of a policy. Throws `config_invalid` naming file, line and field. */
export function parseSpecPolicy(text: string, file: string, folder = ""): SpecPolicy {
  const source: TextSource = { file, code: "config_invalid" };
  return parseYamlDocument(SpecPolicy, text, source, (policy) => [
    ...placeProblems(policy),
    ...policy.controlled.flatMap(({ paths }, index) => globProblems(["controlled", index, "paths"], paths)),
    ...globProblems(["checklists", "files"], policy.checklists.files),
    ...globProblems(["own_files"], policy.own_files),
    ...keyProblems(policy),
    ...(folder === "" ? [] : narrowingProblems(policy)),
  ]);
}

function placeProblems(policy: SpecPolicy): DocumentProblem[] {
  const places = [
    [["specs"], policy.specs],
    [["registry"], policy.registry],
    [["waivers"], policy.waivers],
    [["checklists", "evidence"], policy.checklists.evidence],
  ] as const;
  return places
    .filter(([, place]) => place !== undefined && !isPlainPath(place))
    .map(([path]) => ({ path, message: 'expected a plain folder or file such as "tasks/specs"' }));
}

function keyProblems({ checklists }: SpecPolicy): DocumentProblem[] {
  if (checklists.public_key === undefined) return [];
  try {
    createVerifier(checklists.public_key);
    return [];
  } catch (error) {
    return [{ path: ["checklists", "public_key"], message: messageOf(error) }];
  }
}

const rootFields = ["registry", "waivers", "max_waiver_days", "checklists", "mirrors", "allow_now_in_ci"] as const;

/** A policy of a folder narrows; what would loosen, and what is asked of the repository as a whole, belongs in the repository's own. */
function narrowingProblems(policy: SpecPolicy): DocumentProblem[] {
  const usual = defaultSpecPolicy();
  const message = "only the policy of the repository's root may set this";
  return rootFields
    .filter((field) => JSON.stringify(policy[field]) !== JSON.stringify(usual[field]))
    .map((field) => ({ path: [field], message }));
}

/** The policies that hold, and what becomes of them. */
export interface GuardPolicies {
  /** The base's, with the guard's own files added to what the repository's own controls, or each folder's where that has none. */
  readonly holding: readonly PlacedPolicy<SpecPolicy>[];
  readonly ownFiles: readonly string[];
  /** Of the head, where the base has none at all. */
  readonly brought: readonly string[];
  readonly broken: readonly { readonly path: string; readonly reason: string }[];
  /** Those of the head that can be read. */
  readonly atHead: readonly HeadPolicy[];
}

/** Reads every policy of the base, and checks those of the head. Throws `config_invalid` for one of the base. */
export async function readGuardPolicies(view: GuardView, file: string): Promise<GuardPolicies> {
  const found = policyPaths(view.paths(), file);
  const atBase = found.filter((path) => view.base(path) !== undefined);
  const atHead = found.filter((path) => view.head.has(path));
  const contents = await view.read([...atBase.map(view.base), ...atHead.map((path) => view.head.get(path))]);
  const placed = atBase.map((path) => {
    const folder = policyFolder(path, file);
    return { path, folder, policy: readPolicy(path, folder, view.base(path), contents) };
  });
  const isRead = (path: string) => {
    const [before, after] = [view.base(path), view.head.get(path)];
    return before !== undefined && before.object === after?.object && before.mode === after.mode;
  };
  const broken: { path: string; reason: string }[] = [];
  const standing = placed.filter(({ path }) => isRead(path));
  for (const path of atHead.filter((each) => !isRead(each))) {
    const folder = policyFolder(path, file);
    try {
      standing.push({ path, folder, policy: readPolicy(path, folder, view.head.get(path), contents) });
    } catch (error) {
      broken.push({ path, reason: messageOf(error) });
    }
  }
  const own = ownFiles(placed, file);
  const hasRoot = placed.some(({ folder }) => folder === "");
  const ownOf = (folder: string) => (folder === "" ? own : hasRoot ? [] : ownBelow);
  return {
    holding: placed.map(({ folder, policy }) => ({ folder, policy: withOwnFiles(policy, ownOf(folder)) })),
    ownFiles: own,
    brought: hasRoot ? [] : atHead.filter((path) => path === file),
    broken,
    atHead: standing,
  };
}

/** What a folder's policy controls of its own where the repository has none. */
const ownBelow = [`**/${specPolicyFileName}`, "**/spec-guard.mjs"];

function policyPaths(paths: Iterable<string>, file: string): string[] {
  const below = `/${specPolicyFileName}`;
  const found = new Set<string>();
  for (const path of paths) if (path === file || path.endsWith(below)) found.add(path);
  return [...found].sort();
}

/** The folder for which a policy at a path speaks, where that of the root is `file`. */
export function policyFolder(path: string, file: string): string {
  return path === file ? "" : path.slice(0, -specPolicyFileName.length - 1);
}

function readPolicy(
  path: string,
  folder: string,
  side: TreeSide | undefined,
  contents: ReadonlyMap<string, Buffer | null>,
): SpecPolicy {
  const source: TextSource = { file: path, code: "config_invalid" };
  if (side === undefined || !side.mode.startsWith("100")) throw yamlFault(source, 1, "not a regular file");
  const bytes = contents.get(side.object) ?? null;
  if (bytes === null) throw yamlFault(source, 1, `more than ${documentBytesMax} bytes`);
  return parseSpecPolicy(decodeText(bytes, source), path, folder);
}

function withOwnFiles(policy: SpecPolicy, own: readonly string[]): SpecPolicy {
  return own.length === 0
    ? policy
    : { ...policy, controlled: [...policy.controlled, { paths: [...own], specs: "any" }] };
}
