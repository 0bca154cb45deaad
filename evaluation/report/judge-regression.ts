import { compileGlobs } from "../../orchestrator/gates/index.ts";
import type { LogComparison } from "./compare-logs.ts";

/** What counts as a regression. */
export interface RegressionRule {
  /** `significant`: worse by more than chance. `any`: a single sample that passed less often. */
  readonly failOn: "any" | "significant";
  /** Globs over ids; a sample of these that passed less often is a regression whatever chance says. */
  readonly neverWorse?: readonly string[];
}

/** Whether a comparison shows a regression, and why, in one sentence. */
export interface RegressionVerdict {
  readonly is_regression: boolean;
  readonly reason: string;
}

/** Judges a comparison by a rule. */
export function judgeRegression(comparison: LogComparison, rule: RegressionRule): RegressionVerdict {
  const { worse_samples: worse } = comparison;
  const isNamed = compileGlobs(rule.neverWorse ?? []);
  const named = worse.filter((sample) => isNamed(sample));
  if (named.length > 0) return { is_regression: true, reason: `worse where nothing may be: ${listOf(named)}` };
  if (rule.failOn === "any" && worse.length > 0) return { is_regression: true, reason: `worse: ${listOf(worse)}` };
  if (comparison.verdict === "worse") return { is_regression: true, reason: significanceOf(comparison) };
  return { is_regression: false, reason: significanceOf(comparison) };
}

const methods = { mcnemar_exact: "McNemar's exact", sign_test: "sign test" } as const;
const shownMax = 10;

function listOf(samples: readonly string[]): string {
  const more = samples.length > shownMax ? ` and ${samples.length - shownMax} more` : "";
  return `${samples.slice(0, shownMax).join(", ")}${more}`;
}

/** What the figures say of chance, in one sentence. */
export function significanceOf({ worse, better, p_value: p, alpha, verdict, method }: LogComparison): string {
  const differing = worse + better;
  if (differing === 0) return "no sample passed more or less often than before";
  const figures = `${worse} worse and ${better} better, ${methods[method]} p = ${formatP(p)}`;
  if (verdict !== "no_difference_shown") return `${verdict} by more than chance: ${figures}, below ${alpha}`;
  const needed = Math.floor(1 - Math.log2(alpha)) + 1;
  const few = differing < needed ? `; fewer than ${needed} samples that differ cannot show more` : "";
  return `no more than chance may do: ${figures}, not below ${alpha}${few}`;
}

function formatP(p: number): string {
  return p < 0.0001 ? "less than 0.0001" : p.toFixed(4);
}
