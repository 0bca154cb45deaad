import type { GuardReport } from "../../gates/guard/guard-report.ts";
import { codeVersion } from "../../schema/version.ts";

/** All that a report says, whatever its form. */
export interface GuardResult {
  readonly report: GuardReport;
  readonly base: string;
  readonly head: string;
  readonly worktree: boolean;
  readonly policyFile: string;
  readonly today: string;
  /** True where `--now` set the day. */
  readonly nowGiven: boolean;
  readonly dryRun: boolean;
  /** What the exit code is, or would be without `--dry-run`. */
  readonly verdictCode: number;
  readonly counts: { readonly changed: number; readonly controlled: number; readonly specs: number };
}

/** Where the rules are explained, each under its id. */
export const rulesPage = "docs/spec-guard.md";

/** The result as one JSON document. */
export function resultDocument(result: GuardResult): unknown {
  const { report, counts } = result;
  return {
    schema_version: 1,
    program: "spec-guard",
    version: codeVersion,
    decision: report.decision,
    exit_code: result.verdictCode,
    dry_run: result.dryRun,
    judged_on: result.today,
    judged_on_given: result.nowGiven,
    base: result.base,
    head: result.head,
    worktree: result.worktree,
    policy: result.policyFile,
    counts: { ...counts, ...countsOf(report) },
    findings: report.findings,
    waived: report.waived,
  };
}

/** How many findings there are of each weight. */
export function countsOf({ findings, waived }: GuardReport): { errors: number; warnings: number; waived: number } {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: findings.length - errors, waived: waived.length };
}
