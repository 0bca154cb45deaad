import { expect, test } from "vitest";
import type { RunManifest } from "../../schema/run-manifest.ts";
import { displayWidth } from "../text/display-width.ts";
import { createPaint } from "../text/paint.ts";
import { runReport } from "./run-report.ts";
import { finding, finishQuestion, plainView, sampleManifest } from "./sample-run.test-support.ts";

const report = (
  changes: Partial<RunManifest> = {},
  liveness: "none" | "alive" | "stale" | "dead" | "unknown" = "none",
) => runReport({ manifest: sampleManifest(changes), heartbeat: null, liveness }, plainView);

test("a reviewer finds the verdict, the task, each gate with its evidence, the change, the tests, the answers and the cost", () => {
  const text = report();
  for (const line of [
    "PASSED  t1 – Add the node: prefix",
    "  scope     src/**, not src/vendor/**",
    "  base      /home/ann/service at bbbbbbbbbbbb (main)",
    "            the working copy held uncommitted changes, which this run does not see",
    "  ✗ test    refuse  tester.1    version 1  evidence eeeeeeeeeeee",
    "      test/a.test.js:7: adds wrongly [test/failed]",
    "  ✓ review  pass    reviewer.1  version 1  evidence eeeeeeeeeeee",
    "  2 files, +1,200 −3",
    "  M  +1,200  −3  src/größe.js",
    "  A  binary      logo.png",
    "  ✓ test 12 passed, 1 skipped (1.5 s)",
    "      npm run test: exit code 0, and 12 tests ran",
    "      skipped: sums › big ones",
    "  ✗ lint is required and was not run",
    "      approved by ann (person, local_user) at 2026-01-02 03:04:05Z",
    '      "looks good"',
    "  cost      1 min 01 s, 12 model turns, 12,345 tokens in, 678 out, $0.0321",
    "  builder.1  finished  1.5 s  2 turns  3 tool calls",
    "  enforced      network NOT blocked, writes NOT confined, environment filtered",
    "  lock file     package-lock.json (sha256 111111111111)",
    "  change.patch  2.0 KiB  sha256 333333333333  text/x-diff",
    "  errors/01-run-check.json",
    "  epoch 2 at 2026-01-02 03:04:05Z by ann: approve by ann",
    "  codex-orchestrator runs apply 20260102t030405678z-abcdef012345  brings the commit into your repository",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
});

test("a reviewer is told which tests failed before, and that a gate let them pass for it", () => {
  const { tests, gates } = sampleManifest();
  if (tests === null) throw new Error("the sample has no tests");
  const old = { kind: "fail_to_fail", suite: "sums", name: "old", base: ["failed"], head: "failed" } as const;
  const counts = {
    ...{ pass_to_fail: 0, removed: 0, skipped_now: 0, new: 0, fail_to_fail: 1, fail_to_pass: 0 },
    ...{ still_skipped: 0, pass_to_pass: 11, flaky: 0 },
  };
  const base = [{ status: "exited", exit_code: 1, report: "junit", counts: {}, reason: "1 of 12 failed" } as const];
  const comparison = {
    base_tree: tests.tree,
    base,
    counts,
    cases: [{ ...old, base: [...old.base] }],
    worse_left_out: 0,
  };
  const [first] = gates;
  if (first === undefined) throw new Error("the sample has no gates");
  const verdict = {
    gate: "test",
    version: "3",
    evidence_sha256: "e".repeat(64),
    decision: "pass",
    notes: ["a note"],
  } as const;
  const text = report({
    tests: { ...tests, comparison },
    gates: [{ ...first, verdict: { ...verdict, notes: ["a note"] } }],
  });
  expect(text).toContain(
    "  beside the base, whose tests were run once:\n      1 test failed before and still fails: sums > old\n",
  );
  expect(text).toContain("\n      a note\n");
});

test("an open question comes first, with the commands that answer it", () => {
  const text = report({
    status: "blocked",
    finished_at: null,
    questions: [{ question: finishQuestion, answer: null }],
  });
  expect(text.indexOf("Answer with")).toBeLessThan(text.indexOf("\nTask\n"));
  expect(text).toContain("codex-orchestrator approve 20260102t030405678z-abcdef012345");
  expect(text).toContain('reject 20260102t030405678z-abcdef012345 --question q1 --message "…"');
});

test.each([
  ["stale", "no sign of life for too long; take it over with: codex-orchestrator resume"],
  ["dead", "its process is gone; take it over with: codex-orchestrator resume"],
  ["unknown", "it cannot be told from here"],
  ["none", "nobody works on this run; go on with: codex-orchestrator resume"],
  ["alive", "somebody works on it"],
] as const)("a running run whose holder is %s says so", (liveness, words) => {
  const text = report({ status: "running", finished_at: null }, liveness).replaceAll(/\n +/g, " ");
  expect(text).toContain(words);
});

test("a run of which nothing is known yet has no empty sections", () => {
  const text = report({
    status: "running",
    finished_at: null,
    gates: [],
    steps: [],
    questions: [],
    workspace: null,
    change: null,
    tests: null,
    artifacts: [],
    error_files: [],
    resume_events: [],
  });
  expect(text).not.toMatch(/^(?:Gates|Steps|Questions and answers|Workspace|Artifacts|Errors|Taken over)$/m);
  expect(text).toContain("Tests\n  none were run");
  expect(text).toContain("Change\n  none");
});

test("long lists are cut, and say by how much", () => {
  const many = Array.from({ length: 60 }, () => finding);
  const [first] = sampleManifest().gates;
  if (first === undefined) throw new Error("the sample has gates");
  const verdict = { ...first.verdict, decision: "refuse" as const, findings: many };
  expect(report({ gates: [{ ...first, verdict }] })).toContain("and 10 more findings");
});

test("long text is wrapped to the width, and colours change no column", () => {
  const goal = "word ".repeat(80).trim();
  const manifest = sampleManifest({ task: { ...sampleManifest().task, goal } });
  const parts = { manifest, heartbeat: null, liveness: "none" as const };
  const narrow = runReport(parts, { ...plainView, width: 60 });
  const coloured = runReport(parts, { ...plainView, width: 60, paint: createPaint(true) });
  const goalLines = narrow.split("\n").filter((line) => line.includes("word word"));
  expect(goalLines.length).toBeGreaterThan(5);
  for (const line of goalLines) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  expect(coloured).not.toBe(narrow);
  expect(coloured.split("\n").map(displayWidth)).toEqual(narrow.split("\n").map(displayWidth));
});

test("nothing in a manifest can command the terminal", () => {
  const poison = "\u001b[2J\u0007\u009b\u202e";
  const dirty: unknown = JSON.parse(
    JSON.stringify(sampleManifest())
      .replaceAll("src/größe.js", JSON.stringify(poison).slice(1, -1))
      .replaceAll("ann", JSON.stringify(poison).slice(1, -1)),
  );
  const manifest = { ...sampleManifest(), ...(typeof dirty === "object" ? dirty : {}) };
  const text = runReport({ manifest, heartbeat: null, liveness: "none" }, plainView);
  expect(text).toContain("\\x1b[2J");
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
});
