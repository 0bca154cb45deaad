import { expect, test } from "vitest";
import type { QuestionKind } from "../../schema/verdict.ts";
import { questionView } from "./question-view.ts";
import { finishQuestion, plainView, sampleManifest } from "./sample-run.test-support.ts";

const view = (kind: QuestionKind) => questionView(sampleManifest(), { ...finishQuestion, kind }, plainView);

test("the plan that is asked about is shown with what it may change", () => {
  const item = {
    id: "i1",
    description: "Do it",
    criteria: ["c1"],
    paths: ["src/**"],
    pattern: "node-protocol",
    depends_on: [],
  };
  const plan = { summary: "Apply it.", items: [item] };
  const text = questionView(sampleManifest(), { ...finishQuestion, kind: "plan_approval" }, { ...plainView, plan });
  expect(text).toContain("  plan Apply it.\n    i1: Do it [node-protocol]\n      may change src/**");
});

test("a rejection with words sends a plan or a change back; else it ends the run, and the hint says so", () => {
  expect(view("plan_approval")).toMatch(/reject \S+ --question \S+ --message "…" {2}sends it back/);
  expect(view("finish_approval")).toMatch(/reject \S+ --question \S+ --message "…" {2}sends it back/);
  expect(view("stuck")).not.toContain("sends it back");
  expect(view("stuck")).toMatch(/reject \S+ --question \S+ +ends the run/);
});

test("every hint names the question that it answers, and what an approval of a spent budget grants", () => {
  const spent = { ...finishQuestion, id: "q7", kind: "budget_spent", limits: ["tokens", "cost_usd"] } as const;
  const text = questionView(sampleManifest(), { ...spent, limits: [...spent.limits] }, plainView);
  expect(text).toMatch(/approve \S+ --question q7 +grants tokens and cost usd once more/);
  expect(text).toMatch(/reject \S+ --question q7 +ends the run/);
  expect(view("budget_spent")).toMatch(/approve \S+ --question \S+ +tries again/);
});
