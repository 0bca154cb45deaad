import { z } from "zod";
import { Usage } from "../../orchestrator/schema/budget.ts";
import { Sha256, Slug, Timestamp } from "../../orchestrator/schema/primitives.ts";
import { SampleId } from "./sample.ts";
import { Solution } from "./solution.ts";

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** A verdict says whether a try passed; a measure says something about it. */
export const ScorerKind = z.enum(["verdict", "measure"]);
export type ScorerKind = z.infer<typeof ScorerKind>;

/** What one scorer says of one try. */
export const Score = z.strictObject({
  value: z.number().describe("of a verdict 0 or 1; of a measure whatever its unit is"),
  reason: z.string().describe("one sentence"),
  model_call: z
    .strictObject({ model: z.string(), request_sha256: Sha256, usage: Usage })
    .optional()
    .describe("of a model's opinion: the call behind it"),
});
export type Score = z.infer<typeof Score>;

const tried = {
  sample: SampleId,
  epoch: z.number().int().positive(),
  seed: count.describe("made of the evaluation's seed, the sample and the epoch"),
  key: Sha256.describe("the hash of all that the result depends on"),
  attempts: z.number().int().positive().describe("more than one after a failure of the infrastructure"),
  is_cached: z.boolean(),
  started_at: Timestamp,
  duration_ms: z.number().nonnegative().describe("of the solver in the last attempt"),
};

const solved = {
  scores: z.record(z.string(), Score),
  changed_paths: z.array(z.string()).max(1_000),
  patch: z.string().describe("what the solver changed, as far as it is text; capped"),
  ...Solution.shape,
};

/**
 * One try of one sample. `timed_out`: the solver was not done in its time, and the try did not pass. `infrastructure_failed`: nothing can be
 * said of the solver; the try counts as not passed, and is shown apart.
 */
export const SampleResult = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("scored"), ...tried, passed: z.boolean(), ...solved }),
  z.strictObject({ status: z.literal("timed_out"), ...tried, passed: z.literal(false) }),
  z.strictObject({
    ...{ status: z.literal("infrastructure_failed"), ...tried, passed: z.literal(false) },
    code: z.string().describe("that of the fault, or unknown"),
    message: z.string(),
  }),
]);
export type SampleResult = z.infer<typeof SampleResult>;

const Interval = z.strictObject({ low: z.number(), high: z.number() });
const MeanWithError = z.strictObject({ mean: z.number(), standard_error: z.number().nullable() });

/** The figures of an evaluation. Each share has all tries of all samples below it, also those that the infrastructure failed. */
export const EvaluationSummary = z.strictObject({
  samples: count,
  tries: count,
  passed: count,
  timed_out: count,
  infrastructure_failed: count,
  pass_rate: MeanWithError.extend({
    interval: Interval,
    method: z.enum(["wilson", "bootstrap_over_samples"]).describe("Wilson where each sample was tried once"),
  }),
  estimates: z
    .array(z.strictObject({ k: z.number().int().positive(), pass_at_k: share, pass_hat_k: share }))
    .describe("means over the samples, for each k up to the epochs"),
  measures: z.record(z.string(), MeanWithError.extend({ tries: count })).describe("over the tries that were scored"),
  metrics: z.record(z.string(), z.number().nullable()).describe("a team's own"),
});
export type EvaluationSummary = z.infer<typeof EvaluationSummary>;

/** What an evaluation is: two with the same identity can be gone on with, and compared try by try. */
export const EvaluationIdentity = z.strictObject({
  schema_version: z.literal(1),
  dataset: z.strictObject({ id: Slug, sha256: Sha256, samples: count }),
  solver: z.strictObject({ id: z.string().min(1), sha256: Sha256 }),
  scorers: z.array(z.strictObject({ id: Slug, version: z.string(), kind: ScorerKind })),
  epochs: z.number().int().positive(),
  seed: count,
  time_limit_ms: z.number().positive(),
});
export type EvaluationIdentity = z.infer<typeof EvaluationIdentity>;

/** The record of an evaluation: what was asked, every try in the order of samples and epochs, and the figures. */
export const EvaluationLog = EvaluationIdentity.extend({
  started_at: Timestamp,
  finished_at: Timestamp,
  results: z.array(SampleResult),
  summary: EvaluationSummary,
});
export type EvaluationLog = z.infer<typeof EvaluationLog>;
