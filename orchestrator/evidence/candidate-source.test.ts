import { expect, test } from "vitest";
import { sampleManifest } from "../../tests/guard/sample-manifest.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import { candidateSource } from "./candidate-source.ts";

const commits = { base: "a".repeat(40), baseTree: "b".repeat(40), commit: "c".repeat(40), tree: "d".repeat(40) };
const sha256 = "e".repeat(64);
const asked = (subject = "builder.1", kind: "finish_approval" | "plan_approval" = "finish_approval") => ({
  id: "q1",
  kind,
  text: "Shall it?",
  subject,
  subject_sha256: sha256,
  asked_at: "2026-11-20T12:00:05.000Z",
});
const said = (decision: "approve" | "reject", kind: "person" | "agent" = "person") => ({
  decision,
  actor: { kind, id: "ann", authenticated_by: "local_user" as const },
  at: "2026-11-20T12:00:06.000Z",
  message: null,
});
const of = (more: Partial<RunManifest>) => candidateSource(sampleManifest(commits, more), sha256);

test("a passed run whose last build a person approved is a source, and names both", () => {
  const questions = [{ question: asked(), answer: said("approve") }];
  expect(of({ questions })).toEqual({
    run_id: "r1",
    task_id: "0007-retry",
    manifest_sha256: sha256,
    base_commit: commits.base,
    commit: commits.commit,
    approved_by: ["ann"],
  });
});

test.each<[string, RunManifest["questions"]]>([
  ["nobody was asked", []],
  ["nobody answered", [{ question: asked(), answer: null }]],
  ["it was rejected", [{ question: asked(), answer: said("reject") }]],
  ["no person approved it", [{ question: asked(), answer: said("approve", "agent") }]],
  ["an earlier build was approved", [{ question: asked("builder.0"), answer: said("approve") }]],
  ["only the plan was approved", [{ question: asked("builder.1", "plan_approval"), answer: said("approve") }]],
])("nothing is learnt from a passed run where %s", (_, questions) => {
  expect(() => of({ questions })).toThrow(/no person approved the change of the run r1/);
});

test("nothing is learnt from a run that did not pass, or whose manifest contradicts itself", () => {
  const questions = [{ question: asked(), answer: said("approve") }];
  expect(() => of({ questions, status: "refused" })).toThrow(/is refused, not passed, so nothing is learnt/);
  expect(() => of({ questions, commit: null })).toThrow(/has no commit/);
  expect(() => of({ questions, gates: [] })).toThrow(/did not pass the plan gate/);
});
