import { z } from "zod";
import { diffPageCharacters, ReviewerInput } from "../../schema/handoff.ts";
import type { Review, ReviewFinding } from "../../schema/review.ts";
import type { CallResult, Conversation, Decision, RecipeCall } from "./conversation.ts";

const PatternAnswer = z.object({
  findings: z.array(z.object({ path: z.string(), line: z.number().int().positive(), message: z.string() })),
});

/** Pages of the diff that are asked for in one turn. */
const pagesPerTurn = 20;

/**
 * Reads what the diff leaves out, asks the rule of each pattern in the plan whether anything is left, and reads the test report. Tests
 * that fail as they did on the base have passed their gate.
 */
export function decideAsReviewer({ document, results: all }: Conversation): Decision {
  const { plan, tests, diff_left_out } = ReviewerInput.parse(document);
  const read = all.filter(({ tool }) => tool === "git_diff").length;
  const calls = diff_left_out.flatMap(pagesOf).slice(read, read + pagesPerTurn);
  if (calls.length > 0) return { kind: "calls", calls };
  const results = all.filter(({ tool }) => tool === "check_pattern");
  const withPattern = plan.items.filter(({ pattern }) => pattern !== null);
  const next = withPattern[results.length];
  if (next?.pattern != null) {
    return { kind: "call", tool: "check_pattern", arguments: { pattern: next.pattern, paths: [...next.paths] } };
  }
  const failed = tests.checks
    .filter(({ goal, verdict }) => verdict === "failed" && !(goal === "test" && tests.compared !== undefined))
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

function pagesOf({ path, characters }: ReviewerInput["diff_left_out"][number]): RecipeCall[] {
  const count = Math.ceil(characters / diffPageCharacters);
  return Array.from({ length: count }, (_, index) => ({
    tool: "git_diff",
    arguments: { path, offset: index * diffPageCharacters },
  }));
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
