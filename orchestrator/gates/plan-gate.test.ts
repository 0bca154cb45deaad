import { expect, test } from "vitest";
import type { PlanItem } from "../schema/plan.ts";
import type { Decision } from "../schema/verdict.ts";
import { defaultPolicy } from "./default-policy.ts";
import { type PlanEvidence, planGate } from "./plan-gate.ts";

const item = (id: string, more: Partial<PlanItem> = {}): PlanItem => ({
  id,
  description: `do ${id}`,
  criteria: ["works"],
  paths: ["src/**"],
  pattern: null,
  depends_on: [],
  ...more,
});

const evidence = (items: readonly PlanItem[], criteria: readonly string[] = ["works"]): PlanEvidence => ({
  plan: { summary: "a plan", items: [...items] },
  criteria: [...criteria],
  scopes: [
    { include: ["**"], exclude: [] },
    { include: ["src/**", "docs/*.md"], exclude: ["src/gen/**"] },
  ],
  protected_paths: defaultPolicy().protected_paths,
  patterns: ["node-protocol"],
});

const findingsOf = (decision: Decision) =>
  decision.decision === "refuse" ? decision.findings.map(({ rule, message }) => `${rule}: ${message}`) : [];

test.each<[string, PlanEvidence]>([
  ["with one item that serves the only criterion", evidence([item("one")])],
  [
    "whose items share the criteria",
    evidence([item("one", { criteria: ["a"] }), item("two", { criteria: ["b"] })], ["a", "b"]),
  ],
  ["with an item that prepares and serves no criterion", evidence([item("prepare", { criteria: [] }), item("one")])],
  [
    "with a diamond of dependencies",
    evidence([
      item("d", { depends_on: ["b", "c"] }),
      item("b", { depends_on: ["a"] }),
      item("c", { depends_on: ["a"] }),
      item("a"),
    ]),
  ],
  ["that uses a pattern of the library", evidence([item("one", { pattern: "node-protocol" })])],
  ["that names single files", evidence([item("one", { paths: ["src/a.ts", "src/[id].ts", "docs/read.md"] })])],
])("a plan %s passes", (_, given) => {
  expect(planGate.decide(given)).toEqual({ decision: "pass" });
});

test.each<[string, PlanEvidence, string]>([
  [
    "that leaves a criterion out",
    evidence([item("one")], ["works", "fast"]),
    'criterion-unserved: no item serves the acceptance criterion "fast"',
  ],
  [
    "that invents a criterion",
    evidence([item("one", { criteria: ["works", "pretty"] })]),
    'unknown-criterion: item "one" serves "pretty", which is no acceptance criterion; there are works',
  ],
  [
    "with two items of one id",
    evidence([item("one"), item("one")]),
    'repeated-id: more than one item has the id "one"',
  ],
  [
    "that invents a pattern",
    evidence([item("one", { pattern: "magic" })]),
    'unknown-pattern: item "one" uses the unknown pattern "magic"',
  ],
  [
    "that depends on nothing known",
    evidence([item("one", { depends_on: ["zero"] })]),
    'unknown-dependency: item "one" depends on "zero", which is no item',
  ],
  [
    "with an item that waits for itself",
    evidence([item("one", { depends_on: ["one"] })]),
    "cycle: items wait for each other: one → one",
  ],
  [
    "with a circle behind a chain",
    evidence([
      item("start", { depends_on: ["a"] }),
      item("a", { depends_on: ["b"] }),
      item("b", { depends_on: ["c"] }),
      item("c", { depends_on: ["a"] }),
    ]),
    "cycle: items wait for each other: a → b → c → a",
  ],
  [
    "that works outside one of the scopes",
    evidence([item("one", { paths: ["lib/a.ts"] })]),
    'outside-path: item "one": lib/a.ts is outside the scope src/**, docs/*.md without src/gen/**',
  ],
  [
    "that reaches over the scope",
    evidence([item("one", { paths: ["**"] })]),
    'outside-path: item "one": ** is not provably inside the scope',
  ],
  ["that works in an excluded folder", evidence([item("one", { paths: ["src/gen/*.ts"] })]), "outside-path"],
  ["that works on the guard's own file", evidence([item("one", { paths: ["spec-guard.yaml"] })]), "protected-path"],
  [
    "with a glob that cannot be read",
    evidence([item("one", { paths: ["src/@(a|b)"] })]),
    'unsafe-path: item "one": the glob "src/@(a|b)" has the group',
  ],
  [
    "with one bad path among good ones",
    evidence([item("one"), item("two", { paths: ["src/a.ts", "../x"] })]),
    "unsafe-path",
  ],
])("a plan %s is refused", (_, given, expected) => {
  expect(findingsOf(planGate.decide(given)).join("\n")).toContain(`plan/${expected}`);
});
