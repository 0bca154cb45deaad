import { addUsage, noUsage, type Usage } from "../../orchestrator/schema/budget.ts";
import type { Metric } from "../metric.ts";
import type { EvaluationIdentity, EvaluationSummary, SampleResult } from "../schema/evaluation-log.ts";
import { bootstrapInterval } from "../statistics/bootstrap-interval.ts";
import { meanOf, meanWithError } from "../statistics/mean-with-error.ts";
import { passAtK, passHatK, type Tries } from "../statistics/pass-estimates.ts";
import { wilsonInterval } from "../statistics/wilson-interval.ts";

/** The figures of an evaluation, all of whose tries are given, also those that were not made. The same results give the same figures. */
export function summarizeResults(
  results: readonly SampleResult[],
  identity: Pick<EvaluationIdentity, "epochs" | "seed" | "scorers">,
  metrics: readonly Metric[],
): EvaluationSummary {
  const made = results.filter(({ status }) => status !== "not_tried");
  const samples = triesBySample(made);
  const statusCount = (status: SampleResult["status"]) => results.filter((each) => each.status === status).length;
  return {
    is_complete: made.length === results.length,
    samples: samples.length,
    tries: made.length,
    not_tried: results.length - made.length,
    passed: results.filter(({ passed }) => passed).length,
    timed_out: statusCount("timed_out"),
    infrastructure_failed: statusCount("infrastructure_failed"),
    pass_rate: passRateOf(samples, identity),
    estimates: Array.from({ length: identity.epochs }, (_, index) => estimatesOf(samples, index + 1)).flat(),
    measures: measuresOf(results, identity),
    usage: usageOf(results),
    flaky: flakyTargets(results),
    metrics: Object.fromEntries(metrics.map((metric) => [metric.id, metric.of(results)])),
  };
}

/** What the tries used that say so. What came from the cache cost nothing. */
export function usageOf(results: readonly SampleResult[]): Usage {
  return results.map(spentBy).reduce(addUsage, noUsage);
}

function spentBy(result: SampleResult): Usage {
  if (result.status !== "scored" && result.status !== "timed_out") return noUsage;
  return result.is_cached ? noUsage : (result.usage ?? noUsage);
}

function flakyTargets(results: readonly SampleResult[]): EvaluationSummary["flaky"] {
  const found = new Map<string, EvaluationSummary["flaky"][number]>();
  for (const result of results) {
    const scores = result.status === "scored" ? Object.values(result.scores) : [];
    for (const target of scores.flatMap(({ flaky = [] }) => flaky))
      found.set(JSON.stringify([result.sample, target]), { sample: result.sample, target });
  }
  return [...found.values()];
}

/** For each sample, in the order of the results, how often it was tried and passed. */
function triesBySample(results: readonly SampleResult[]): readonly (Tries & { readonly sample: string })[] {
  const found = new Map<string, { sample: string; tries: number; passed: number }>();
  for (const { sample, passed } of results) {
    const tries = found.get(sample) ?? { sample, tries: 0, passed: 0 };
    tries.tries += 1;
    tries.passed += passed ? 1 : 0;
    found.set(sample, tries);
  }
  return [...found.values()];
}

function passRateOf(
  samples: readonly Tries[],
  { epochs, seed }: Pick<EvaluationIdentity, "epochs" | "seed">,
): EvaluationSummary["pass_rate"] {
  const shares = samples.map(({ tries, passed }) => passed / tries);
  const bare = { mean: null, standard_error: null };
  if (samples.length === 0) return { ...bare, interval: { low: 0, high: 1 }, method: "wilson" };
  if (epochs > 1) {
    const interval = bootstrapInterval(shares, seed);
    return { ...meanWithError(shares), interval, method: "bootstrap_over_samples" };
  }
  const passed = samples.filter((each) => each.passed > 0).length;
  return { ...meanWithError(shares), interval: wilsonInterval({ tries: samples.length, passed }), method: "wilson" };
}

/** Over the samples that were tried at least `k` times; none where there is no such sample. */
function estimatesOf(samples: readonly Tries[], k: number): EvaluationSummary["estimates"] {
  const enough = samples.filter(({ tries }) => tries >= k);
  if (enough.length === 0) return [];
  const meanFor = (estimate: typeof passAtK) => meanOf(enough.map((tries) => estimate(tries, k) ?? 0));
  return [{ k, pass_at_k: meanFor(passAtK), pass_hat_k: meanFor(passHatK) }];
}

function measuresOf(
  results: readonly SampleResult[],
  { scorers }: Pick<EvaluationIdentity, "scorers">,
): EvaluationSummary["measures"] {
  const measured = scorers.filter(({ kind }) => kind === "measure");
  const scored = results.flatMap((result) => (result.status === "scored" ? [result.scores] : []));
  return Object.fromEntries(
    measured.flatMap(({ id }) => {
      const values = scored.flatMap((scores) => scores[id]?.value ?? []);
      return values.length === 0 ? [] : [[id, { ...meanWithError(values), tries: values.length }]];
    }),
  );
}
