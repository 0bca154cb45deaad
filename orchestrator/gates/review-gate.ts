import { z } from "zod";
import { Delegate, GitHash } from "../schema/primitives.ts";
import { Review } from "../schema/review.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";

const Worker = z.strictObject({ role: Delegate, agent: z.string().min(1), step_id: z.string().min(1) });

/**
 * What the review gate looks at: the review, who wrote it, who built what was reviewed, and which tree each of them
 * saw.
 */
export const ReviewEvidence = z.strictObject({
  review: Review,
  reviewer: Worker,
  builder: Worker,
  reviewed_tree: GitHash,
  tree: GitHash.describe("the tree that is to be finished"),
  criteria: z.array(z.string()).min(1),
  unseen_paths: z.array(z.string()).describe("changed paths whose diff the reviewer was not shown whole"),
});
export type ReviewEvidence = z.infer<typeof ReviewEvidence>;

/**
 * Refuses a review that asks for changes, approves without having seen every criterion met, names unknown criteria,
 * saw another tree, did not see the whole diff of each changed path, or was not written by a reviewer other than the builder. Remarks beside an approval do not
 * refuse.
 */
export const reviewGate: CheckedGate<ReviewEvidence> = {
  name: "review",
  version: "2",
  evidence: ReviewEvidence,
  decide: (evidence) =>
    decisionOf([
      ...dependence(evidence),
      ...wrongTree(evidence),
      ...unknownCriteria(evidence),
      ...objections(evidence),
    ]),
};

function dependence({ reviewer, builder }: ReviewEvidence): Finding[] {
  const findings: Finding[] = [];
  const add = (message: string) => findings.push({ rule: "review/not-independent", message });
  if (reviewer.role !== "reviewer") add(`the review was written by a ${reviewer.role}`);
  if (reviewer.agent === builder.agent) add(`the agent ${builder.agent} reviewed its own work`);
  if (reviewer.step_id === builder.step_id) add(`the step ${builder.step_id} reviewed itself`);
  return findings;
}

function wrongTree({ reviewed_tree, tree }: ReviewEvidence): Finding[] {
  if (reviewed_tree === tree) return [];
  return [
    { rule: "review/other-tree", message: `the review is of tree ${reviewed_tree}, but ${tree} is to be finished` },
  ];
}

function unknownCriteria({ review, criteria }: ReviewEvidence): Finding[] {
  return review.criteria_met
    .filter((id) => !criteria.includes(id))
    .map((id) => ({ rule: "review/unknown-criterion", message: `"${id}" is no acceptance criterion of the task` }));
}

function objections({ review, criteria, unseen_paths }: ReviewEvidence): Finding[] {
  if (review.decision === "request_changes") {
    return [{ rule: "review/changes-requested", message: review.summary }, ...review.findings.map(remark)];
  }
  const unmet = criteria
    .filter((id) => !review.criteria_met.includes(id))
    .map((id) => ({ rule: "review/criterion-unmet", message: `approved, but the criterion "${id}" was not seen met` }));
  const unseen = unseen_paths.map((path) => ({
    rule: "review/unseen-path",
    path,
    message: `approved, but the reviewer was not shown the whole diff of ${path}`,
  }));
  return [...unmet, ...unseen];
}

function remark({ rule, path, line, message }: Review["findings"][number]): Finding {
  return { rule: `review/${rule}`, message, ...(path === null ? {} : { path }), ...(line === null ? {} : { line }) };
}
