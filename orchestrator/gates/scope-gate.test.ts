import { expect, test } from "vitest";
import type { ChangedPath } from "../schema/change-set.ts";
import type { Decision } from "../schema/verdict.ts";
import { defaultPolicy } from "./default-policy.ts";
import { type ScopeEvidence, scopeGate } from "./scope-gate.ts";

const rulesOf = (decision: Decision) =>
  decision.decision === "refuse" ? decision.findings.map((finding) => finding.rule) : decision.decision;

const changed = (path: string, more: Partial<ChangedPath> = {}): ChangedPath => ({
  path,
  kind: "modified",
  mode: "100644",
  insertions: 1,
  deletions: 0,
  ...more,
});

const evidence = (paths: readonly ChangedPath[], planPaths: readonly string[] = ["src/**"]): ScopeEvidence => ({
  changed: [...paths],
  scopes: [{ include: ["src/**", "app/**"], exclude: ["src/vendor/**"] }],
  protected_paths: [...defaultPolicy().protected_paths, "src/locked.ts"],
  plan_paths: [...planPaths],
});

test.each<[string, ScopeEvidence]>([
  ["changes files of the plan", evidence([changed("src/a.ts"), changed("src/b.ts", { kind: "added" })])],
  ["deletes a file of the plan", evidence([changed("src/a.ts", { kind: "deleted" })])],
  ["makes a script executable", evidence([changed("src/run.sh", { mode: "100755" })])],
  ["takes a symbolic link away", evidence([changed("src/link", { kind: "deleted", mode: "120000" })])],
  ["names a file in the other Unicode form", evidence([changed("src/cafe\u0301.ts")], ["src/caf\u00e9.ts"])],
  ["touches a name that only begins like an excluded one", evidence([changed("src/vendored.ts")])],
  [
    "touches a path with brackets that the plan spells",
    evidence([changed("app/[id]/page.tsx")], ["app/[id]/page.tsx"]),
  ],
])("a change that %s passes", (_, given) => {
  expect(scopeGate.decide(given)).toEqual({ decision: "pass" });
});

test.each<[string, ScopeEvidence, string[]]>([
  ["changes nothing", evidence([]), ["scope/empty"]],
  ["leaves the scope", evidence([changed("lib/a.ts")], ["**"]), ["scope/outside"]],
  [
    "moves a file out of the scope",
    evidence([changed("src/a.ts", { kind: "deleted" }), changed("lib/a.ts", { kind: "added" })], ["**"]),
    ["scope/outside"],
  ],
  [
    "moves a file into the scope",
    evidence([changed("lib/a.ts", { kind: "deleted" }), changed("src/a.ts", { kind: "added" })], ["**"]),
    ["scope/outside"],
  ],
  ["touches an excluded file", evidence([changed("src/vendor/a.js")]), ["scope/outside"]],
  ["touches an excluded file in another case", evidence([changed("src/Vendor/a.js")]), ["scope/outside"]],
  ["spells the scope in another case", evidence([changed("SRC/a.ts")], ["**"]), ["scope/outside"]],
  ["leaves the plan", evidence([changed("src/b.ts")], ["src/a.ts"]), ["scope/unplanned"]],
  ["has no plan at all", evidence([changed("src/b.ts")], []), ["scope/unplanned"]],
  ["touches a protected file", evidence([changed("src/locked.ts")]), ["scope/protected"]],
  [
    "adds a protected file in another case",
    evidence([changed("src/LOCKED.ts", { kind: "added" })]),
    ["scope/protected"],
  ],
  ["deletes a protected file", evidence([changed("src/locked.ts", { kind: "deleted" })]), ["scope/protected"]],
  ["plants a git folder", evidence([changed("src/.git/hooks/pre-commit")]), ["scope/protected"]],
  [
    "plants a git folder with an invisible character",
    evidence([changed("src/.g\u200dit/config")]),
    ["scope/protected"],
  ],
  ["adds a symbolic link", evidence([changed("src/link", { kind: "added", mode: "120000" })]), ["scope/special-file"]],
  [
    "turns a file into a symbolic link",
    evidence([changed("src/a.ts", { kind: "type_changed", mode: "120000" })]),
    ["scope/special-file"],
  ],
  ["points a symbolic link elsewhere", evidence([changed("src/link", { mode: "120000" })]), ["scope/special-file"]],
  ["adds a submodule", evidence([changed("src/module", { kind: "added", mode: "160000" })]), ["scope/special-file"]],
  ["climbs out", evidence([changed("src/../lib/a.ts")]), ["scope/unsafe"]],
  [
    "does one wrong thing among right ones",
    evidence([changed("src/a.ts"), changed("README.md"), changed("src/b.ts")], ["**"]),
    ["scope/outside"],
  ],
])("a change that %s is refused", (_, given, rules) => {
  expect(rulesOf(scopeGate.decide(given))).toEqual(rules);
});

test("a finding names the path and what is wrong with it", () => {
  expect(scopeGate.decide(evidence([changed("lib/a.ts")], ["**"]))).toEqual({
    decision: "refuse",
    findings: [
      {
        rule: "scope/outside",
        path: "lib/a.ts",
        message: "lib/a.ts is outside the scope src/**, app/** without src/vendor/**",
      },
    ],
  });
});
