import { expect, test } from "vitest";
import type { Review } from "../schema/review.ts";
import { type ReviewEvidence, reviewGate } from "./review-gate.ts";

const tree = "a".repeat(40);
const approval: Review = { decision: "approve", summary: "good", criteria_met: ["a", "b"], findings: [] };
const remark = { rule: "naming", path: "src/a.ts", line: 3, message: "call it count" };

const evidence = (more: Partial<ReviewEvidence> = {}): ReviewEvidence => ({
  review: approval,
  reviewer: { role: "reviewer", agent: "reviewer", step_id: "4" },
  builder: { role: "builder", agent: "builder", step_id: "2" },
  reviewed_tree: tree,
  tree,
  criteria: ["a", "b"],
  unseen_paths: [],
  ...more,
});

const rulesOf = (given: ReviewEvidence) => {
  const decision = reviewGate.decide(given);
  return decision.decision === "refuse" ? decision.findings.map((finding) => finding.rule) : decision.decision;
};

test.each<[string, ReviewEvidence]>([
  ["that approves with every criterion met", evidence()],
  ["that approves with remarks", evidence({ review: { ...approval, findings: [remark] } })],
])("a review %s passes", (_, given) => {
  expect(rulesOf(given)).toBe("pass");
});

test.each<[string, ReviewEvidence, string[]]>([
  [
    "that asks for changes",
    evidence({ review: { ...approval, decision: "request_changes" } }),
    ["review/changes-requested"],
  ],
  [
    "that approves with a criterion unmet",
    evidence({ review: { ...approval, criteria_met: ["a"] } }),
    ["review/criterion-unmet"],
  ],
  [
    "that approves with nothing met",
    evidence({ review: { ...approval, criteria_met: [] } }),
    ["review/criterion-unmet", "review/criterion-unmet"],
  ],
  [
    "that invents a criterion",
    evidence({ review: { ...approval, criteria_met: ["a", "b", "c"] } }),
    ["review/unknown-criterion"],
  ],
  [
    "by the builder's role",
    evidence({ reviewer: { role: "builder", agent: "other", step_id: "4" } }),
    ["review/not-independent"],
  ],
  [
    "by the tester",
    evidence({ reviewer: { role: "tester", agent: "tester", step_id: "4" } }),
    ["review/not-independent"],
  ],
  [
    "by the agent that built",
    evidence({ reviewer: { role: "reviewer", agent: "builder", step_id: "4" } }),
    ["review/not-independent"],
  ],
  [
    "from the step that built",
    evidence({ reviewer: { role: "reviewer", agent: "reviewer", step_id: "2" } }),
    ["review/not-independent"],
  ],
  [
    "that approves without having been shown each changed path",
    evidence({ unseen_paths: ["src/a.ts", "src/b.ts"] }),
    ["review/unseen-path", "review/unseen-path"],
  ],
  ["of another tree", evidence({ reviewed_tree: "b".repeat(40) }), ["review/other-tree"]],
])("a review %s is refused", (_, given, rules) => {
  expect(rulesOf(given)).toEqual(rules);
});

test("asked changes reach the builder with rule, place and message", () => {
  const review: Review = {
    decision: "request_changes",
    summary: "not yet",
    criteria_met: [],
    findings: [remark, { ...remark, path: null, line: null }],
  };
  expect(reviewGate.decide(evidence({ review }))).toEqual({
    decision: "refuse",
    findings: [
      { rule: "review/changes-requested", message: "not yet" },
      { rule: "review/naming", path: "src/a.ts", line: 3, message: "call it count" },
      { rule: "review/naming", message: "call it count" },
    ],
  });
});
