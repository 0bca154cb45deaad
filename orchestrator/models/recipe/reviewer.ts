import { z } from "zod";
import { ReviewerInput } from "../../schema/handoff.ts";
import type { Review, ReviewFinding } from "../../schema/review.ts";
import type { CallResult, Conversation, Decision } from "./conversation.ts";

const PatternAnswer = z.object({
  findings: z.array(z.object({ path: z.string(), line: z.number().int().positive(), message: z.string() })),
});

/** Asks the rule of each pattern in the plan whether anything is left, and reads the test report. */
export function decideAsReviewer({ document, results }: Conversation): Decision {
  const { plan, tests } = ReviewerInput.parse(document);
  const withPattern = plan.items.filter(({ pattern }) => pattern !== null);
  const next = withPattern[results.length];
  if (next?.pattern != null) {
    return { kind: "call", tool: "check_pattern", arguments: { pattern: next.pattern, paths: [...next.paths] } };
  }
  const failed = tests.checks
    .filter(({ verdict }) => verdict === "failed")
    .map((check) => finding(`checks/${check.goal}`, check.reason));
  const unserved = plan.items
    .filter(({ pattern }) => pattern === null)
    .map(({ id }) => finding("plan/no-pattern", `item ${id} names no pattern, so nothing can be said of it`));
  const findings = [...results.flatMap(findingsOfCall), ...failed, ...unserved];
  const review: Review = {
    decision: findings.length === 0 ? "approve" : "request_changes",
    summary:
      findings.length === 0
        ? "Nothing is left for the patterns, and every check passed."
        : `${findings.length} finding(s).`,
    criteria_met: findings.length === 0 ? [...new Set(plan.items.flatMap(({ criteria }) => criteria))] : [],
    findings,
  };
  return { kind: "finish", document: review };
}

function findingsOfCall({ result, arguments: args }: CallResult): ReviewFinding[] {
  const pattern = z.object({ pattern: z.string() }).safeParse(args).data?.pattern ?? "unknown";
  const answer = readAnswer(result);
  if (answer === null) return [finding(`pattern/${pattern}`, `the rule could not be asked: ${result.slice(0, 300)}`)];
  return answer.findings.map(({ path, line, message }) => ({ rule: `pattern/${pattern}`, path, line, message }));
}

function readAnswer(result: string): z.infer<typeof PatternAnswer> | null {
  try {
    return PatternAnswer.safeParse(JSON.parse(result)).data ?? null;
  } catch {
    return null;
  }
}

function finding(rule: string, message: string): ReviewFinding {
  return { rule, path: null, line: null, message };
}
