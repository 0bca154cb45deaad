import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlanItem } from "../schema/plan.ts";
import type { CheckResult, TestComparison } from "../schema/test-report.ts";
import type { CheckedGate } from "./checked-gate.ts";
import { defaultPolicy } from "./default-policy.ts";
import { type PlanEvidence, planGate } from "./plan-gate.ts";
import { type ReviewEvidence, reviewGate } from "./review-gate.ts";
import { type ScopeEvidence, scopeGate } from "./scope-gate.ts";
import { type SecretsEvidence, secretsGate } from "./secrets-gate.ts";
import { type SpecEvidence, specGate } from "./spec-gate.ts";
import { defaultSpecPolicy } from "./spec-policy.ts";
import type { SpecRecord } from "./spec-record.ts";
import { type TestEvidence, testGate } from "./test-gate.ts";

/** One gate, evidence of every kind for it, facts that alone must refuse, and the lists whose order must not matter. */
interface Laws<Evidence> {
  readonly gate: CheckedGate<Evidence>;
  readonly evidence: fc.Arbitrary<Evidence>;
  readonly faults: readonly ((evidence: Evidence) => Evidence)[];
  readonly reverse: (evidence: Evidence) => Evidence;
}

function checkLaws<Evidence>({ gate, evidence, faults, reverse }: Laws<Evidence>): void {
  const said = { pass: 0, refuse: 0, ask: 0 };
  const fault = fc.constantFrom(...faults);
  fc.assert(
    fc.property(evidence, fault, (given, worsen) => {
      const before = gate.decide(gate.evidence.parse(given)).decision;
      said[before]++;
      expect(gate.decide(gate.evidence.parse(worsen(given))).decision).toBe("refuse");
      expect(gate.decide(gate.evidence.parse(reverse(given))).decision).toBe(before);
    }),
    { numRuns: 300, seed: 1 },
  );
  // Laws over evidence of one outcome only would say little.
  expect(said.pass).toBeGreaterThan(5);
  expect(said.refuse).toBeGreaterThan(5);
}

const reversed = <Item>(items: readonly Item[]): Item[] => [...items].reverse();
const few = { minLength: 1, maxLength: 3 };
const tree = "a".repeat(40);
const otherTree = "b".repeat(40);
const scopes = [{ include: ["src/**"], exclude: [] }];
const { protected_paths } = defaultPolicy();
const path = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("src/a", "src/b", "src/c") },
  fc.constantFrom("lib/a", ".git/x"),
);

test("the scope gate is monotone, and order does not matter", () => {
  const kind = fc.constantFrom("added", "modified", "deleted");
  const mode = fc.oneof({ weight: 9, arbitrary: fc.constant("100644") }, fc.constant("120000"));
  const changed = (p: string, m = "100644") =>
    ({ path: p, kind: "added", mode: m, insertions: 1, deletions: 0 }) as const;
  const add = (one: ReturnType<typeof changed>) => (given: ScopeEvidence) => ({
    ...given,
    changed: [...given.changed, one],
  });
  checkLaws<ScopeEvidence>({
    gate: scopeGate,
    evidence: fc.record({
      changed: fc.array(fc.record({ path, kind, mode, insertions: fc.constant(null), deletions: fc.constant(0) }), {
        maxLength: 3,
      }),
      scopes: fc.constant(scopes),
      protected_paths: fc.constant(protected_paths),
      plan_paths: fc.constantFrom(["src/**"], ["src/a", "src/b"], ["**", "src/a"]),
    }),
    faults: [
      add(changed("lib/new")),
      add(changed("src/.git/x")),
      add(changed("src/link", "120000")),
      (given) => ({ ...given, changed: [] }),
      (given) => ({ ...given, plan_paths: [] }),
      (given) => ({ ...given, scopes: [...given.scopes, { include: ["nowhere"], exclude: [] }] }),
    ],
    reverse: (given) => ({ ...given, changed: reversed(given.changed), plan_paths: reversed(given.plan_paths) }),
  });
});

