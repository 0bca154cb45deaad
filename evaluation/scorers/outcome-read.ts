import { CaseOutcome } from "../../orchestrator/schema/test-report.ts";
import type { TestReading } from "../schema/sample.ts";
import { type Scorer, verdict } from "../scorer.ts";
import { runGoal } from "./run-goal.ts";

/** The adapter says of the tests what the target's `reads` has: the verdict, and how many cases ended in which way, no more and no fewer. */
export const outcomeRead: Scorer = {
  id: "outcome-read",
  version: "1",
  kind: "verdict",
  score: async (subject) => {
    const wanted = subject.sample.target.reads;
    if (wanted === undefined) return null;
    const runs = await subject.inCopy((root) => runGoal(subject, root, "test"));
    if (typeof runs === "string") return verdict(wanted.verdict === "failed" && isEmpty(wanted), runs);
    const counts = new Map(CaseOutcome.options.map((outcome) => [outcome, 0]));
    for (const { outcome } of runs.flatMap(({ cases }) => cases)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    const said = runs.every((run) => run.verdict === "passed") && runs.length > 0 ? "passed" : "failed";
    const isSame = CaseOutcome.options.every((outcome) => counts.get(outcome) === (wanted.counts[outcome] ?? 0));
    const told = [...counts].flatMap(([outcome, count]) => (count === 0 ? [] : [`${count} ${outcome}`]));
    const reasons = runs.map(({ reason }) => reason).join("; ");
    return verdict(isSame && said === wanted.verdict, `${said}: ${told.join(", ") || "no case"} (${reasons})`);
  },
};

function isEmpty({ counts }: TestReading): boolean {
  return Object.keys(counts).length === 0;
}
