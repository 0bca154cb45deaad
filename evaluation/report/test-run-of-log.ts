import type { TestRun } from "../../adapters/exports/test-run.ts";
import type { CaseOutcome, TestCase } from "../../orchestrator/schema/test-report.ts";
import type { EvaluationLog, SampleResult } from "../schema/evaluation-log.ts";
import { modelGradedId } from "../scorer.ts";
import { reasonOf } from "./format-log.ts";
import { scorerName } from "./scorer-name.ts";

const diffCharactersMax = 8_192;

/**
 * A log as a run of tests, for those who read JUnit or CTRF: each try is a case, in the suite that the folders of its sample name. A failure of
 * the infrastructure is an error, and what was not tried is skipped, which keeps the run from being green.
 */
export function testRunOf({
  dataset,
  solver,
  scorers,
  summary,
  results,
  started_at,
  finished_at,
  epochs,
}: EvaluationLog): TestRun {
  const opinions = scorers.filter(({ id }) => id.startsWith(modelGradedId)).map(({ id }) => `; ${scorerName(id)}`);
  const isPassed = summary.is_complete && summary.passed === summary.tries && summary.tries > 0;
  return {
    name: `${dataset.id}: ${solver.id}${opinions.join("")}`,
    startedAt: Date.parse(started_at),
    cases: results.map((result) => caseOf(result, epochs, dataset.id)),
    result: {
      command: ["eval", dataset.id],
      verdict: isPassed ? "passed" : "failed",
      reason: `${summary.passed} of ${summary.tries} tries passed, ${summary.not_tried} were not made`,
      duration_ms: Math.max(0, Date.parse(finished_at) - Date.parse(started_at)),
    },
  };
}

const outcomes = {
  timed_out: "timeout",
  infrastructure_failed: "error",
  not_tried: "skipped",
} as const satisfies Record<Exclude<SampleResult["status"], "scored">, CaseOutcome>;

function caseOf(result: SampleResult, epochs: number, dataset: string): TestCase {
  const { sample, epoch, passed } = result;
  const cut = sample.lastIndexOf("/");
  const name = sample.slice(cut + 1);
  return {
    suite: cut === -1 ? dataset : sample.slice(0, cut),
    name: epochs === 1 ? name : `${name} (try ${epoch})`,
    outcome: result.status === "scored" ? (passed ? "passed" : "failed") : outcomes[result.status],
    ...(result.status === "not_tried" ? {} : { duration_ms: result.duration_ms }),
    ...(passed ? {} : { message: messageOf(result) }),
  };
}

function messageOf(result: SampleResult): string {
  if (result.status !== "scored") return reasonOf(result);
  const scores = Object.entries(result.scores).map(
    ([id, { value, reason }]) => `${scorerName(id)} ${value}: ${reason}`,
  );
  return [reasonOf(result), ...scores, "", result.patch.slice(0, diffCharactersMax)].join("\n");
}