test("the plan gate is monotone, and order does not matter", () => {
  const id = fc.constantFrom("one", "two", "three");
  const make = (name: string, more: Partial<PlanItem> = {}): PlanItem => ({
    id: name,
    description: "do it",
    criteria: ["a"],
    paths: ["src/**"],
    pattern: null,
    depends_on: [],
    ...more,
  });
  const item = fc.record({ id, paths: fc.array(path, few), depends_on: fc.array(id, { maxLength: 1 }) });
  const add =
    (...items: PlanItem[]) =>
    (given: PlanEvidence) => ({
      ...given,
      plan: { ...given.plan, items: [...given.plan.items, ...items] },
    });
  checkLaws<PlanEvidence>({
    gate: planGate,
    evidence: fc.uniqueArray(item, { ...few, selector: (one) => one.id }).map((items) => ({
      plan: { summary: "plan", items: items.map((one) => make(one.id, one)) },
      criteria: ["a"],
      scopes,
      protected_paths,
      patterns: [],
    })),
    faults: [
      add(make("new", { paths: ["lib/a"] })),
      add(make("new", { criteria: ["b"] })),
      add(make("new", { pattern: "magic" })),
      add(make("new", { depends_on: ["nothing"] })),
      add(make("x", { depends_on: ["y"] }), make("y", { depends_on: ["x"] })),
      add(make("same"), make("same")),
      (given) => ({ ...given, criteria: [...given.criteria, "unserved"] }),
    ],
    reverse: (given) => ({ ...given, plan: { ...given.plan, items: reversed(given.plan.items) } }),
  });
});

test("the secrets gate is monotone, and order does not matter", () => {
  const files = fc.uniqueArray(
    fc.record({
      path: fc.constantFrom("a", "b", "c"),
      unscanned: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.constant("large")),
      added: fc.array(fc.constant({ rule: "aws", line: 1 }), { maxLength: 1 }),
    }),
    { maxLength: 3, selector: (file) => file.path },
  );
  checkLaws<SecretsEvidence>({
    gate: secretsGate,
    evidence: fc.record({ expected: fc.subarray(["a", "b", "c"]), files }),
    faults: [
      (given) => ({ ...given, expected: [...given.expected, "forgotten"] }),
      (given) => ({ ...given, files: [...given.files, { path: "z", unscanned: "large", added: [] }] }),
      (given) => ({
        ...given,
        files: [...given.files, { path: "z", unscanned: null, added: [{ rule: "aws", line: 2 }] }],
      }),
    ],
    reverse: ({ expected, files: scanned }) => ({ expected: reversed(expected), files: reversed(scanned) }),
  });
});

test("the test gate is monotone, and order does not matter", () => {
  const make = (more: Partial<CheckResult> = {}): CheckResult => ({
    goal: "test",
    command: ["npm", "test"],
    status: "exited",
    exit_code: 0,
    duration_ms: 1,
    verdict: "passed",
    reason: "because",
    report: "junit",
    counts: { passed: 1 },
    not_passed: [],
    output_tail: "",
    ...more,
  });
  const check = fc
    .record({
      goal: fc.constantFrom("build", "lint", "test"),
      verdict: fc.oneof({ weight: 5, arbitrary: fc.constant("passed" as const) }, fc.constant("failed" as const)),
      exit_code: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.constant(1)),
    })
    .map(make);
  const report = fc.record({
    tree: fc.oneof({ weight: 5, arbitrary: fc.constant(tree) }, fc.constant(otherTree)),
    required: fc.subarray(["build", "test"] as const).map((goals) => [...goals]),
    checks: fc.array(check, { maxLength: 3 }),
    comparison: fc.constant<TestComparison>({
      base_tree: otherTree,
      base: [{ status: "exited" as const, exit_code: 0, report: "junit", counts: {}, reason: "because" }],
      counts: {
        ...{ pass_to_fail: 0, removed: 0, skipped_now: 0, new: 0, fail_to_fail: 0, fail_to_pass: 0 },
        ...{ still_skipped: 0, pass_to_pass: 1, flaky: 0 },
      },
      cases: [],
      worse_left_out: 0,
    }),
  });
  const lost = { suite: "s", name: "n", base: ["passed" as const], head: null, kind: "removed" as const };
  const change =
    (alter: (given: NonNullable<TestEvidence["report"]>) => TestEvidence["report"]) => (given: TestEvidence) => ({
      ...given,
      report: given.report === null ? null : alter(given.report),
    });
  checkLaws<TestEvidence>({
    gate: testGate,
    evidence: fc.record({
      report: fc.option(report, { freq: 20 }),
      tree: fc.constant(tree),
      check_paths: fc.subarray(["package.json", "a.test.js"], { maxLength: 1 }),
      plan_paths: fc.constantFrom(["**"], ["src/**", "package.json"]),
    }),
    faults: [
      (given) => ({ ...given, check_paths: [...given.check_paths, "jest.config.js"] }),
      (given) => ({ ...given, report: null }),
      (given) => ({ ...given, tree: "c".repeat(40) }),
      change((given) => ({ ...given, checks: [...given.checks, make({ verdict: "failed" })] })),
      change((given) => ({ ...given, checks: [...given.checks, make({ counts: {} })] })),
      change((given) => ({ ...given, required: ["test"], checks: [make()], comparison: null })),
      change((given) => ({
        ...given,
        ...{ required: ["test"], checks: [make()] },
        comparison: given.comparison == null ? null : { ...given.comparison, cases: [lost] },
      })),
      change((given) => ({ ...given, checks: given.checks.filter((one) => one.goal !== "test") })),
      change((given) => ({ ...given, required: given.required.filter((goal) => goal !== "test") })),
    ],
    reverse: change((given) => ({ ...given, required: reversed(given.required), checks: reversed(given.checks) })),
  });
});

