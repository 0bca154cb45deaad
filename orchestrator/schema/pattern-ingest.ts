import { z } from "zod";
import type { PatternLibraryPin } from "./config.ts";
import { PatternUse } from "./pattern-use.ts";
import type { FixtureResult } from "./pattern-workbench.ts";
import { GitHash, Sha256, Slug } from "./primitives.ts";

/** The id of a candidate: what a pattern is called, and the name of its folder. */
export const CandidateId = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "lower-case words joined by '-'")
  .max(80);

/** A run that a candidate was made from, as its record names it. */
export const CandidateSource = z.strictObject({
  run_id: Slug,
  task_id: Slug,
  manifest_sha256: Sha256,
  base_commit: GitHash,
  commit: GitHash,
  /** The people who approved the change. */
  approved_by: z.array(z.string().min(1)).min(1),
});
export type CandidateSource = z.infer<typeof CandidateSource>;

/** `candidate.yaml`: where a candidate comes from. Nothing loads a candidate; only a library is loaded. */
export const PatternCandidate = z.strictObject({
  version: z.literal(1),
  id: CandidateId,
  kind: z.enum(["codemod", "template"]),
  status: z.literal("draft"),
  source: CandidateSource,
  /** What the run used, and how many of its changed files that explains as a whole. */
  known_patterns: z.array(PatternUse.extend({ files_explained: z.number().int().nonnegative() })),
  fixtures: z.array(z.strictObject({ path: z.string(), fixture: z.string(), redacted: z.boolean() })),
  left_out: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
});
export type PatternCandidate = z.infer<typeof PatternCandidate>;

/** A text before and after a run; null where there was none. */
export interface IngestedText {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** True where a secret was taken out. */
  readonly redacted: boolean;
}

/** What a candidate is proposed from. Texts are free of secrets already. */
export interface IngestRequest {
  readonly id: string;
  readonly title: string;
  readonly source: CandidateSource;
  readonly used: readonly PatternUse[];
  /** True: what known patterns did is proposed too, for a variant of one. */
  readonly withKnown: boolean;
  readonly changed: readonly IngestedText[];
  readonly same: readonly { readonly path: string; readonly text: string; readonly redacted: boolean }[];
  /** The package.json files above the changed ones, by path. */
  readonly packages: ReadonlyMap<string, string>;
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** A candidate, and the files of its folder by path; or why there is none. */
export type Proposal =
  | { readonly outcome: "proposed"; readonly candidate: PatternCandidate; readonly files: ReadonlyMap<string, string> }
  | { readonly outcome: "nothing_left"; readonly reason: string; readonly leftOut: IngestRequest["leftOut"] };

/** A candidate that is to become a pattern of a library of the repository. */
export interface PromotionRequest {
  readonly root: string;
  readonly id: string;
  readonly library: Pick<PatternLibraryPin, "name" | "from">;
}

/** What became of it: nothing was moved where a test failed; else the folder of the library and the hash to pin. */
export type Promotion =
  | { readonly outcome: "refused"; readonly results: readonly FixtureResult[] }
  | {
      readonly outcome: "promoted";
      readonly results: readonly FixtureResult[];
      readonly folder: string;
      readonly sha256: string;
    };

/** Where candidates are tested, and moved from. */
export interface CandidateBench {
  /** True for a folder that holds a candidate. */
  holds(folder: string): Promise<boolean>;
  /** Runs code and fixtures of a candidate. Throws `document_invalid` for a folder that is none, and `library_refused` for one with a link. */
  test(folder: string): Promise<readonly FixtureResult[]>;
  /** Throws `path_refused` where the library has a pattern of this name, or an entry that somebody wrote. */
  promote(request: PromotionRequest): Promise<Promotion>;
}

/** Turns what runs did into candidates. */
export interface PatternNursery {
  /** Deterministic: the same request gives the same files. */
  propose(request: IngestRequest): Proposal;
  /** Writes a candidate as `patterns/staging/<id>` of a repository. Throws `path_refused` where that is there already. */
  stage(root: string, id: string, files: ReadonlyMap<string, string>): Promise<string>;
}

/** The folder of a repository in which candidates lie. Nothing in it is ever loaded by `apply`, a planner or a builder. */
export const stagingFolder = "patterns/staging";
