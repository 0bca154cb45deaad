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
  flaky: z
    .array(z.string())
    .max(1_000)
    .optional()
    .describe(
      "targets about which two runs of the same state disagree; they speak neither for a solver nor against it",
    ),
  model_call: z
    .strictObject({ model: z.string(), request_sha256: Sha256, usage: Usage })
    .optional()
    .describe("of a model's opinion: the call behind it"),
});
export type Score = z.infer<typeof Score>;

const due = {
  sample: SampleId,
  epoch: z.number().int().positive(),
  seed: count.describe("made of the evaluation's seed, the sample and the epoch"),
  key: Sha256.describe("the hash of all that the result depends on"),
};

const tried = {
  ...due,
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
 * said of the solver; the try counts as not passed, and is shown apart. `not_tried`: no try was made, so it counts for nothing, and the evaluation
 * is not complete.
 */
export const SampleResult = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("scored"), ...tried, passed: z.boolean(), ...solved }),
  z.strictObject({
    ...{ status: z.literal("timed_out"), ...tried, passed: z.literal(false) },
    usage: Usage.optional().describe("where the solver still said so as it was stopped"),
  }),
  z.strictObject({
    ...{ status: z.literal("infrastructure_failed"), ...tried, passed: z.literal(false) },
    code: z.string().describe("that of the fault, or unknown"),
    message: z.string(),
  }),
  z.strictObject({
    ...{ status: z.literal("not_tried"), ...due, passed: z.literal(false) },
    reason: z.string().describe("one sentence: a spent budget, or what the sample needs and this machine has not"),
  }),
]);
export type SampleResult = z.infer<typeof SampleResult>;

const Interval = z.strictObject({ low: z.number(), high: z.number() });
const MeanWithError = z.strictObject({ mean: z.number(), standard_error: z.number().nullable() });

/**
 * The figures of an evaluation. Each share has all tries below it that were made, also those that the infrastructure failed. Where some were not
 * made, the shares say nothing of the samples that were never tried.
 */
export const EvaluationSummary = z.strictObject({
  is_complete: z.boolean().describe("every try was made"),
  samples: count.describe("that were tried"),
  tries: count.describe("that were made"),
  not_tried: count,
  passed: count,
  timed_out: count,
  infrastructure_failed: count,
  pass_rate: MeanWithError.extend({
    mean: share.nullable().describe("null where nothing was tried"),
    interval: Interval,
    method: z.enum(["wilson", "bootstrap_over_samples"]).describe("Wilson where each sample was tried once"),
  }),
  estimates: z
    .array(z.strictObject({ k: z.number().int().positive(), pass_at_k: share, pass_hat_k: share }))
    .describe("means over the samples, for each k up to the epochs"),
  measures: z.record(z.string(), MeanWithError.extend({ tries: count })).describe("over the tries that were scored"),
  usage: Usage.describe("of all tries that say what they used; what came from the cache cost nothing"),
  flaky: z
    .array(z.strictObject({ sample: SampleId, target: z.string() }))
    .describe("targets about which two runs of the same state disagree, each once"),
  metrics: z.record(z.string(), z.number().nullable()).describe("a team's own"),
});
export type EvaluationSummary = z.infer<typeof EvaluationSummary>;

/** Which samples of a dataset were chosen. */
export const Selection = z.strictObject({
  filters: z.array(z.string()).describe("globs over ids, or tags; a sample is chosen by any of them"),
  limit: z.number().int().positive().nullable(),
  of: count.describe("the samples of the whole dataset"),
});
export type Selection = z.infer<typeof Selection>;

/** What an evaluation is: two with the same identity can be gone on with, and compared try by try. */
export const EvaluationIdentity = z.strictObject({
  schema_version: z.literal(1),
  dataset: z.strictObject({
    ...{ id: Slug, sha256: Sha256.describe("of the samples that were chosen"), samples: count },
    selection: Selection.optional().describe("left out where all samples were chosen"),
  }),
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
