import { expect, test } from "vitest";
import { runSummary } from "./run-summary.ts";
import { finding, finishQuestion, plainView, sampleManifest } from "./sample-run.test-support.ts";

const run = "20260102t030405678z-abcdef012345";

test("a passed run shows its change, gates and cost, and how to apply it", () => {
  expect(runSummary(sampleManifest(), plainView).split("\n")).toEqual([
    "passed: every gate passed",
    `  run     ${run}`,
    "  task    t1 – Add the node: prefix",
    "  change  2 files, +1,200 −3",
    `  commit  cccccccccccc on orchestrator/${run}`,
    "  gates   ✓ spec  ✓ test (after 1 refusal)  ✓ review".replaceAll("  ✓", " ✓").replace("gates ", "gates  "),
    "  tests   ✓ test 12 passed, 1 skipped (1.5 s)",
    "  cost    1 min 01 s, 12 model turns, 12,345 tokens in, 678 out, $0.0321",
    "",
    "Next",
    `  codex-orchestrator runs show ${run}   everything a reviewer needs`,
    `  codex-orchestrator runs diff ${run}   the change`,
    `  codex-orchestrator runs apply ${run}  brings the commit into your repository`,
  ]);
});

test("a refused run says why in the words of the gate that refused last, the first five findings", () => {
  const [gate] = sampleManifest().gates;
  if (gate === undefined) throw new Error("the sample has gates");
  const findings = Array.from({ length: 7 }, (_, index) => ({ ...finding, line: index + 1 }));
  const verdict = { ...gate.verdict, decision: "refuse" as const, findings };
  const text = runSummary(sampleManifest({ status: "refused", gates: [{ ...gate, verdict }] }), plainView);
  expect(text).toContain("findings  test/a.test.js:1: adds wrongly [test/failed]\n");
  expect(text).toContain("and 2 more");
  expect(text).not.toContain("runs apply");
});

test("a gate that refuses to the end tells how often it did, the last time included", () => {
  const [gate] = sampleManifest().gates;
  if (gate === undefined) throw new Error("the sample has gates");
  const refused = { ...gate, verdict: { ...gate.verdict, decision: "refuse" as const, findings: [finding] } };
  const gatesOf = (count: number) =>
    runSummary(sampleManifest({ status: "refused", gates: Array.from({ length: count }, () => refused) }), plainView);
  expect(gatesOf(3)).toContain(`✗ ${gate.verdict.gate} (refused 3 times)\n`);
  expect(gatesOf(1)).toContain(`✗ ${gate.verdict.gate}\n`);
});

test("a blocked run shows its question and the exact commands that answer it", () => {
  const text = runSummary(
    sampleManifest({ status: "blocked", finished_at: null, questions: [{ question: finishQuestion, answer: null }] }),
    plainView,
  );
  expect(text).toContain("? finish approval about builder.2 (999999999999)\n  Shall this change be committed?\n");
  for (const verb of ["runs diff", "approve", "reject"]) expect(text).toContain(`  codex-orchestrator ${verb} ${run}`);
});

test.each(["faulted", "paused"] as const)("a %s run says how to go on", (status) => {
  expect(runSummary(sampleManifest({ status, finished_at: null }), plainView)).toContain(
    `codex-orchestrator resume ${run}`,
  );
});
