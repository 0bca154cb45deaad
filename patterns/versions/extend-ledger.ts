import { riseProblem } from "./judge-ledger.ts";
import { leastBump, raiseVersion } from "./least-bump.ts";
import { compareVersions, latestVersion, type PatternBehaviour, type RecordedVersions } from "./pattern-ledger.ts";

/** A pattern as its code is now. */
export interface PatternNow {
  readonly id: string;
  readonly version: string;
  readonly behaviour: PatternBehaviour;
}

/**
 * The ledger with what the patterns do now: a version that is not in it yet is added, one that is learns of texts that it was not asked about.
 * A pattern whose behaviour is another one than what its version is recorded with, or whose version rose too little, stays as it is recorded,
 * with a problem in words.
 */
export function extendLedger(
  { ledger, corpus }: RecordedVersions,
  patterns: readonly PatternNow[],
): { readonly ledger: RecordedVersions["ledger"]; readonly problems: readonly string[] } {
  const names = corpus.map(({ name }) => name);
  const problems: string[] = [];
  const entries = new Map(Object.entries(ledger.patterns));
  for (const { id, version, behaviour } of patterns) {
    const recorded = entries.get(id) ?? {};
    const problem = problemOf({ ledger, corpus }, { id, version, behaviour }, names);
    if (problem !== null) problems.push(problem);
    else entries.set(id, { ...recorded, [version]: behaviour });
  }
  const sorted = [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
  return { ledger: { version: 1, patterns: Object.fromEntries(sorted) }, problems };
}

function problemOf(
  { ledger }: RecordedVersions,
  { id, version, behaviour }: PatternNow,
  names: readonly string[],
): string | null {
  const latest = latestVersion(ledger, id);
  if (latest !== null && compareVersions(latest, version) > 0)
    return `${id} is ${version}, and ${latest} is recorded already: a version never falls`;
  const recorded = ledger.patterns[id]?.[version];
  if (recorded !== undefined) {
    const { bump, because } = leastBump(recorded, behaviour, names);
    if (bump === "none") return null;
    return `${id} is no longer what ${version} is recorded to be: ${because}; that is a ${bump} change: raise its version to ${raiseVersion(version, bump)}`;
  }
  const before = latest === null ? undefined : ledger.patterns[id]?.[latest];
  if (latest === null || before === undefined) return null;
  return riseProblem(id, [latest, before], [version, behaviour], names);
}
