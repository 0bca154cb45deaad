import type { Metric } from "../metric.ts";
import type { EvaluationIdentity, EvaluationSummary, SampleResult } from "../schema/evaluation-log.ts";
import { bootstrapInterval } from "../statistics/bootstrap-interval.ts";
import { meanOf, meanWithError } from "../statistics/mean-with-error.ts";
import { passAtK, passHatK, type Tries } from "../statistics/pass-estimates.ts";
import { wilsonInterval } from "../statistics/wilson-interval.ts";

/** The figures of an evaluation, all of whose tries are given. The same results give the same figures. */
export function summarizeResults(
  results: readonly SampleResult[],
  identity: Pick<EvaluationIdentity, "epochs" | "seed" | "scorers">,
  metrics: readonly Metric[],
): EvaluationSummary {
  const samples = triesBySample(results);
  const statusCount = (status: SampleResult["status"]) => results.filter((each) => each.status === status).length;
  return {
    samples: samples.length,
    tries: results.length,
    passed: results.filter(({ passed }) => passed).length,
    timed_out: statusCount("timed_out"),
    infrastructure_failed: statusCount("infrastructure_failed"),
    pass_rate: passRateOf(samples, identity),
    estimates: Array.from({ length: identity.epochs }, (_, index) => estimatesOf(samples, index + 1)),
    measures: measuresOf(results, identity),
    metrics: Object.fromEntries(metrics.map((metric) => [metric.id, metric.of(results)])),
  };
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
  if (epochs > 1) {
    const interval = bootstrapInterval(shares, seed);
    return { ...meanWithError(shares), interval, method: "bootstrap_over_samples" };
  }
  const passed = samples.filter((each) => each.passed > 0).length;
  return { ...meanWithError(shares), interval: wilsonInterval({ tries: samples.length, passed }), method: "wilson" };
}

function estimatesOf(samples: readonly Tries[], k: number): EvaluationSummary["estimates"][number] {
  return {
    k,
    pass_at_k: meanOf(samples.map((tries) => passAtK(tries, k) ?? 0)),
    pass_hat_k: meanOf(samples.map((tries) => passHatK(tries, k) ?? 0)),
  };
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
