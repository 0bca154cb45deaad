import { canonicalJson, sha256 } from "../../orchestrator/io/hash.ts";
import { settingsOf } from "../apply/pattern-settings.ts";
import { parseFixture } from "../apply/project-fixtures.ts";
import { transformSet } from "../apply/transform-set.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import { createSourceSet } from "../cross-file/source-set.ts";
import type { Codemod } from "../engine/codemod.ts";
import { isCandidateFor, transformText } from "../engine/run-codemod.ts";
import { type CorpusItem, type PatternBehaviour, type PatternCorpus, plainName } from "./pattern-ledger.ts";

const hashLength = 12;

/** What a codemod does on each text of the corpus: one answer for each variant of it, such as one with other settings. */
export function behaviourOf(variants: readonly [Codemod, ...Codemod[]], corpus: PatternCorpus): PatternBehaviour {
  const named = corpus.map(
    (item) => [item.name, variants.map((codemod) => outcomeOf(codemod, item)).join("|")] as const,
  );
  return describe(variants[0], corpus, named);
}

/** What a cross-file codemod does with each of its own projects in the corpus. */
export async function projectBehaviourOf(codemod: CrossFileCodemod, corpus: PatternCorpus): Promise<PatternBehaviour> {
  const named: (readonly [string, string])[] = [];
  for (const item of corpus) {
    if (plainName(item.name).startsWith(`${codemod.id}/`) && "text" in item)
      named.push([item.name, await projectOutcomeOf(codemod, item.name, item.text)]);
  }
  return describe(codemod, corpus, named);
}

function describe(
  pattern: Codemod | CrossFileCodemod,
  corpus: PatternCorpus,
  named: readonly (readonly [string, string])[],
): PatternBehaviour {
  const settings = settingsOf(pattern).map(({ name, required }) => `${required ? "required " : ""}setting ${name}`);
  return {
    texts: corpus.length,
    surface: [...pattern.keywords.map((keyword) => `keyword ${keyword}`), ...settings].sort(),
    outcomes: Object.fromEntries(named.filter(([, outcome]) => /[^|]/.test(outcome))),
  };
}

function outcomeOf(codemod: Codemod, item: CorpusItem): string {
  if ("text" in item) return textOutcomeOf({ ...codemod, preconditions: [] }, item.name, item.text);
  if (codemod.preconditions === undefined) return "";
  const reasons = codemod.preconditions.map((holds) => holds({ packageJson: item.package_json }, "src/a.js"));
  const unmet = reasons.find((reason) => reason !== null);
  return unmet === undefined ? "changed" : `skipped ${short(unmet)}`;
}

function textOutcomeOf(codemod: Codemod, name: string, text: string): string {
  const path = pathOf(name);
  if (!isCandidateFor(codemod, path, text)) return "";
  const result = transformText(codemod, path, text);
  if (result.status === "unchanged") return "";
  return result.status === "skipped"
    ? `skipped ${short(result.reason)}`
    : `changed ${short(result.after)} ${short(result.edits)}`;
}

async function projectOutcomeOf(codemod: CrossFileCodemod, name: string, text: string): Promise<string> {
  const { before, settings } = parseFixture(name, text);
  const { changed, skipped } = await transformSet(codemod, createSourceSet(before), "", settings);
  const files = [...changed].sort(([left], [right]) => (left < right ? -1 : 1));
  if (files.length === 0) return skipped.length === 0 ? "" : `skipped ${short(skipped)}`;
  const results = files.map(([path, { after }]) => [path, after]);
  return `changed ${short(results)} ${short([files.map(([, { edits }]) => edits), skipped])}`;
}

/** The path by which a text of the corpus is read: that of the fixture it came from. */
function pathOf(name: string): string {
  const file = name.slice(name.indexOf("/") + 1);
  return `src/${file.replace(/\.(?:before|after|same)(?=\.)/, "")}`;
}

function short(value: unknown): string {
  return sha256(canonicalJson(value)).slice(0, hashLength);
}
