import type { CheckReading, CommandPlan } from "../../orchestrator/schema/adapter-port.ts";
import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import { isFailing, titleOf } from "../../orchestrator/schema/test-case.ts";
import type { CaseOutcome, CheckResult, PlanGoal, TestCase } from "../../orchestrator/schema/test-report.ts";
import { type ReportReader, type ReportReading, reportLengthMax, unusable } from "./report-reading.ts";

const notPassedMax = 200;

/** A plan for one of the checks; an installation has no verdict. */
export interface CheckPlan extends CommandPlan {
  readonly goal: PlanGoal;
}

/** The plan as one of a check. Throws a `TypeError` for an installation, which has no result to read. */
export function checkPlanOf(plan: CommandPlan): CheckPlan {
  if (isCheckPlan(plan)) return plan;
  throw new TypeError("an installation is no check, so it has no result to read");
}

function isCheckPlan(plan: CommandPlan): plan is CheckPlan {
  return plan.goal !== "install";
}

/** What a finished check showed, before it is joined with the facts of the command. */
type Judgement = Pick<CheckReading, "verdict" | "reason" | "report" | "counts" | "not_passed" | "cases">;

/** The result of a command without a report (build, lint, format): it passed when it exited with code 0. */
export function judgeExit(plan: CheckPlan, outcome: CommandOutcome): CheckResult {
  const verdict = outcome.status === "exited" && outcome.exitCode === 0 ? "passed" : "failed";
  return result(plan, outcome, { ...withoutReport(endOf(outcome)), verdict });
}

/** The result of a test command whose report could not be asked for: it failed, for the reason given. */
export function judgeWithoutReport(plan: CheckPlan, outcome: CommandOutcome, reason: string): CheckResult {
  return result(
    plan,
    outcome,
    withoutReport(outcome.status === "exited" ? `${reason} (${endOf(outcome)})` : endOf(outcome)),
  );
}

/**
 * The result of a test command with a report of the runner's own. It passed only with exit code 0 and a complete report of more
 * than zero tests that ran, none of which failed. Holds all cases of a report that was read.
 */
export function judgeTests(
  plan: CheckPlan,
  outcome: CommandOutcome,
  report: string | null,
  dialect: string,
  read: ReportReader,
): CheckReading {
  return result(plan, outcome, judgeReport(outcome, report, dialect, read));
}

function judgeReport(outcome: CommandOutcome, report: string | null, dialect: string, read: ReportReader): Judgement {
  const reading = readReport(report, read);
  if (!reading.usable)
    return withoutReport(outcome.status === "exited" ? `${reading.problem} (${endOf(outcome)})` : endOf(outcome));
  const { cases } = reading;
  const failing = cases.filter((test) => isFailing(test.outcome));
  const rest = cases.filter((test) => test.outcome !== "passed" && !isFailing(test.outcome));
  const reason = refusalOf(outcome, cases, failing);
  return {
    verdict: reason === undefined ? "passed" : "failed",
    reason: reason ?? successOf(cases),
    report: dialect,
    counts: countOutcomes(cases),
    not_passed: [...failing, ...rest].slice(0, notPassedMax),
    cases,
  };
}

function readReport(report: string | null, read: ReportReader): ReportReading {
  if (report === null) return unusable("the runner wrote no report, so nothing shows that tests ran");
  if (report.trim() === "") return unusable("the runner's report is empty, so nothing shows that tests ran");
  if (report.length > reportLengthMax) return unusable(`the report is longer than ${reportLengthMax} characters`);
  return read(report.startsWith("\uFEFF") ? report.slice(1) : report);
}

function refusalOf(
  outcome: CommandOutcome,
  cases: readonly TestCase[],
  failing: readonly TestCase[],
): string | undefined {
  if (outcome.status !== "exited") return endOf(outcome);
  const [first] = failing;
  if (first !== undefined)
    return `${failing.length} of ${cases.length} tests did not pass, the first: ${titleOf(first)}`;
  if (outcome.exitCode !== 0)
    return `${endOf(outcome)}, although no test in the report failed: something beside the tests did`;
  if (cases.length === 0) return "exit code 0, but the report holds no tests";
  return ranIn(cases) === 0 ? `exit code 0, but no test ran: ${cases.length} skipped or still to do` : undefined;
}

function successOf(cases: readonly TestCase[]): string {
  const ran = ranIn(cases);
  const rest = cases.length - ran;
  return `exit code 0, and ${ran} ${ran === 1 ? "test" : "tests"} ran without a failure${rest === 0 ? "" : ` (${rest} skipped or still to do)`}`;
}

function ranIn(cases: readonly TestCase[]): number {
  return cases.filter(({ outcome }) => outcome !== "skipped" && outcome !== "todo").length;
}

function countOutcomes(cases: readonly TestCase[]): Partial<Record<CaseOutcome, number>> {
  const counts: Partial<Record<CaseOutcome, number>> = {};
  for (const { outcome } of cases) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function endOf(outcome: CommandOutcome): string {
  if (outcome.status === "exited") return `exit code ${outcome.exitCode}`;
  const what = {
    signalled: "was ended by a signal",
    timed_out: "ran out of time",
    aborted: "was stopped",
    failed_to_start: "did not start",
  };
  return `the command ${what[outcome.status]}${outcome.detail === "" ? "" : `: ${outcome.detail}`}`;
}

function withoutReport(reason: string): Judgement {
  return { verdict: "failed", reason, report: null, counts: {}, not_passed: null };
}

function result(plan: CheckPlan, outcome: CommandOutcome, judgement: Judgement): CheckReading {
  return {
    goal: plan.goal,
    command: [...plan.argv],
    status: outcome.status,
    exit_code: outcome.exitCode,
    duration_ms: outcome.durationMs,
    ...judgement,
    output_tail: outcome.outputTail,
  };
}
