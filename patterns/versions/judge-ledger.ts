import { canonicalJson } from "../../orchestrator/io/hash.ts";
import { leastBump, raiseVersion } from "./least-bump.ts";
import { compareVersions, type PatternBehaviour, type PatternCorpus, type RecordedVersions } from "./pattern-ledger.ts";

/**
 * What is wrong with the record of versions, one sentence each: a version that rose too little for what differs from the one before it.
 * With a base, also what was recorded there and is changed or gone, so that rewriting the record does not help.
 */
export function judgeLedger(head: RecordedVersions, base: RecordedVersions | null = null): readonly string[] {
  const rises = Object.keys(head.ledger.patterns).flatMap((id) => judgeRises(id, head));
  return base === null ? rises : [...judgeCorpus(base.corpus, head.corpus), ...judgeEntries(base, head), ...rises];
}

function judgeRises(id: string, { ledger, corpus }: RecordedVersions): readonly string[] {
  const names = corpus.map(({ name }) => name);
  const recorded = Object.entries(ledger.patterns[id] ?? {}).sort(([left], [right]) => compareVersions(left, right));
  return recorded.slice(1).flatMap(([version, behaviour], index) => {
    const previous = recorded[index];
    if (previous === undefined) return [];
    const problem = riseProblem(id, previous, [version, behaviour], names);
    return problem === null ? [] : [problem];
  });
}

/** Why a version is too low for what it does, or null. */
export function riseProblem(
  id: string,
  [before, was]: readonly [string, PatternBehaviour],
  [after, is]: readonly [string, PatternBehaviour],
  textNames: readonly string[],
): string | null {
  const { bump, because } = leastBump(was, is, textNames);
  const least = raiseVersion(before, bump);
  if (compareVersions(after, least) >= 0) return null;
  return `${id} ${after} is not what ${before} was: ${because}; that is a ${bump} change, so its version is ${least} at least`;
}

function judgeCorpus(base: PatternCorpus, head: PatternCorpus): readonly string[] {
  const broken = base.findIndex((item, index) => !isSame(item, head[index]));
  if (broken === -1) return [];
  return [`the corpus lost or changed ${base[broken]?.name}, its text ${broken + 1}: texts are only added, at the end`];
}

/** An entry may only learn of texts that the base did not have. */
function judgeEntries(base: RecordedVersions, head: RecordedVersions): readonly string[] {
  return Object.entries(base.ledger.patterns).flatMap(([id, versions]) =>
    Object.entries(versions).flatMap(([version, was]) => {
      const is = head.ledger.patterns[id]?.[version];
      if (is === undefined) return [`${id} ${version} is gone from the record of versions: it only grows`];
      const seen = new Set(base.corpus.slice(0, was.texts).map(({ name }) => name));
      const old = Object.entries(is.outcomes).filter(([name]) => seen.has(name));
      const before = { ...is, texts: was.texts, outcomes: Object.fromEntries(old) };
      if (is.texts >= was.texts && isSame(was, before)) return [];
      return [`what is recorded of ${id} ${version} was changed: a behaviour of its own needs a version of its own`];
    }),
  );
}

function isSame(left: unknown, right: unknown): boolean {
  return right !== undefined && canonicalJson(left) === canonicalJson(right);
}