test("the review gate is monotone, and order does not matter", () => {
  const worker = (role: "reviewer" | "builder", step_id: string) => ({ role, agent: role, step_id });
  checkLaws<ReviewEvidence>({
    gate: reviewGate,
    evidence: fc.record({
      review: fc.record({
        decision: fc.constantFrom("approve", "approve", "request_changes"),
        summary: fc.constant("so"),
        criteria_met: fc.constantFrom(["a", "b"], ["b", "a"], ["a"]),
        findings: fc.constant([]),
      }),
      reviewer: fc.constantFrom(worker("reviewer", "2"), worker("reviewer", "2"), worker("builder", "2")),
      builder: fc.constant(worker("builder", "1")),
      reviewed_tree: fc.constant(tree),
      tree: fc.constant(tree),
      criteria: fc.constant(["a", "b"]),
      unseen_paths: fc.constantFrom([], [], [], ["x", "y"]),
    }),
    faults: [
      (given) => ({ ...given, review: { ...given.review, decision: "request_changes" } }),
      (given) => ({ ...given, review: { ...given.review, criteria_met: [...given.review.criteria_met, "z"] } }),
      (given) => ({ ...given, criteria: [...given.criteria, "c"] }),
      (given) => ({ ...given, reviewed_tree: otherTree }),
      (given) => ({ ...given, unseen_paths: [...given.unseen_paths, "z"] }),
      (given) => ({ ...given, reviewer: given.builder }),
    ],
    reverse: (given) => ({
      ...given,
      criteria: reversed(given.criteria),
      unseen_paths: reversed(given.unseen_paths),
      review: { ...given.review, criteria_met: reversed(given.review.criteria_met) },
    }),
  });
});

test("the spec gate is monotone, and the order of files and specs does not matter", () => {
  const sha = "1".repeat(64);
  const make = (id: string, covers: string[], last_review: string): SpecRecord => ({
    readable: true,
    path: `tasks/specs/${id}.md`,
    spec_sha256: sha,
    front_matter: {
      id,
      title: id,
      relates_to: "tasks/x.md",
      risk: "low",
      owners: ["team"],
      status: "approved",
      last_review,
      covers,
      approvals: [{ role: "engineering", who: "ana", date: "2024-02-20", spec_sha256: sha }],
    },
  });
  const record = fc
    .tuple(
      fc.constantFrom("s1", "s2", "s3"),
      fc.subarray(["src/a", "src/b", "src/c"], { minLength: 1 }),
      fc.constantFrom("2024-02-20", "2020-01-01"),
    )
    .map(([id, covers, day]) => make(id, covers, day));
  checkLaws<SpecEvidence>({
    gate: specGate,
    evidence: fc.record({
      policy: fc.constant({ ...defaultSpecPolicy(), controlled: [{ paths: ["src/**"], specs: "any" as const }] }),
      today: fc.constant("2024-03-01"),
      linked: fc.subarray(["tasks/specs/s1.md"]),
      paths: fc.uniqueArray(fc.constantFrom("src/a", "src/b", "README.md"), { maxLength: 2 }),
      specs: fc.uniqueArray(record, { maxLength: 3, selector: (spec) => spec.path }),
    }),
    faults: [
      (given) => ({ ...given, linked: [...given.linked, "tasks/specs/none.md"] }),
      (given) => ({ ...given, paths: [...given.paths, "src/uncovered"] }),
      (given) => ({
        ...given,
        paths: [...given.paths, "src/a"],
        specs: given.specs.map((spec) => ({ ...spec, spec_sha256: "2".repeat(64) })),
      }),
      (given) => ({ ...given, paths: [...given.paths, "src/a"], specs: [] }),
      (given) => ({ ...given, paths: [...given.paths, "src/a"], today: "2025-03-01" }),
      (given) => ({ ...given, paths: [...given.paths, "src/a"], specs: [...given.specs, ...given.specs] }),
    ],
    reverse: (given) => ({
      ...given,
      paths: reversed(given.paths),
      specs: reversed(given.specs),
      linked: reversed(given.linked),
    }),
  });
});
