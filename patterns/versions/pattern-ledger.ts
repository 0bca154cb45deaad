import { z } from "zod";
import { Sha256 } from "../../orchestrator/schema/primitives.ts";

/** A version of a pattern: three numbers. A pattern begins at 1.0.0, and has no pre-releases. */
export const PatternVersion = z.string().regex(/^[1-9]\d*\.\d+\.\d+$/, "a version like 1.2.3, from 1.0.0 on");

/**
 * The texts on which the behaviour of every version is recorded, oldest first. New ones come after the others, and none ever changes or
 * goes: otherwise a text on which a pattern changed could be taken away.
 */
export const PatternCorpus = z.array(
  z.union([
    /** A source, or a project as `project-fixtures.ts` reads it. */
    z.strictObject({ name: z.string(), text: z.string() }),
    /** A package of which the preconditions are asked; null where there is none. */
    z.strictObject({ name: z.string(), package_json: z.record(z.string(), z.unknown()).nullable() }),
  ]),
);
export type PatternCorpus = z.infer<typeof PatternCorpus>;
export type CorpusItem = PatternCorpus[number];

/** The name of the fixture that a text came from: later texts of one fixture have a number before it. */
export function plainName(name: string): string {
  return name.replace(/^\d+\./, "");
}

/** What one version of a pattern does. */
export const PatternBehaviour = z.strictObject({
  /** How many texts of the corpus, from the first, it was asked about. */
  texts: z.number().int().nonnegative(),
  /** What a user says to it: its keywords and settings. */
  surface: z.array(z.string()),
  /**
   * By the name of the text: `changed`, with hashes of the result and of the edits with their reasons, or `skipped`, with the hash of the reason;
   * one for each set of settings, with `|` between. A text that stays in silence is not named.
   */
  outcomes: z.record(z.string(), z.string()),
  /** Of the source, where a pattern has no texts to act on. */
  source_sha256: Sha256.optional(),
});
export type PatternBehaviour = z.infer<typeof PatternBehaviour>;

/** What every version of every pattern did, by id and version. Entries are never changed and never go. */
export const PatternLedger = z.strictObject({
  version: z.literal(1),
  patterns: z.record(z.string(), z.record(PatternVersion, PatternBehaviour)),
});
export type PatternLedger = z.infer<typeof PatternLedger>;

/** The ledger of one commit, with the texts that it speaks of. */
export interface RecordedVersions {
  readonly ledger: PatternLedger;
  readonly corpus: PatternCorpus;
}

/** Reads the texts of `ledger.json` and `corpus.json`; what is not there is empty. Throws where one is no such document. */
export function parseVersions(ledgerText: string | null, corpusText: string | null): RecordedVersions {
  return {
    ledger: PatternLedger.parse(ledgerText === null ? { version: 1, patterns: {} } : JSON.parse(ledgerText)),
    corpus: PatternCorpus.parse(corpusText === null ? [] : JSON.parse(corpusText)),
  };
}

/** The version of an id that was recorded last, or null. */
export function latestVersion(ledger: PatternLedger, id: string): string | null {
  return Object.keys(ledger.patterns[id] ?? {}).reduce<string | null>(
    (latest, version) => (latest === null || compareVersions(version, latest) > 0 ? version : latest),
    null,
  );
}

/** Below, equal to or above 0, as the first version is below, equal to or above the second. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split(".").map(Number), right.split(".").map(Number)];
  return [0, 1, 2].map((place) => (a[place] ?? 0) - (b[place] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
