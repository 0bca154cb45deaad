import { z } from "zod";
import { TesterInput, type TestSummary } from "../../schema/handoff.ts";
import type { Conversation, Decision } from "./conversation.ts";

const CheckAnswer = z.object({ verdict: z.enum(["passed", "failed"]) });

/** Runs each check once. */
export function decideAsTester({ document, results }: Conversation): Decision {
  const { goals } = TesterInput.parse(document);
  const next = goals[results.length];
  if (next !== undefined) return { kind: "call", tool: "run_check", arguments: { goal: next } };
  const passed = results.filter(({ result }) => hasPassed(result)).length;
  const summary: TestSummary = {
    summary: `${passed} of ${goals.length} check(s) passed.`,
    claim: passed === goals.length ? "passed" : "failed",
  };
  return { kind: "finish", document: summary };
}

function hasPassed(result: string): boolean {
  try {
    return CheckAnswer.safeParse(JSON.parse(result)).data?.verdict === "passed";
  } catch {
    return false;
  }
}
