import type { MetricsSummary } from "../../runs/summarize-metrics.ts";
import type { Printer } from "../printer.ts";
import { layFields } from "../text/layout.ts";
import { countOf, formatCost, formatCount, formatDuration } from "../text/quantities.ts";

/** The figures for people. */
export function metricsText(summary: MetricsSummary, { paint, width }: Pick<Printer, "paint" | "width">): string {
  const { reviewer_readiness: readiness, usage } = summary;
  const mark = readiness.reached ? paint.green("✓") : paint.yellow("!");
  const target = `target ${formatShare(readiness.target)}`;
  return layFields(
    [
      [
        "runs",
        `${formatCount(summary.runs)}: ${summary.passed} passed, ${summary.refused} refused, ${summary.cancelled} cancelled`,
      ],
      ["success rate", formatShare(summary.success_rate)],
      ["guardrail coverage", formatShare(summary.guardrail_coverage)],
      [
        "duration",
        `mean ${formatSeconds(summary.average_duration_seconds)}, p95 ${formatSeconds(summary.p95_duration_seconds)}`,
      ],
      [
        "tokens",
        `${formatCount(usage.input_tokens)} in, ${formatCount(usage.output_tokens)} out, ${countOf(usage.turns, "model turn")}`,
      ],
      ["cost", formatCost(usage.cost_usd)],
      [
        "reviewer readiness",
        `${mark} ${formatShare(readiness.share)} (${readiness.ready} of ${readiness.checked} checked, ${target})`,
      ],
    ],
    0,
    width,
  );
}

function formatShare(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}

function formatSeconds(seconds: number | null): string {
  return seconds === null ? "–" : formatDuration(seconds);
}

interface Sample {
  readonly name: string;
  readonly help: string;
  /** With its labels; null values are left out, as Prometheus has it for what is not known. */
  readonly values: readonly (readonly [labels: string, value: number | null])[];
}

/** The figures in the Prometheus text format, version 0.0.4. */
export function metricsPrometheus(summary: MetricsSummary): string {
  return samplesOf(summary)
    .map(({ name, help, values }) => {
      const full = `codex_orchestrator_${name}`;
      const lines = values.flatMap(([labels, value]) => (value === null ? [] : `${full}${labels} ${value}`));
      return [`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...lines, ""].join("\n");
    })
    .join("");
}

function samplesOf(summary: MetricsSummary): readonly Sample[] {
  const { usage, reviewer_readiness: readiness } = summary;
  const gauge = (name: string, help: string, value: number | null): Sample => ({
    name,
    help,
    values: [["", value]],
  });
  return [
    {
      name: "runs",
      help: "Finished runs by status.",
      values: [
        ['{status="passed"}', summary.passed],
        ['{status="refused"}', summary.refused],
        ['{status="cancelled"}', summary.cancelled],
      ],
    },
    gauge("success_ratio", "Share of finished runs that passed.", summary.success_rate),
    gauge(
      "guardrail_coverage_ratio",
      "Share of finished runs with every required guardrail.",
      summary.guardrail_coverage,
    ),
    gauge("run_duration_seconds_mean", "Mean time under a lease.", summary.average_duration_seconds),
    gauge("run_duration_seconds_p95", "95th percentile of the time under a lease.", summary.p95_duration_seconds),
    {
      name: "tokens",
      help: "Tokens of model calls.",
      values: [
        ['{direction="input"}', usage.input_tokens],
        ['{direction="output"}', usage.output_tokens],
      ],
    },
    gauge("cost_usd", "Cost of model calls in US dollars.", usage.cost_usd),
    gauge("reviewer_readiness_ratio", "Share of checked runs that are ready for a reviewer.", readiness.share),
    gauge("reviewer_readiness_target_ratio", "What that share should be.", readiness.target),
  ];
}
